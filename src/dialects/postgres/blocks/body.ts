import type { Node } from 'libpg-query'
import type { Span } from '../../../core/span.ts'
import { nextToken } from '../../../sql/lexer.ts'
import { allOf, as } from '../grammar.ts'
import type { StatementText } from '../statement-text.ts'

/** The text of a string literal, and where it stands. */
export interface LiteralText {
  readonly text: string
  /** Where `text` begins, where it is written as it is; undefined where escapes lie between. */
  readonly from: number | undefined
  /** The literal with its quotes. */
  readonly literal: Span
}

/** The body of a DO block in PL/pgSQL; undefined for another language. Offsets are those of the text that was parsed. */
export function bodyOf(statement: Node, text: StatementText): LiteralText | undefined {
  const options = allOf(as(statement, 'DoStmt')?.args, 'DefElem')
  const textOf = (name: string): string | undefined => {
    const option = options.find(({ defname }) => defname === name)
    return option === undefined ? undefined : as(option.arg, 'String')?.sval
  }
  const body = options.find(({ defname }) => defname === 'as')
  if (body === undefined || (textOf('language') ?? 'plpgsql').toLowerCase() !== 'plpgsql') return undefined
  const at = text.at(body.location)
  const token = nextToken(text.sql, at, text.end)
  return token === undefined ? undefined : literalText(text.sql, token, textOf('as') ?? '')
}

/** `value` is what the grammar made of the literal; undefined: it is read from the text where it has no escapes. */
export function literalText(sql: string, { start, end }: Span, value?: string): LiteralText | undefined {
  const written = sql.slice(start, end)
  const open = /^(?:'|\$[^$]*\$)/.exec(written)?.[0]
  const inner = open === undefined ? undefined : written.slice(open.length, -open.length)
  const literal = { start, end }
  if (inner !== undefined && open !== undefined && (open !== "'" || !inner.includes("'")))
    return { text: inner, from: start + open.length, literal }
  if (value !== undefined) return { text: value, from: undefined, literal }
  return open === "'" && inner !== undefined
    ? { text: inner.replaceAll("''", "'"), from: undefined, literal }
    : undefined
}
