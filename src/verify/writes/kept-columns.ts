import type { Connection } from '../../model/database.ts'
import type { SeedColumn, SeedTable } from '../seed/tables.ts'
import { isKnown, unusualValues } from '../seed/values.ts'
import { type Image, mappingOf, readMapped, readWritten } from './images.ts'
import { type TableWrites, freshPools, idSql } from './make-writes.ts'

/** A column that goes with the downgrade, and whose values do not. */
export interface KeptColumn {
  /** `public.customers.email` */
  readonly column: string
  /** The column of the same row that holds them afterwards: `mail`. */
  readonly by: string
}

const rowsTried = 2

/**
 * Which of the columns that go leave their values behind, because triggers or the downgrade carry them to another one.
 * Equal values prove nothing, they may be so by chance: the column alone is written twice, and another one has to have
 * followed the second time.
 *
 * @param gone columns as outcomes name them: `column public.customers.email`
 * @param revert runs the downgrade; false where it fails
 */
export async function keptColumns(
  connection: Connection,
  tables: readonly SeedTable[],
  gone: readonly string[],
  revert: () => Promise<boolean>,
): Promise<readonly KeptColumn[]> {
  const kept: KeptColumn[] = []
  for (const table of tables) {
    for (const column of table.columns) {
      const name = `${table.name}.${column.name}`
      if (!gone.includes(`column ${name}`) || table.key.length === 0 || table.key.includes(column.name)) continue
      await connection.run('savepoint kept')
      try {
        const by = await keptBy(connection, table, column, revert)
        if (by !== undefined) kept.push({ column: name, by })
      } finally {
        await connection.run('rollback to savepoint kept; release savepoint kept')
      }
    }
  }
  return kept
}

async function keptBy(
  connection: Connection,
  table: SeedTable,
  column: SeedColumn,
  revert: () => Promise<boolean>,
): Promise<string | undefined> {
  const ids = await someRows(connection, table)
  const pool = (await freshPools(connection, table, [])).get(column.name) ?? []
  const writes: TableWrites = { table, inserted: [], updated: ids, deleted: [] }
  if (ids.length === 0 || !isKnown(column)) return undefined
  if (!(await writeEach(connection, table, column, ids, (row) => [pool[row * 2]]))) return undefined
  const first = await readWritten(connection, writes)
  const unusual = unusualValues(column, column.name).toSorted((a, b) => b.length - a.length)
  // One row gets the most unusual value that is taken: what follows may follow only so far.
  const second = (row: number): readonly (string | undefined)[] => [...(row === 0 ? [] : unusual), pool[row * 2 + 1]]
  if (!(await writeEach(connection, table, column, ids, second))) return undefined
  const written = await readWritten(connection, writes)
  if (!(await revert())) return undefined
  const mapping = await mappingOf(connection, writes)
  const reverted = mapping && (await readMapped(connection, writes, mapping, ids))
  if (mapping === undefined || reverted === undefined) return undefined
  const place = table.columns.indexOf(column)
  for (const [at, name] of mapping.columns.entries()) {
    if (name !== null && (await follows(connection, column, { ids, place, at, first, written, reverted }))) return name
  }
  return undefined
}

async function someRows(connection: Connection, table: SeedTable): Promise<readonly string[]> {
  const { rows } = await connection.query<{ id: string }>(
    `select ${idSql('t', table.key)} as id from ${table.name} t order by ${table.key.join(', ')} limit ${rowsTried}`,
  )
  return rows.map(({ id }) => id)
}

/** Writes the column in each row, with the first of its values that is taken; false where none is. */
async function writeEach(
  connection: Connection,
  table: SeedTable,
  column: SeedColumn,
  ids: readonly string[],
  valuesOf: (row: number) => readonly (string | undefined)[],
): Promise<boolean> {
  const sql = `update ${table.name} t set ${column.name} = $1 where ${idSql('t', table.key)} = $2`
  for (const [row, id] of ids.entries()) {
    let taken = false
    for (const value of valuesOf(row)) {
      if (value === undefined || taken) continue
      taken = (await inSavepoint(connection, () => connection.query(sql, [value, id]))) !== undefined
    }
    if (!taken) return false
  }
  return true
}

interface Followed {
  readonly ids: readonly string[]
  /** Of the column that goes, and of the one that may have followed it. */
  readonly place: number
  readonly at: number
  readonly first: Image
  readonly written: Image
  readonly reverted: Image
}

async function follows(connection: Connection, column: SeedColumn, seen: Followed): Promise<boolean> {
  const { ids, place, at, first, written, reverted } = seen
  for (const id of ids) {
    const value = (image: Image, of: number): string | null => image.rows.get(id)?.[of] ?? null
    const [was, wanted, found] = [value(first, at), value(written, place), value(reverted, at)]
    if (wanted === null || found === null || was === found || value(first, place) === wanted) return false
    if (found !== wanted && !(await isSame(connection, column, found, wanted))) return false
  }
  return true
}

/** Whether a text means the same value in the type of the column. */
async function isSame(connection: Connection, { type, isArray }: SeedColumn, a: string, b: string): Promise<boolean> {
  if (isArray) return false
  const same = await inSavepoint(connection, () =>
    connection.query<{ same: boolean }>(`select $1::text::${type}::text = $2 as same`, [a, b]),
  )
  return same?.rows[0]?.same === true
}

/** Undefined where the server refuses it. */
async function inSavepoint<T>(connection: Connection, work: () => Promise<T>): Promise<T | undefined> {
  await connection.run('savepoint tried')
  try {
    const result = await work()
    await connection.run('release savepoint tried')
    return result
  } catch {
    await connection.run('rollback to savepoint tried; release savepoint tried')
    return undefined
  }
}
