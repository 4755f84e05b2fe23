import { messageOf } from '../../core/errors.ts'
import type { Connection } from '../../model/database.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import { inOneTransaction } from '../../model/statement.ts'
import { readSeedTables } from '../seed/tables.ts'
import type { Stairway } from '../stairway.ts'
import { changedTables } from './changed-tables.ts'
import { type WrittenLoss, compareWritten, lostForGood } from './compare-written.ts'
import { type Image, type Mapping, mappingOf, readMapped, readWritten } from './images.ts'
import { type TrialStatement, inTransaction } from './in-transaction.ts'
import { type KeptColumn, keptColumns } from './kept-columns.ts'
import { type TableWrites, makeWrites } from './make-writes.ts'
import { type Scenario, ordinary } from './scenario.ts'
import { setAside } from './set-aside.ts'
import { specialWrites } from './special-writes.ts'

/** What became of the rows of one scenario. */
export interface WriteOutcome {
  readonly what: string
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
  readonly result: 'survived' | 'refused' | 'half done' | 'set aside' | 'lost'
  /** The server's words, or where the rows are; empty otherwise. */
  readonly detail: string
  readonly losses: readonly WrittenLoss[]
  /** Tables and columns of the upgrade's own that went, with what was written to them. */
  readonly gone: readonly string[]
}

export interface WritesSeen {
  readonly outcomes: readonly WriteOutcome[]
  /** Columns of the upgrade's own that go and leave their values behind. */
  readonly kept: readonly KeptColumn[]
  /** Why nothing could be tried; empty when it could. */
  readonly why: string
}

/** More would cost more than they show. */
const mostTables = 12
const mostScenarios = 9

/**
 * Writes rows after the upgrade and tries the downgrade on them, inside transactions that are rolled back. The database
 * is left as it was.
 */
export async function tryWrites(
  connection: Connection,
  migration: ParsedMigration,
  { before, after }: Stairway,
): Promise<WritesSeen> {
  const down = inTransaction(migration.downSql)
  if (down === undefined || after === undefined)
    return { outcomes: [], kept: [], why: 'The downgrade has a statement that cannot be tried in a transaction.' }
  const names = changedTables(migration, before, after)
  if (names.length === 0) return { outcomes: [], kept: [], why: '' }
  const trial = new Trial(connection, migration, down)
  await connection.run('begin')
  try {
    const tables = (await readSeedTables(connection, names.slice(0, mostTables))).filter(
      ({ columns }) => columns.length > 0,
    )
    const outcomes: WriteOutcome[] = []
    const scenarios = [ordinary(tables), ...specialWrites(before, after, tables)].slice(0, mostScenarios)
    for (const scenario of scenarios) {
      const outcome = await trial.run(scenario)
      if (outcome.inserted + outcome.updated + outcome.deleted > 0) outcomes.push(outcome)
    }
    const gone = outcomes.flatMap((outcome) => outcome.gone)
    return { outcomes, kept: await keptColumns(connection, tables, gone, () => trial.revert()), why: '' }
  } finally {
    await connection.run('rollback')
    await connection.run('discard all')
  }
}

class Trial {
  readonly #connection: Connection
  readonly #migration: ParsedMigration
  readonly #down: readonly TrialStatement[]

  constructor(connection: Connection, migration: ParsedMigration, down: readonly TrialStatement[]) {
    this.#connection = connection
    this.#migration = migration
    this.#down = down
  }

  async run(scenario: Scenario): Promise<WriteOutcome> {
    await this.#connection.run('savepoint scenario')
    try {
      return await this.#outcome(scenario)
    } finally {
      await this.#connection.run('rollback to savepoint scenario; release savepoint scenario')
    }
  }

  /** False where the downgrade fails. */
  async revert(): Promise<boolean> {
    return (await this.#runDown()) === undefined
  }

  async #outcome({ what, ...scenario }: Scenario): Promise<WriteOutcome> {
    const writes = await makeWrites(this.#connection, { what, ...scenario })
    const count = (of: 'inserted' | 'updated' | 'deleted'): number =>
      writes.reduce((sum, write) => sum + write[of].length, 0)
    const counts = { inserted: count('inserted'), updated: count('updated'), deleted: count('deleted') }
    const base = { what, ...counts, detail: '', losses: [], gone: [] }
    if (counts.inserted + counts.updated + counts.deleted === 0) return { ...base, result: 'survived' }
    const written: Image[] = []
    for (const write of writes) written.push(await readWritten(this.#connection, write))
    const refused = await this.#runDown()
    if (refused !== undefined) return { ...base, ...refused }
    return { ...base, ...(await this.#look(writes, written)) }
  }

  /** Undefined when the downgrade runs. What a deferred check has to say, it says at the end. */
  async #runDown(): Promise<Pick<WriteOutcome, 'result' | 'detail'> | undefined> {
    const { down, downSql } = this.#migration
    const together = down.kind === 'sql' && inOneTransaction(down.section, downSql)
    let changed = 0
    try {
      await this.#settle()
      for (const { sql, changes } of this.#down) {
        await this.#connection.run(sql)
        if (changes) changed += 1
      }
      await this.#connection.run('set constraints all immediate')
      return undefined
    } catch (error) {
      return { result: together || changed === 0 ? 'refused' : 'half done', detail: messageOf(error) }
    }
  }

  /** What the writes left to check is checked, as their own commit would have. */
  async #settle(): Promise<void> {
    const { rows } = await this.#connection.query<{ names: string | null }>(
      `select string_agg(distinct format('%I.%I', n.nspname, k.conname), ', ') as names
         from pg_constraint k join pg_namespace n on n.oid = k.connamespace where k.condeferred`,
    )
    const names = rows[0]?.names ?? null
    if (names !== null) await this.#connection.run(`set constraints all immediate; set constraints ${names} deferred`)
  }

  async #look(
    writes: readonly TableWrites[],
    written: readonly Image[],
  ): Promise<Pick<WriteOutcome, 'result' | 'detail' | 'losses' | 'gone'>> {
    const losses: WrittenLoss[] = []
    const gone: string[] = []
    for (const [at, write] of writes.entries()) {
      const image = written[at]
      const mapping = await mappingOf(this.#connection, write)
      if (image === undefined) continue
      if (mapping === undefined) {
        if (image.rows.size > 0) gone.push(`table ${write.table.name}`)
        continue
      }
      gone.push(...goneColumns(write, mapping, image))
      const ids = [...image.rows.keys(), ...write.deleted]
      const reverted = await readMapped(this.#connection, write, mapping, ids)
      if (reverted !== undefined) losses.push(...compareWritten(write, mapping, image, reverted))
    }
    if (losses.length === 0) return { result: 'survived', detail: '', losses, gone }
    const place = await setAside(this.#connection, losses, writes, written)
    if (place !== undefined) return { result: 'set aside', detail: place, losses: [], gone }
    const left = lostForGood(losses, await this.#lostAfterUpgrade(writes, written, losses))
    return { result: left.length === 0 ? 'survived' : 'lost', detail: '', losses: left, gone }
  }

  /** What a second upgrade does not give back. Where it cannot be tried here, everything counts as lost. */
  async #lostAfterUpgrade(
    writes: readonly TableWrites[],
    written: readonly Image[],
    losses: readonly WrittenLoss[],
  ): Promise<readonly WrittenLoss[]> {
    const up = inTransaction(this.#migration.upSql)
    if (up === undefined) return losses
    try {
      for (const { sql } of up) await this.#connection.run(sql)
      const found: WrittenLoss[] = []
      for (const [at, write] of writes.entries()) {
        const image = written[at]
        const mapping: Mapping = { table: write.table.name, columns: write.table.columns.map(({ name }) => name) }
        const again =
          image === undefined
            ? undefined
            : await readMapped(this.#connection, write, mapping, [...image.rows.keys(), ...write.deleted])
        if (image !== undefined && again !== undefined) found.push(...compareWritten(write, mapping, image, again))
      }
      return found
    } catch {
      return losses
    }
  }
}

/** Columns of the upgrade's own that hold something in the rows that were written. */
function goneColumns({ table }: TableWrites, { columns }: Mapping, image: Image): readonly string[] {
  return table.columns.flatMap(({ name }, at) => {
    const holds = [...image.rows.values()].some((values) => (values[at] ?? null) !== null)
    return columns[at] === null && holds ? [`column ${table.name}.${name}`] : []
  })
}
