import { nameText } from '../../model/name.ts'
import type { ParameterUse } from '../../model/query-use.ts'
import { extremeValue, freshValue, plainValue } from './made-up.ts'
import type { Piece } from './pieces.ts'
import type { RelationColumn, RelationShape, Relations } from './relations.ts'

/** Values for all parameters of one statement, as text; null for NULL. */
export interface ValueSet {
  /** `captured`: the application sent them; `rows`: they stand in the tables; `invented`: nobody ever sent them. */
  readonly from: 'captured' | 'rows' | 'invented'
  readonly values: readonly (string | null)[]
}

/** What the server says of a parameter's type. */
export interface ParameterType {
  readonly name: string
  readonly category: string
  readonly labels: readonly string[]
}

/** A few rows of each relation, by the name that statements use, each value as text in the order of the columns. */
export type Samples = ReadonlyMap<string, readonly (readonly (string | null)[])[]>

export interface ValueSource {
  readonly relations: Relations
  readonly samples: Samples
  readonly types: readonly ParameterType[]
}

/** So many rows of a table are tried, one after the other: the first may not meet what else a statement asks for. */
export const sampleRows = 6
/** So many of the captured values are tried. */
const capturedSets = 3

/** Values worth trying, the likeliest to find rows first. The same rows give the same values. */
export function valueSets(piece: Piece, source: ValueSource): readonly ValueSet[] {
  const count = source.types.length
  if (count === 0) return [{ from: 'rows', values: [] }]
  const uses = Array.from({ length: count }, (_, index) => useOf(piece, index + 1))
  const make = (from: ValueSet['from'], value: (use: ParameterUse, index: number) => string | null): ValueSet => ({
    from,
    values: uses.map((use, index) => value(use, index)),
  })
  const rows = Array.from({ length: sampleRows }, (_, row) =>
    make('rows', (use, index) => rowValue(use, index, row, source)),
  )
  const asStored = make('rows', (use, index) => storedValue(use, index, 0, source) ?? plain(index, source))
  const missing = make('invented', (use, index) =>
    use.role === 'compared' ? absent(use, index, source) : rowValue(use, index, 1, source),
  )
  const nulls = make('invented', (use, index) =>
    use.role === 'assigned' && columnOf(use, source)?.column.nullable === true ? null : rowValue(use, index, 0, source),
  )
  const extremes = make('invented', (use, index) => extreme(use, index, source))
  return distinct([...capturedValues(piece, count), ...rows, asStored, missing, nulls, extremes])
}

function capturedValues({ parameters }: Piece, count: number): readonly ValueSet[] {
  const sets: ValueSet[] = []
  for (let sample = 0; sample < capturedSets; sample += 1) {
    const values = parameters.slice(0, count).map(({ values: all }) => all?.[Math.min(sample, all.length - 1)])
    if (values.length < count || values.includes(undefined)) return sets
    sets.push({ from: 'captured', values: values.map((value) => value ?? null) })
  }
  return sets
}

/** What is compared comes from one row; what is assigned from the next, so that something changes. */
function rowValue(use: ParameterUse, index: number, row: number, source: ValueSource): string | null {
  const assigned = use.role === 'assigned'
  const found = columnOf(use, source)
  if (assigned && found?.column.unique === true) return freshValue(found.column, row)
  return storedValue(use, index, assigned ? row + 1 : row, source) ?? plain(index, source, use)
}

function storedValue(use: ParameterUse, index: number, row: number, source: ValueSource): string | null | undefined {
  const found = columnOf(use, source)
  const rows = found === undefined ? [] : (source.samples.get(found.written) ?? [])
  const value = found === undefined ? undefined : rows[row % Math.max(rows.length, 1)]?.[found.place]
  if (value === undefined) return undefined
  // Compared with NULL nothing is found.
  if (value === null) return use.role === 'assigned' ? null : undefined
  const isList = source.types[index]?.category === 'A' && found?.column.category !== 'A'
  return isList ? arrayText(value) : value
}

function absent(use: ParameterUse, index: number, source: ValueSource): string | null {
  const found = columnOf(use, source)
  const value = found === undefined ? plain(index, source, use) : freshValue(found.column, sampleRows)
  return value !== null && source.types[index]?.category === 'A' && found?.column.category !== 'A'
    ? arrayText(value)
    : value
}

function extreme(use: ParameterUse, index: number, source: ValueSource): string | null {
  const found = columnOf(use, source)
  if (use.role !== 'assigned' || found === undefined || found.column.unique) return rowValue(use, index, 2, source)
  return extremeValue(found.column) ?? rowValue(use, index, 2, source)
}

function plain(index: number, { types }: ValueSource, use?: ParameterUse): string | null {
  if (use?.role === 'limit') return '10'
  if (use?.role === 'offset') return '0'
  const type = types[index]
  return type === undefined ? null : plainValue(type)
}

interface FoundColumn {
  readonly written: string
  readonly relation: RelationShape
  readonly column: RelationColumn
  /** Its place among the columns, from 0. */
  readonly place: number
}

function columnOf({ column: wanted }: ParameterUse, { relations }: ValueSource): FoundColumn | undefined {
  for (const table of wanted?.tables ?? []) {
    const written = nameText(table)
    const relation = relations.get(written)
    const place = relation?.columns.findIndex(({ name }, index) =>
      typeof wanted?.column === 'number' ? index + 1 === wanted.column : name === wanted?.column,
    )
    const column = relation?.columns[place ?? -1]
    if (relation !== undefined && column !== undefined) return { written, relation, column, place: place ?? 0 }
  }
  return undefined
}

function useOf({ shape }: Piece, number: number): ParameterUse {
  return shape.parameters.find((use) => use.number === number) ?? { number, role: 'other' }
}

function arrayText(value: string): string {
  return `{"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"}`
}

function distinct(sets: readonly ValueSet[]): readonly ValueSet[] {
  return [...new Map(sets.toReversed().map((set) => [JSON.stringify(set.values), set])).values()].toReversed()
}
