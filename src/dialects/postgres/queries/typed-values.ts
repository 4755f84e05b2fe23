import type { Span } from '../../../core/span.ts'
import { lex } from '../../../sql/lexer.ts'
import type { Edit } from './edits.ts'

/**
 * `date '2026-01-01'` with a parameter in the place of the constant, which has to be `$1::date`: the grammar takes only
 * a string behind the name of a type. `type` is where the name starts; `value` the constant, or what has taken its place.
 */
export function asCast(sql: string, type: number, value: Span, parameter: string): Edit {
  const fields = intervalFields(sql, value.end)
  const name = [sql.slice(type, value.start).trim(), sql.slice(value.end, fields).trim()].filter((part) => part !== '')
  return { start: type, end: fields, text: `${parameter}::${name.join(' ')}` }
}

const fieldWords = /^(?:year|month|day|hour|minute|second|to)$/i

/** The end of what may stand behind the constant of an interval: `interval '1' day to second(3)`. */
function intervalFields(sql: string, from: number): number {
  const tokens = lex(sql, from).filter(({ kind }) => kind !== 'comment')
  const text = (index: number): string => sql.slice(tokens[index]?.start ?? 0, tokens[index]?.end ?? 0)
  let end = from
  let index = 0
  for (; fieldWords.test(text(index)); index += 1) end = tokens[index]?.end ?? end
  const isPrecision = end > from && text(index) === '(' && text(index + 2) === ')'
  return isPrecision ? (tokens[index + 2]?.end ?? end) : end
}
