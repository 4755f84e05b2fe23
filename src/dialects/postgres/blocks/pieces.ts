import type { Span } from '../../../core/span.ts'
import type { Token } from '../../../sql/lexer.ts'
import { spanOf, Tokens, Unfollowed } from './tokens.ts'

/** What a body runs, in the order of the text. Spans are offsets into the body. */
export interface Piece {
  /** `sql`: a statement; `expression`: what a variable or a condition is; `execute`: what EXECUTE is given; `control`: COMMIT, ROLLBACK. */
  readonly kind: 'sql' | 'expression' | 'execute' | 'control'
  readonly span: Span
  readonly tokens: readonly Token[]
  /** It stands in a branch, a loop, a handler or behind a way out: it runs, or does not, or is undone. */
  readonly mayRun: boolean
}

/** The pieces of a PL/pgSQL body; undefined where it cannot be followed (PostgreSQL documentation, "PL/pgSQL"). */
export function piecesOf(body: string): readonly Piece[] | undefined {
  const tokens = new Tokens(body)
  try {
    const pieces = new Follower(tokens).whole()
    return tokens.done ? pieces : undefined
  } catch (error) {
    if (error instanceof Unfollowed) return undefined
    throw error
  }
}

/** Statements inside statements that are followed: each takes four places on the stack, which has some ten thousand. */
const maxDepth = 1000

/** Follows the structure of a body; what stands between is taken whole. */
class Follower {
  private readonly tokens: Tokens
  private readonly pieces: Piece[] = []
  /** How many branches, loops and handlers are open. */
  private open = 0
  /** How many statements the present one stands in. */
  private depth = 0
  /** A RETURN, EXIT or CONTINUE was met: what follows may not be reached. */
  private left = false

  constructor(tokens: Tokens) {
    this.tokens = tokens
  }

  whole(): readonly Piece[] {
    this.labels()
    this.block()
    this.tokens.skipIf(';')
    return this.pieces
  }

  private labels(): void {
    while (this.tokens.peek() === '<' && this.tokens.peek(1) === '<') {
      this.tokens.expect('<', '<')
      this.tokens.take()
      this.tokens.expect('>', '>')
    }
  }

  private block(): void {
    const { tokens } = this
    if (tokens.skipIf('declare')) while (tokens.peek() !== 'begin') this.declaration()
    tokens.expect('begin')
    const from = this.pieces.length
    this.statements('end', 'exception')
    if (tokens.skipIf('exception')) {
      // Whatever the block did is taken back when a handler runs.
      for (let index = from; index < this.pieces.length; index += 1) this.doubt(index)
      while (tokens.skipIf('when')) {
        tokens.until('then')
        tokens.expect('then')
        this.branch('when', 'end')
      }
    }
    tokens.expect('end')
    if (tokens.peek() !== ';' && !tokens.done) tokens.take()
  }

  private doubt(index: number): void {
    const piece = this.pieces[index]
    if (piece !== undefined) this.pieces[index] = { ...piece, mayRun: true }
  }

  private declaration(): void {
    const taken = this.tokens.until(';')
    this.tokens.take()
    const { text } = this.tokens
    const assigned = taken.findIndex(
      ({ kind, start, end }) =>
        (kind === 'symbol' && text.charAt(start) === '=') ||
        (kind === 'word' && text.slice(start, end).toLowerCase() === 'default'),
    )
    if (assigned !== -1) this.add('expression', taken.slice(assigned + 1))
  }

  private statements(...ends: readonly string[]): void {
    while (!ends.includes(this.tokens.peek())) this.statement()
  }

  /** Statements that run, or do not; then one of `ends`, which is not taken. */
  private branch(...ends: readonly string[]): void {
    this.open += 1
    this.statements(...ends)
    this.open -= 1
  }

  private statement(): void {
    this.depth += 1
    if (this.depth > maxDepth) throw new Unfollowed()
    this.labels()
    const { tokens } = this
    switch (tokens.peek()) {
      case 'declare':
      case 'begin':
        this.block()
        break
      case 'if':
        this.choice()
        break
      case 'case':
        this.cases()
        break
      case 'loop':
      case 'while':
      case 'for':
      case 'foreach':
        this.loop()
        break
      default:
        this.simple(tokens.peek())
    }
    tokens.expect(';')
    this.depth -= 1
  }

  private choice(): void {
    const { tokens } = this
    do {
      tokens.take()
      this.add('expression', tokens.until('then'))
      tokens.expect('then')
      this.branch('elsif', 'elseif', 'else', 'end')
    } while (tokens.peek() === 'elsif' || tokens.peek() === 'elseif')
    if (tokens.skipIf('else')) this.branch('end')
    tokens.expect('end', 'if')
  }

  private cases(): void {
    const { tokens } = this
    tokens.take()
    this.add('expression', tokens.until('when'))
    while (tokens.skipIf('when')) {
      const values = tokens.until('then')
      // `WHEN 1, 2` is a list of values.
      this.add('expression', values)
      tokens.expect('then')
      this.branch('when', 'else', 'end')
    }
    if (tokens.skipIf('else')) this.branch('end')
    tokens.expect('end', 'case')
  }

  private loop(): void {
    const { tokens } = this
    const word = tokens.peek()
    if (word === 'while') {
      tokens.take()
      this.add('expression', tokens.until('loop'))
    }
    if (word === 'for') this.rows()
    if (word === 'foreach') tokens.until('loop')
    tokens.expect('loop')
    this.branch('end')
    tokens.expect('end', 'loop')
    if (tokens.peek() !== ';') tokens.take()
  }

  /** `FOR row IN query`, `IN EXECUTE text`, `IN 1 .. 10`, `IN cursor`. */
  private rows(): void {
    const { tokens } = this
    tokens.until('in')
    tokens.expect('in')
    if (tokens.skipIf('execute')) {
      this.add('execute', tokens.until('loop'))
      return
    }
    const taken = tokens.until('loop')
    const isRange = taken.some(({ kind, start }) => kind === 'symbol' && tokens.text.startsWith('..', start))
    const [first] = taken
    const opening = first === undefined ? '' : tokens.text.slice(first.start, first.end).toLowerCase()
    if (!isRange && (queries.has(opening) || opening === '(')) this.add('sql', taken)
  }

  private simple(word: string): void {
    const { tokens } = this
    if (leaving.has(word)) this.left = this.open > 0 || word === 'return' || this.left
    if (silent.has(word)) {
      tokens.until(';')
      return
    }
    if (word === 'execute' || word === 'commit' || word === 'rollback') {
      const first = tokens.take()
      const rest = tokens.until(';')
      if (word === 'execute') this.add('execute', rest)
      else this.add('control', [first, ...rest])
      return
    }
    const taken = tokens.until(';')
    const assigned = word === 'perform' ? -1 : assignmentIn(tokens.text, taken)
    if (assigned === -1) this.add('sql', taken)
    else this.add('expression', taken.slice(assigned + 1))
  }

  private add(kind: Piece['kind'], tokens: readonly Token[]): void {
    const span = spanOf(tokens)
    if (span !== undefined) this.pieces.push({ kind, span, tokens, mayRun: this.open > 0 || this.left })
  }
}

const queries: ReadonlySet<string> = new Set([
  'select',
  'with',
  'values',
  'table',
  'insert',
  'update',
  'delete',
  'merge',
])
const leaving: ReadonlySet<string> = new Set(['return', 'exit', 'continue'])

/** Statements that touch no table themselves; a cursor reads one. */
const silent: ReadonlySet<string> = new Set([
  'null',
  'raise',
  'assert',
  'get',
  'return',
  'exit',
  'continue',
  'close',
  'fetch',
  'move',
])

/** Index of the `=` in `target := value` and `target.field[1] = value`; -1 for anything else. */
function assignmentIn(text: string, tokens: readonly Token[]): number {
  let depth = 0
  let parts = 0
  for (const [index, { kind, start }] of tokens.entries()) {
    const symbol = kind === 'symbol' ? text.charAt(start) : ''
    if (symbol === '[') depth += 1
    else if (symbol === ']') depth -= 1
    else if (depth > 0) continue
    else if (symbol === '=') return parts > 0 ? index : -1
    else if (symbol === '.' || symbol === ':') parts = symbol === '.' ? parts - 1 : parts
    else if (kind === 'word' || kind === 'identifier' || kind === 'parameter') {
      parts += 1
      if (parts > 1) return -1
    } else return -1
  }
  return -1
}
