import { messageOf } from '../core/errors.ts'
import type { Connection } from '../model/database.ts'
import { type SeedColumn, type SeedTable, readSeedTables } from './seed/tables.ts'
import { type SeedStyle, attemptsPerRow, seedValue } from './seed/values.ts'

const rowsPerTable = 50
/** A table that refuses its first rows whatever is tried will refuse the others too. */
const refusalsBeforeGivingUp = 3

/** What a seeding put where. A table that stays empty is told, with the server's last answer. */
export interface SeedReport {
  readonly style: SeedStyle
  readonly rows: number
  readonly tables: readonly { readonly table: string; readonly rows: number }[]
  readonly empty: readonly { readonly table: string; readonly reason: string }[]
}

/**
 * Puts about 50 rows into every table that holds fewer, made up from the catalogue: types, enums, domains, foreign keys
 * in order, unique keys, checks as far as simple attempts meet them. The same schema gives the same rows.
 */
export async function seed(connection: Connection, style: SeedStyle = 'varied'): Promise<SeedReport> {
  const filled: { table: string; rows: number }[] = []
  const empty: { table: string; reason: string }[] = []
  await connection.run('begin')
  try {
    for (const table of await readSeedTables(connection)) {
      const { rows, reason } = await fill(connection, table, style)
      if (table.rows + rows === 0) empty.push({ table: table.name, reason })
      else filled.push({ table: table.name, rows: table.rows + rows })
    }
    await connection.run('commit')
  } catch (error) {
    await connection.run('rollback')
    throw error
  }
  return { style, rows: filled.reduce((sum, { rows }) => sum + rows, 0), tables: filled, empty }
}

interface Filling {
  readonly rows: number
  readonly reason: string
}

async function fill(connection: Connection, table: SeedTable, style: SeedStyle): Promise<Filling> {
  const indexes = Array.from({ length: Math.max(0, rowsPerTable - table.rows) }, (_, index) => table.rows + index + 1)
  if (indexes.length === 0) return { rows: 0, reason: '' }
  const all = indexes.map((index) => rowSql(table, index, 0, style))
  if ((await attempt(connection, table, all)) === undefined) return { rows: indexes.length, reason: '' }
  let rows = 0
  let refusals = 0
  let reason = ''
  for (const index of indexes) {
    const refused = await insertRow(connection, table, index, style)
    if (refused === undefined) rows += 1
    else {
      reason = refused
      refusals += 1
    }
    if (rows === 0 && refusals === refusalsBeforeGivingUp) break
  }
  return { rows, reason }
}

async function insertRow(
  connection: Connection,
  table: SeedTable,
  index: number,
  style: SeedStyle,
): Promise<string | undefined> {
  let refused: string | undefined = ''
  for (let number = 0; number < attemptsPerRow && refused !== undefined; number += 1) {
    refused = await attempt(connection, table, [rowSql(table, index, number, style)])
  }
  return refused
}

/** Why the rows were refused; undefined when they are in. */
async function attempt(connection: Connection, table: SeedTable, rows: readonly string[]): Promise<string | undefined> {
  const names = table.columns.map(({ name }) => name)
  const insert =
    names.length === 0
      ? `insert into ${table.name} default values`
      : `insert into ${table.name} (${names.join(', ')}) values ${rows.join(', ')}`
  try {
    await connection.run(`savepoint seed; ${insert}; release savepoint seed`)
    return undefined
  } catch (error) {
    await connection.run('rollback to savepoint seed')
    return messageOf(error)
  }
}

function rowSql(table: SeedTable, index: number, number: number, style: SeedStyle): string {
  return `(${table.columns.map((column) => valueSql(table, column, index, number, style)).join(', ')})`
}

/** A column of a foreign key takes its value from the referenced table, all columns of one key from the same row. */
function valueSql(table: SeedTable, column: SeedColumn, index: number, number: number, style: SeedStyle): string {
  const key = table.foreignKeys.find(({ columns }) => columns.includes(column.name))
  if (key === undefined) return seedValue(column, index, number, style)
  if (key.references === table.name) return column.notNull ? seedValue(column, index, number, style) : 'null'
  if (style === 'varied' && number === 0 && !column.notNull && index % 5 === 0) return 'null'
  const referenced = key.referencedColumns[key.columns.indexOf(column.name)] ?? ''
  const order = key.referencedColumns.join(', ')
  const offset = `${index - 1 + number} % greatest((select count(*) from ${key.references}), 1)`
  return `(select ${referenced} from ${key.references} order by ${order} offset ${offset} limit 1)`
}
