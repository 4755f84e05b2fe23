import type { Connection } from '../../model/database.ts'
import { type TableState, readTableStates } from '../data/table-states.ts'
import { fillTable } from './fill-table.ts'
import type { SeedStyle } from './pool.ts'
import { refill } from './refill.ts'
import { type SeedColumn, type SeedTable, readSeedTables } from './tables.ts'

/**
 * Keeps the tables of one scratch database filled while its history goes on: tables that are new or were emptied get
 * rows, new columns get values, and everything else stays as it is. The same schema gives the same rows.
 */
export class Seeder {
  /** Signatures of the tables when they were last looked at, by their own name. */
  #seen: ReadonlyMap<string, string> = new Map()
  /** Columns that got values, by number, of each table that was filled. */
  readonly #columns = new Map<number, ReadonlySet<number>>()
  /** Tables whose rows were made ordinary for one upgrade. */
  readonly #settled = new Set<number>()
  readonly #reasons = new Map<string, string>()

  /** Why a table has no rows, in the server's words, by name. */
  get reasons(): ReadonlyMap<string, string> {
    return this.#reasons
  }

  async fill(connection: Connection, style: SeedStyle = 'varied'): Promise<void> {
    const { tables } = await readTableStates(connection)
    const changed = new Set(tables.filter(({ name, signature }) => this.#seen.get(name) !== signature).map(rootOid))
    for (const oid of this.#settled) changed.add(oid)
    if (changed.size === 0) return
    const fill = (skip: (table: SeedTable) => boolean): Promise<void> =>
      inTransaction(connection, () => this.#fillChanged(connection, tables, changed, style, skip))
    try {
      await fill(() => false)
    } catch {
      // Keys in a circle that are checked at the end only: what they refer to did not come about.
      await fill(({ foreignKeys }) => foreignKeys.some(({ deferrable }) => deferrable))
    }
    const now = await readTableStates(connection)
    this.#seen = new Map(now.tables.map(({ name, signature }) => [name, signature]))
  }

  /** Makes the rows of some tables ordinary, because an upgrade does not fit them as they are. They are varied again by the next `fill`. */
  async settle(connection: Connection, isMeant: (table: string) => boolean): Promise<void> {
    const tables = await readSeedTables(connection)
    const filled = new Set(tables.map(({ name }) => name))
    await inTransaction(connection, async () => {
      for (const table of tables.filter(({ name }) => isMeant(name))) {
        await refill(connection, table, freeColumns(table), 'plain', (name) => filled.has(name))
        this.#settled.add(table.oid)
      }
    })
  }

  /** Empties some tables, and those that refer to them, because an upgrade fits no rows that can be made up. */
  async clear(connection: Connection, isMeant: (table: string) => boolean): Promise<void> {
    const names = (await readSeedTables(connection)).map(({ name }) => name).filter(isMeant)
    if (names.length > 0) await connection.run(`truncate ${names.join(', ')} cascade`)
  }

  async #fillChanged(
    connection: Connection,
    states: readonly TableState[],
    changed: ReadonlySet<number>,
    style: SeedStyle,
    skip: (table: SeedTable) => boolean,
  ): Promise<void> {
    // What did not change keeps what it has; what could not be filled may be filled now.
    const looked = states.filter(({ oid, name }) => changed.has(oid) || this.#reasons.has(name)).map(({ name }) => name)
    const tables = await readSeedTables(connection, looked)
    const empty = await emptyTables(connection, tables)
    const filled = new Set(states.map(({ name }) => name).filter((name) => !looked.includes(name)))
    for (const { name } of tables) if (!empty.has(name)) filled.add(name)
    const isFilled = (name: string): boolean => filled.has(name)
    this.#reasons.clear()
    const late: SeedTable[] = []
    for (const table of tables) {
      if (empty.has(table.name) && skip(table)) this.#reasons.set(table.name, circle)
      else if (empty.has(table.name)) {
        const { rows, reason } = await fillTable(connection, table, style, isFilled)
        if (rows > 0) filled.add(table.name)
        else this.#reasons.set(table.name, reason)
        late.push(table)
      } else if (changed.has(table.oid)) await this.#refillTable(connection, table, style, isFilled)
      this.#columns.set(table.oid, new Set(table.columns.map(({ number }) => number)))
    }
    for (const table of late) await refill(connection, table, lateColumns(table, tables), style, isFilled)
    this.#settled.clear()
    for (const oid of this.#columns.keys())
      if (!states.some((state) => rootOid(state) === oid)) this.#columns.delete(oid)
  }

  async #refillTable(
    connection: Connection,
    table: SeedTable,
    style: SeedStyle,
    isFilled: (name: string) => boolean,
  ): Promise<void> {
    const known = this.#columns.get(table.oid)
    const free = freeColumns(table)
    const columns = this.#settled.has(table.oid) ? free : free.filter(({ number }) => known?.has(number) === false)
    await refill(connection, table, columns, style, isFilled)
  }
}

const circle = 'its keys refer to each other in a circle that could not be met'

const rootOid = ({ root }: TableState): number => root

/** Columns whose values may change without a row becoming another: no key and nothing that numbers itself. */
function freeColumns(table: SeedTable): readonly SeedColumn[] {
  return table.columns.filter(
    (column) => !table.key.includes(column.name) && column.default !== 'sequence' && !column.unique,
  )
}

/** Columns that were left NULL because what they refer to came later: the table itself, or one in a circle. */
function lateColumns(table: SeedTable, tables: readonly SeedTable[]): readonly SeedColumn[] {
  const after = tables.slice(tables.indexOf(table)).map(({ name }) => name)
  const late = table.foreignKeys.filter(({ references }) => after.includes(references))
  const names = new Set(late.flatMap(({ columns }) => columns))
  return table.columns.filter(({ name, notNull }) => names.has(name) && !notNull)
}

async function emptyTables(connection: Connection, tables: readonly SeedTable[]): Promise<ReadonlySet<string>> {
  if (tables.length === 0) return new Set()
  const each = tables.map(({ name }, at) => `select ${at} as place where not exists (select from ${name})`)
  const { rows } = await connection.query<{ place: number }>(each.join(' union all '))
  return new Set(rows.map(({ place }) => tables[place]?.name ?? ''))
}

async function inTransaction(connection: Connection, run: () => Promise<void>): Promise<void> {
  // Keys that may wait are checked when all rows are there.
  await connection.run('begin; set constraints all deferred')
  try {
    await run()
    await connection.run('set constraints all immediate')
    await connection.run('commit')
  } catch (error) {
    await connection.run('rollback')
    throw error
  }
}
