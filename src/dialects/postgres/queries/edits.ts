import { lex } from '../../../sql/lexer.ts'

/** Text to put in the place of a piece of a statement. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The text with its pieces replaced; they must not overlap. */
export function edited(sql: string, edits: readonly Edit[]): string {
  let result = ''
  let at = 0
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start)) {
    result += sql.slice(at, start) + text
    at = end
  }
  return result + sql.slice(at)
}

/** Each `$n` of a text becomes `$m`, `m` being what `number` says. */
export function renumbered(sql: string, number: (n: number) => number): string {
  const edits = lex(sql)
    .filter(({ kind }) => kind === 'parameter')
    .map(({ start, end }) => ({ start, end, text: `$${number(Number(sql.slice(start + 1, end)))}` }))
  return edited(sql, edits)
}
