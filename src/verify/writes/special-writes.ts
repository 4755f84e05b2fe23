import type { Fingerprint, Parts } from '../fingerprint.ts'
import type { SeedColumn, SeedTable } from '../seed/tables.ts'
import { unusualValues } from '../seed/values.ts'
import { type Scenario, ordinary } from './scenario.ts'

/** So many values are tried in a column whose type is another. */
const valuesEach = 4
/** A text this much longer than the old type holds. */
const longer = 3

/** Rows that only the upgraded schema takes, one scenario each, so that one refusal hides no other loss. */
export function specialWrites(
  before: Fingerprint,
  after: Fingerprint,
  tables: readonly SeedTable[],
): readonly Scenario[] {
  return tables.flatMap((table) => {
    const object = `table ${table.name}`
    const was = before.objects[object]
    const is = after.objects[object]
    if (was === undefined || is === undefined) return []
    const columns = table.columns.flatMap((column) => ofColumn(table, column, was, is, before))
    return [...columns, ...ofConstraints(table, was, is), ...ofIndexes(table, before, after)]
  })
}

function ofColumn(
  table: SeedTable,
  column: SeedColumn,
  was: Parts,
  is: Parts,
  before: Fingerprint,
): readonly Scenario[] {
  const old = was[`column ${column.name}`]
  const now = is[`column ${column.name}`]
  if (old === undefined || now === undefined) return []
  const isNullable = old['nullability'] !== undefined && now['nullability'] === undefined
  const types = old['type'] === now['type'] ? [] : wider(column, old['type'] ?? '')
  const labels = newLabels(column, before)
  const values = [...(isNullable ? [null] : []), ...types, ...labels]
  return values.map((value) => given(table, column, value))
}

function wider(column: SeedColumn, oldType: string): readonly string[] {
  const limit = Number(/\((\d+)\)/.exec(oldType)?.[1] ?? 0)
  const long =
    column.category === 'S' && limit > 0 ? ['x'.repeat(Math.min(limit + longer, column.limit ?? Infinity))] : []
  const unusual = unusualValues(column, column.name).filter((value) => value.length < 100)
  return [...long, ...unusual.slice(0, valuesEach)]
}

function newLabels({ labels, type }: SeedColumn, before: Fingerprint): readonly string[] {
  if (labels.length === 0) return []
  const name = type.includes('.') ? type : `public.${type}`
  const old = before.objects[`type ${name}`]?.['']?.['values']
  return old === undefined ? [] : labels.filter((label) => !old.includes(`'${label.replaceAll("'", "''")}'`))
}

function given(table: SeedTable, column: SeedColumn, value: string | null): Scenario {
  const shown = value === null ? 'null' : `'${value.length > 30 ? `${value.slice(0, 30)}…` : value}'`
  return {
    ...ordinary([table]),
    what: `a row of ${table.name} with ${column.name} ${shown}`,
    given: { table: table.name, values: new Map([[column.name, value]]) },
  }
}

/** Checks and keys that the upgrade took away. */
function ofConstraints(table: SeedTable, was: Parts, is: Parts): readonly Scenario[] {
  return Object.entries(was).flatMap(([part, aspects]): readonly Scenario[] => {
    const definition = aspects['definition'] ?? ''
    if (!part.startsWith('constraint ') || is[part]?.['definition'] === definition) return []
    const check = /^CHECK \((.*)\)(?: NO INHERIT)?$/s.exec(definition)?.[1]
    if (check !== undefined) return [violating(table, check)]
    const columns = /^(?:UNIQUE|PRIMARY KEY)(?: NULLS NOT DISTINCT)? \(([^()]+)\)/.exec(definition)?.[1]
    return columns === undefined ? [] : copied(table, columns)
  })
}

function ofIndexes(table: SeedTable, before: Fingerprint, after: Fingerprint): readonly Scenario[] {
  return Object.entries(before.objects).flatMap(([object, parts]) => {
    if (!object.startsWith('index ') || after.objects[object] !== undefined) return []
    const definition = parts['']?.['definition'] ?? ''
    const unique = /^CREATE UNIQUE INDEX \S+ ON (?:ONLY )?(\S+) USING \w+ \(([^()]+)\)/.exec(definition)
    return unique?.[1] === table.name && unique[2] !== undefined ? copied(table, unique[2]) : []
  })
}

function violating(table: SeedTable, condition: string): Scenario {
  return {
    ...ordinary([table]),
    what: `a row of ${table.name} that does not meet ${condition}`,
    violates: { table: table.name, condition },
  }
}

/** Two equal rows under what was a unique key. */
function copied(table: SeedTable, list: string): readonly Scenario[] {
  const columns = list.split(', ').filter((name) => table.columns.some((column) => column.name === name))
  if (columns.length === 0 || columns.join(', ') === table.key.join(', ')) return []
  const what = `a second row of ${table.name} with the same ${columns.join(', ')}`
  return [{ ...ordinary([table]), what, copies: { table: table.name, columns } }]
}
