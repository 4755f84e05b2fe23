import type { Connection } from '../../model/database.ts'
import { poolOf, type SeedStyle } from '../seed/pool.ts'
import { filledColumns, rowSource } from '../seed/row-source.ts'
import type { SeedColumn, SeedTable } from '../seed/tables.ts'
import { isKnown, ordinaryValue } from '../seed/values.ts'
import type { Scenario } from './scenario.ts'

/** What was written to one table: the ids of rows that are to be there after the downgrade, and of those that are not. */
export interface TableWrites {
  readonly table: SeedTable
  readonly inserted: readonly string[]
  readonly updated: readonly string[]
  readonly deleted: readonly string[]
}

/** Far above the rows that are made up as a seed. */
const firstIndex = 1001
const rowsEach = 3
const updatesEach = 2
/** Rows that are offered where a dropped check is to be violated: few of them do. */
const offered = 300
/** Of a column with checks of its own, values that the seed has hardly used. */
const lateValues = 20

/** A row as one text: its key, or all its columns where it has none. */
export function idSql(alias: string, columns: readonly string[]): string {
  return `array[${columns.map((column) => `${alias}.${column}::text`).join(', ')}]::text`
}

/** Columns by which a written row is found again. */
export function idColumns(table: SeedTable): readonly string[] {
  return table.key.length > 0 ? table.key : table.columns.map(({ name }) => name)
}

/** Writes the rows of a scenario, inside an open transaction. What the schema refuses is left out. */
export async function makeWrites(connection: Connection, scenario: Scenario): Promise<readonly TableWrites[]> {
  const writes: TableWrites[] = []
  for (const table of scenario.tables) {
    const plain = scenario.what === ''
    writes.push({
      table,
      inserted: await insertRows(connection, table, scenario),
      updated: plain ? await updateRows(connection, table) : [],
      deleted: plain ? await deleteRow(connection, table) : [],
    })
  }
  return writes
}

async function insertRows(connection: Connection, table: SeedTable, scenario: Scenario): Promise<readonly string[]> {
  const { given, violates, copies } = scenario
  const pools = await freshPools(connection, table, violates === undefined ? [] : [violates.condition])
  for (const [column, value] of given?.values ?? []) pools.set(column, value === null ? [] : [value])
  const columns = table.columns.filter(
    (column) => filledColumns(table, pools, 'varied').includes(column) || given?.values.has(column.name) === true,
  )
  if (columns.length === 0) return []
  const conditions = violates === undefined ? [] : [`not (${violates.condition})`]
  const offer = violates === undefined ? rowsEach : offered
  const source = rowSource(
    { ...table, conditions: [...table.conditions, ...conditions] },
    columns,
    pools,
    'plain',
    () => true,
    offer,
  )
  const copied = columns.map(({ name }) => (copies?.columns.includes(name) === true ? `old.${name}` : `new.${name}`))
  const joined =
    copies === undefined
      ? `select * from (${source.sql}) new limit ${rowsEach}`
      : `select ${copied.join(', ')} from (${source.sql}) new, (select * from ${table.name} where ${copies.columns.map((name) => `${name} is not null`).join(' and ')} limit 1) old limit 1`
  return idsOf(
    connection,
    `insert into ${table.name} as t (${source.columns.join(', ')}) ${joined} on conflict do nothing returning ${idSql('t', idColumns(table))} as id`,
  )
}

/** Values for each column that the rows before have hardly used. */
export async function freshPools(
  connection: Connection,
  table: SeedTable,
  hints: readonly string[],
): Promise<Map<string, readonly string[]>> {
  const pools = new Map<string, readonly string[]>()
  const style: SeedStyle = 'varied'
  for (const column of table.columns) {
    if (hints.length > 0)
      pools.set(column.name, await poolOf(connection, { ...column, hints: [...column.hints, ...hints] }, style))
    else if (column.conditions.length > 0)
      pools.set(column.name, (await poolOf(connection, column, 'plain')).slice(-lateValues).toReversed())
    else pools.set(column.name, freshValues(column))
  }
  return pools
}

function freshValues(column: SeedColumn): readonly string[] {
  if (!isKnown(column)) return []
  const name = column.name.replaceAll('"', '')
  return Array.from({ length: rowsEach * 4 }, (_, at) => ordinaryValue(column, firstIndex + at, name))
}

async function updateRows(connection: Connection, table: SeedTable): Promise<readonly string[]> {
  if (table.key.length === 0) return []
  const inKeys = new Set([...table.key, ...table.foreignKeys.flatMap(({ columns }) => columns)])
  const free = table.columns.filter(
    (column) => !inKeys.has(column.name) && !column.always && column.default !== 'sequence',
  )
  const pools = await freshPools(connection, table, [])
  const columns = free.filter(({ name }) => (pools.get(name) ?? []).length > 0)
  if (columns.length === 0) return []
  // Values of a unique key that the rows before took are not taken again.
  for (const { name } of columns) pools.set(name, (pools.get(name) ?? []).slice(rowsEach))
  const { sql } = rowSource({ ...table, conditions: [] }, columns, pools, 'plain', () => true, updatesEach)
  const key = table.key.join(', ')
  return idsOf(
    connection,
    `update ${table.name} t set ${columns.map(({ name }) => `${name} = s.${name}`).join(', ')}
       from (select row_number() over () as seed_place, n.* from (${sql}) n) s
       join (select row_number() over (order by ${key}) as seed_place, ${key} from ${table.name} order by ${key} limit ${updatesEach}) o using (seed_place)
      where ${table.key.map((name) => `t.${name} = o.${name}`).join(' and ')} returning ${idSql('t', table.key)} as id`,
  )
}

async function deleteRow(connection: Connection, table: SeedTable): Promise<readonly string[]> {
  if (table.key.length === 0) return []
  const key = table.key.join(', ')
  return idsOf(
    connection,
    `delete from ${table.name} t where (${key}) in (select ${key} from ${table.name} order by ${key} offset 7 limit 1) returning ${idSql('t', table.key)} as id`,
  )
}

/** What a write gave back; nothing where the schema refuses it. */
async function idsOf(connection: Connection, sql: string): Promise<readonly string[]> {
  await connection.run('savepoint written')
  try {
    const { rows } = await connection.query<{ id: string }>(sql)
    await connection.run('release savepoint written')
    return rows.map(({ id }) => id)
  } catch {
    await connection.run('rollback to savepoint written; release savepoint written')
    return []
  }
}
