import { createHash } from 'node:crypto'
import type { Span } from '../../core/span.ts'
import { lineStarts } from '../../core/span.ts'
import type { HiddenSql, SourceFile } from '../../model/migration.ts'
import type {
  ProgramPosition,
  RecordedDirection,
  RecordedPiece,
  RecordedSection,
  RecordedStatement,
  Recording,
} from '../../model/recording.ts'
import type { SyntaxProblem } from '../../model/statement.ts'
import { lex } from '../../sql/lexer.ts'
import type { ScriptToken } from './javascript.ts'
import { scriptTokens } from './javascript.ts'
import { statementAt } from './statement-at.ts'

/** What a program sent, as a text of SQL in which every piece knows its place in the program. */
export function recordedFile(written: SourceFile, { up, down }: Recording): SourceFile {
  const draft = new Draft(written)
  for (const comment of draft.fileComments) draft.comment(comment)
  const upSection = draft.section(up)
  const downSection = typeof down === 'string' ? down : draft.section(down)
  const { text, pieces } = draft
  const sha256 = createHash('sha256').update(text).digest('hex')
  return { path: written.path, text, sha256, recorded: { written, pieces, up: upSection, down: downSection } }
}

class Draft {
  text = ''
  readonly pieces: RecordedPiece[] = []
  readonly fileComments: readonly Span[]
  readonly #written: SourceFile
  readonly #starts: readonly number[]
  readonly #code: readonly ScriptToken[]
  /** Comments for us that stand above a statement. One that was not reached silences nothing, and is no mistake. */
  readonly #comments: readonly Span[]

  constructor(written: SourceFile) {
    const tokens = scriptTokens(written.text)
    const comments = tokens.filter((token) => token.kind === 'comment' && isForUs(written.text, token))
    this.#written = written
    this.#starts = lineStarts(written.text)
    this.#code = tokens.filter(({ kind }) => kind !== 'comment')
    this.fileComments = comments.filter(({ start, end }) =>
      /migrate:allow-file\b/i.test(written.text.slice(start, end)),
    )
    this.#comments = comments.filter((comment) => !this.fileComments.includes(comment))
  }

  section({ statements, transaction, unseen }: RecordedDirection): RecordedSection {
    const start = this.text.length
    const hidden: HiddenSql[] = []
    const problems: SyntaxProblem[] = []
    for (const statement of statements) problems.push(...this.#statement(statement))
    if (unseen !== undefined) {
      const span = this.#piece('/* not seen */', this.#spanOf(unseen.at))
      hidden.push({ span, reason: unseen.reason })
    }
    return { span: { start, end: this.text.length }, transaction, hidden, problems }
  }

  comment(comment: Span): void {
    const words = this.#written.text.slice(comment.start, comment.end).replace(/^\/\/+\s*/, '')
    this.#piece(`-- ${words}`, comment)
  }

  /** Gives the problem of a text that does not end where it should: it would take in what comes after it. */
  #statement({ sql, parameters, at }: RecordedStatement): readonly SyntaxProblem[] {
    const span = this.#spanOf(at)
    for (const comment of this.#above(span)) this.comment(comment)
    const body = withLiterals(sql.trimEnd(), parameters)
    if (!isClosed(body)) {
      const broken = this.#piece('/* broken */', span)
      const message = 'a string, a quoted name or a comment is not closed'
      return [{ span: broken, statement: broken, message }]
    }
    const inside = this.#written.text.slice(span.start, span.end)
    const found = body === '' ? -1 : inside.indexOf(body)
    const isOnly = found !== -1 && inside.indexOf(body, found + 1) === -1
    this.#piece(body, span, isOnly ? span.start + found : undefined)
    if (!body.endsWith(';')) this.text += ';\n'
    return []
  }

  #piece(text: string, at: Span, verbatim?: number): Span {
    const span = { start: this.text.length, end: this.text.length + text.length }
    this.pieces.push({ span, at, ...(verbatim === undefined ? {} : { verbatim }) })
    this.text += `${text}\n`
    return span
  }

  /** Comments between this statement of the program and the one before it. */
  #above({ start }: Span): readonly Span[] {
    const before = this.#code.findLast(({ end }) => end <= start)?.end ?? 0
    return this.#comments.filter((comment) => comment.start >= before && comment.end <= start)
  }

  /** The statement of the program that a call is in; without a call the name of the function. */
  #spanOf(at: ProgramPosition | undefined): Span {
    const lineStart = at === undefined ? undefined : this.#starts[at.line - 1]
    if (at === undefined || lineStart === undefined) return this.#upName()
    return statementAt(this.#written.text, this.#code, lineStart + at.column - 1)
  }

  #upName(): Span {
    const found = this.#code.find(({ start, end }) => this.#written.text.slice(start, end) === 'up')
    return { start: found?.start ?? 0, end: found?.end ?? 0 }
  }
}

/** `// migrate:…`, first on its line. */
function isForUs(text: string, { start, end }: Span): boolean {
  if (!/^\/\/+\s*migrate:/i.test(text.slice(start, end))) return false
  return text.slice(text.lastIndexOf('\n', start - 1) + 1, start).trim() === ''
}

/** The statement with its parameters in it: that is what the server works with. */
function withLiterals(sql: string, parameters: readonly string[]): string {
  if (parameters.length === 0) return sql
  const pieces: string[] = []
  let at = 0
  for (const { kind, start, end } of lex(sql)) {
    const value = kind === 'parameter' ? parameters[Number(sql.slice(start + 1, end)) - 1] : undefined
    if (value === undefined) continue
    pieces.push(sql.slice(at, start), value)
    at = end
  }
  return pieces.join('') + sql.slice(at)
}

function isClosed(sql: string): boolean {
  return lex(`${sql}\n;`).at(-1)?.start === sql.length + 1
}
