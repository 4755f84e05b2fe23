import { lex } from '../../sql/lexer.ts'
import type { NamedParameter } from './named-parameters.ts'

/** The statement with `$n` in the place of its named parameters; one name is one parameter. */
export function numbered(
  sql: string,
  parameters: readonly NamedParameter[],
  spreads: ReadonlyMap<string, readonly string[]>,
): string {
  const numbers = new Map<string, number>()
  let last = highest(sql)
  const next = (): number => (last += 1)
  const numberOf = (name: string): string => {
    const number = numbers.get(name) ?? next()
    numbers.set(name, number)
    return `$${number}`
  }
  let result = ''
  let done = 0
  for (const { start, end, name, columnsOf } of parameters.toSorted((a, b) => a.start - b.start)) {
    const spread = name === undefined ? undefined : spreads.get(name)
    const text =
      columnsOf !== undefined
        ? `${columnsOf}.*`
        : spread !== undefined
          ? `(${spread.map((field) => numberOf(`${name}.${field}`)).join(', ')})`
          : name === undefined
            ? `$${next()}`
            : numberOf(name)
    result += sql.slice(done, start) + text
    done = end
  }
  return result + sql.slice(done)
}

function highest(sql: string): number {
  const numbers = lex(sql)
    .filter(({ kind }) => kind === 'parameter')
    .map(({ start, end }) => Number(sql.slice(start + 1, end)))
  return Math.max(0, ...numbers)
}
