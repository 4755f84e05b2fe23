import type { Connection } from '../../model/database.ts'
import { arrayText } from './kinds/literals.ts'
import { cut } from './kinds/texts.ts'
import { matchingText } from './matching-text.ts'
import type { SeedColumn } from './tables.ts'
import { isKnown, ordinaryValue, unusualValues } from './values.ts'

/** How rows are made: `varied` has NULLs, empty and unusual values; `plain` gives every column an ordinary value. */
export type SeedStyle = 'varied' | 'plain'

/** So many ordinary values are tried for each column: as many as a table gets rows. */
export const rowsPerTable = 300
/** Other shapes of text that checks ask for, so many of each; a unique key needs another in each row. */
const shapesEach = 40
/** A check that asks for a longer text is not met. */
const longestHint = 500

/** Values for one column, those that its own checks refuse left out. Empty where none is known that they accept. */
export async function poolOf(connection: Connection, column: SeedColumn, style: SeedStyle): Promise<readonly string[]> {
  const values = candidates(column, style)
  if (column.conditions.length === 0 || values.length === 0) return values
  const type = `${column.type}${column.isArray ? '[]' : ''}`
  const met = column.conditions.map((condition) => `(${condition}) is not false`).join(' and ')
  await connection.run('savepoint pool')
  try {
    const { rows } = await connection.query<{ value: string }>(
      `select v.value from unnest($1::text[]) with ordinality v(value, place)
        cross join lateral (select v.value::${type} as ${column.name}) x where ${met} order by v.place`,
      [arrayText(values)],
    )
    await connection.run('release savepoint pool')
    return rows.map(({ value }) => value)
  } catch {
    // A candidate of another form, or a check that fails instead of refusing: the rows are tried one by one.
    await connection.run('rollback to savepoint pool; release savepoint pool')
    return values
  }
}

/** Unusual values come between the ordinary ones, hints of the checks too. */
function candidates(column: SeedColumn, style: SeedStyle): readonly string[] {
  if (!isKnown(column)) return []
  const name = column.name.replaceAll('"', '')
  const ordinary = Array.from({ length: rowsPerTable }, (_, index) => ordinaryValue(column, index + 1, name))
  const rare = column.unique && column.bounds !== null ? [] : unusualValues(column, name)
  const special = [...(style === 'varied' ? rare : []), ...hinted(column)]
  const spread = special.flatMap((value, at) => [ordinary[at] ?? value, value])
  return [...new Set([...spread, ...ordinary])]
}

/** What the texts of checks and partition bounds suggest. */
function hinted(column: SeedColumn): readonly string[] {
  const { hints, category, isArray } = column
  if (hints.length === 0) return []
  const values = hints.flatMap((hint) => {
    const literals = [...hint.matchAll(/'((?:[^']|'')*)'/g)].map((match) => (match[1] ?? '').replaceAll("''", "'"))
    const found = [...hint.matchAll(/(?<![\w.'])-?\d+(?:\.\d+)?/g)].map((match) => Number(match[0]))
    if (category === 'N')
      return [...found, ...literals.map(Number)]
        .filter(Number.isFinite)
        .flatMap((number) => neighbours(number, column.base))
    if (category === 'S') return textShapes(literals, found, column)
    return category === 'D' ? literals.flatMap(nextDays) : literals
  })
  return isArray ? values.map((value) => arrayText([value])) : values
}

function neighbours(number: number, base: string): readonly string[] {
  const near = [number + 1, number, number - 1, ...(base === 'numeric' ? [number + 0.5] : [])]
  return near.filter((value) => !base.startsWith('int') || Number.isInteger(value)).map(String)
}

/** The bound itself and the days after it: an upper bound is not in the range. */
function nextDays(text: string): readonly string[] {
  const at = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text)
  if (Number.isNaN(at)) return []
  return [text, ...[1, 2, 10, 20].map((days) => new Date(at + days * 86_400_000).toISOString().slice(0, 10))]
}

function textShapes(
  literals: readonly string[],
  numbers: readonly number[],
  { unique, limit }: SeedColumn,
): readonly string[] {
  const count = unique ? rowsPerTable : shapesEach
  const many = (make: (index: number) => string | undefined): readonly string[] =>
    Array.from({ length: count }, (_, index) => make(index)).filter((text) => text !== undefined)
  const patterns = literals.flatMap((literal) => [
    ...many((index) => matchingText(literal, index)),
    ...many((index) => literal.replaceAll('%', `x${index}`).replaceAll('_', 'x')),
  ])
  const lengths = numbers
    .filter((length) => Number.isInteger(length) && length > 0 && length <= longestHint)
    .flatMap((length) => many((index) => index.toString(36).padStart(length, 'a').slice(-length)))
  const shapes = many((index) => `user${index}@example.com`).concat(many((index) => `https://example.com/${index}`))
  const words = many((index) => `word${index}`).concat(
    many((index) => `WORD${index}`),
    many(String),
  )
  return [...literals, ...patterns, ...lengths, ...shapes, ...words].map((text) => cut(text, limit))
}
