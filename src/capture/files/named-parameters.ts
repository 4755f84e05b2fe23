import type { Span } from '../../core/span.ts'
import { lex, type Token } from '../../sql/lexer.ts'

/** A piece of a statement that a library replaces by a parameter before the server sees it. */
export interface NamedParameter extends Span {
  /** Undefined: each is a parameter of its own. */
  readonly name: string | undefined
  /** `sqlc.embed(t)` stands for columns. */
  readonly columnsOf?: string
}

/** What a statement holds of the ways in which libraries write parameters. */
export interface Written {
  readonly named: readonly NamedParameter[]
  /** `?`, which is also an operator of jsonb. */
  readonly marks: readonly NamedParameter[]
  /** Why it cannot be told what is meant. */
  readonly unclear: string | undefined
}

/** Finds `:name` (pgtyped and many others), `@name` (sqlc, Npgsql), `sqlc.arg(name)` and `?` outside strings and comments. */
export function writtenParameters(sql: string): Written {
  const tokens = lex(sql).filter(({ kind }) => kind !== 'comment')
  const named: NamedParameter[] = []
  const marks: NamedParameter[] = []
  let unclear: string | undefined
  let brackets = 0
  for (const [index, token] of tokens.entries()) {
    const text = sql.slice(token.start, token.end)
    if (text === '[') brackets += 1
    if (text === ']') brackets -= 1
    if (text === '?' && !/[?|&#<>@!-]/.test(sql.charAt(token.end))) marks.push({ ...token, name: undefined })
    const found =
      text === ':' ? colon(sql, tokens, index, brackets) : (at(sql, tokens, index) ?? sqlc(sql, tokens, index))
    if (typeof found === 'string') unclear ??= found
    else if (found !== undefined) named.push(found)
  }
  return { named, marks, unclear }
}

/** `:name`, and `:name!` of pgtyped; not the cast `::name` and not `:=`. */
function colon(
  sql: string,
  tokens: readonly Token[],
  index: number,
  brackets: number,
): NamedParameter | string | undefined {
  const start = tokens[index]?.start ?? 0
  const name = adjacent(tokens, index)
  if (name === undefined || sql.charAt(start - 1) === ':') return undefined
  if (name.kind === 'string' || name.kind === 'identifier') return 'a variable of psql in quotes'
  if (name.kind !== 'word') return undefined
  if (brackets > 0) return 'inside brackets a colon may be a parameter or the bounds of a slice'
  const end = sql.charAt(name.end) === '!' ? name.end + 1 : name.end
  return { start, end, name: sql.slice(name.start, name.end) }
}

/** `@name`; with a space between, or behind another character of an operator, it is an operator. */
function at(sql: string, tokens: readonly Token[], index: number): NamedParameter | undefined {
  const start = tokens[index]?.start ?? 0
  const name = adjacent(tokens, index)
  if (sql.charAt(start) !== '@' || name?.kind !== 'word' || /[-+*/<>~!@#%^&|`?]/.test(sql.charAt(start - 1)))
    return undefined
  return { start, end: name.end, name: sql.slice(name.start, name.end) }
}

/** `sqlc.arg(name)`, `sqlc.narg('name')`, `sqlc.slice(name)`, `sqlc.embed(table)`. */
function sqlc(sql: string, tokens: readonly Token[], index: number): NamedParameter | undefined {
  const word = (offset: number): string =>
    sql.slice(tokens[index + offset]?.start ?? 0, tokens[index + offset]?.end ?? 0)
  const isCall = word(0) === 'sqlc' && word(1) === '.' && word(3) === '(' && word(5) === ')'
  const start = tokens[index]?.start
  const end = tokens[index + 5]?.end
  if (!isCall || start === undefined || end === undefined) return undefined
  const name = word(4).replaceAll("'", '')
  if (word(2) === 'embed') return { start, end, name, columnsOf: name }
  return ['arg', 'narg', 'slice'].includes(word(2)) ? { start, end, name } : undefined
}

function adjacent(tokens: readonly Token[], index: number): Token | undefined {
  const next = tokens[index + 1]
  return next?.start === tokens[index]?.end ? next : undefined
}
