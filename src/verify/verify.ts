import { ToolkitError, messageOf } from '../core/errors.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Clock } from '../core/time.ts'
import type { Connection } from '../model/database.ts'
import type { Effect } from '../model/effect.ts'
import type { Direction, ParsedMigration } from '../model/migration.ts'
import type { SnapshotTable } from '../model/snapshot.ts'
import { contradictions } from './contradictions.ts'
import { estimates } from './estimate.ts'
import { type Rates, measureRates } from './rates.ts'
import type { ShownLocks } from './show-locks.ts'
import { LockMeter } from './lock-meter.ts'
import { proofVersion } from '../model/proof.ts'
import type { Difference, Proof, ProofKey } from '../model/proof.ts'
import type { ShadowDatabase, ShadowServer } from '../shadows/shadow.ts'
import { PrintReader } from './data/prints.ts'
import { DataWatch } from './data/watch-data.ts'
import { judge } from './judge.ts'
import type { Examination } from './levels/level.ts'
import { proofKeys } from './proof-key.ts'
import { runSection } from './run-section.ts'
import { type SeedReport, seed } from './seed.ts'
import { climb } from './stairway.ts'

export interface VerifyInput {
  /** All migrations in their order; those that are not asked for are only applied. */
  readonly history: readonly ParsedMigration[]
  readonly ids: readonly string[]
  /** What the proofs are made from, by migration in the order of the history; worked out when absent. */
  readonly keys?: readonly ProofKey[]
  readonly server: ShadowServer
  readonly dialect: Dialect
  /** Name and version of this tool, for the proof. */
  readonly tool: string
  readonly clock: Clock
  /** What lint claims of the migrations asked for on a server of this major version, by id; compared with what is measured. */
  readonly claims?: ((major: number) => ReadonlyMap<string, SectionClaims>) | undefined
  /** Sizes of the tables of a live database, to which what is measured is scaled up. */
  readonly sizes?: readonly SnapshotTable[] | undefined
  readonly onProgress?: (progress: VerifyProgress) => void
}

export interface VerifyProgress {
  readonly id: string
  readonly name: string
  /** 1-based number among those asked for. */
  readonly number: number
  readonly total: number
}

/** What is claimed of each statement, in its order. */
export interface SectionClaims {
  readonly up: readonly (readonly Effect[])[]
  readonly down: readonly (readonly Effect[])[]
}

export interface VerifyReport {
  readonly results: readonly VerifyResult[]
  /** `PostgreSQL 18.4`. */
  readonly server: string
  readonly shadow: string
}

export interface VerifyResult {
  readonly migration: ParsedMigration
  readonly proof: Proof
  /** What the downgrade leaves, or else what a second upgrade makes otherwise. */
  readonly differences: readonly Difference[]
  /** Tables that no row could be made up for. */
  readonly unseeded: readonly { readonly table: string; readonly reason: string }[]
  /** Everything that was measured of both directions, with what differs from run to run. */
  readonly measured: Readonly<Record<Direction, ShownLocks>>
}

/**
 * Proves, on scratch databases, how good the downgrade of each migration asked for is: levels D0 to D3.
 * Earlier migrations run first; rows are made up where tables have none. Broken downgrades are answers, not errors.
 *
 * @throws ToolkitError `migration-failed` when a migration before those asked for does not run
 */
export async function verify(input: VerifyInput): Promise<VerifyReport> {
  const bench = new Bench(input)
  const results: VerifyResult[] = []
  const keys = input.keys ?? proofKeys(input.history, input.dialect)
  try {
    const asked = input.history.filter(({ id }) => input.ids.includes(id))
    for (const [index, migration] of asked.entries()) {
      const { id, name } = migration
      input.onProgress?.({ id, name, number: index + 1, total: asked.length })
      const key = keys[input.history.indexOf(migration)]
      if (key !== undefined) results.push(await verifyOne(migration, key, bench, input))
    }
    const server = asked.length === 0 ? '' : await bench.serverText()
    return { results, server, shadow: input.server.description }
  } finally {
    await bench.clear()
  }
}

async function verifyOne(
  migration: ParsedMigration,
  key: ProofKey,
  bench: Bench,
  input: VerifyInput,
): Promise<VerifyResult> {
  const { meter, ...examination } = await examine(migration, bench)
  const { stairway } = examination
  const { levels, level, differences, columnOrderDiffers } = judge(migration, examination)
  if (stairway.failure !== undefined || migration.down.kind !== 'sql' || differences.length > 0) await bench.clear()
  const proof: Proof = {
    version: proofVersion,
    id: key.id,
    history: key.history,
    up: key.up,
    down: key.down,
    irreversible: key.irreversible,
    losses: key.losses,
    level,
    levels,
    before: stairway.before.hash,
    after: stairway.after?.hash ?? null,
    columnOrderDiffers,
    seed: { rows: examination.seed?.rows ?? 0, hash: key.seed },
    queries: null,
    locks: { up: meter.section('up').statements, down: meter.section('down').statements },
    server: await bench.serverText(),
    shadow: input.server.description,
    hides: [],
    tool: input.tool,
  }
  return {
    migration,
    proof,
    differences,
    unseeded: examination.seed?.empty ?? [],
    measured: { up: await bench.measured(meter, 'up'), down: await bench.measured(meter, 'down') },
  }
}

/**
 * Rows that are made up may be such as the application would never have written: a NULL before NOT NULL is set, two
 * equal values before a unique key. So an upgrade that fails is tried again on ordinary rows, and then on none.
 */
async function examine(migration: ParsedMigration, bench: Bench): Promise<Examination & { readonly meter: LockMeter }> {
  const unfit: string[] = []
  for (const style of ['varied', 'plain'] as const) {
    const { connection, rows } = await bench.before(migration, style)
    const watch = new DataWatch(bench.prints)
    const meter = bench.meter(migration)
    const stairway = await climb(connection, migration, { observers: [watch], carry: meter.carry })
    if (stairway.failure?.step !== 'up') return { stairway, seed: rows, unfit, data: watch.seen, meter }
    unfit.push(
      `The upgrade does not fit ${style === 'varied' ? 'rows with NULLs and unusual values' : 'ordinary rows'} that were made up: ${stairway.failure.reason}.`,
    )
    await bench.clear()
  }
  const { connection } = await bench.before(migration, 'none')
  const watch = new DataWatch(bench.prints)
  const meter = bench.meter(migration)
  const stairway = await climb(connection, migration, { observers: [watch], carry: meter.carry })
  if (stairway.failure?.step === 'up') return { stairway, seed: undefined, unfit: [], data: watch.seen, meter }
  return { stairway, seed: undefined, unfit, data: watch.seen, meter }
}

/** A scratch database and how far the history has been applied to it. It is used on as long as nothing went wrong on it. */
class Bench {
  readonly #input: VerifyInput
  #database: ShadowDatabase | undefined
  #connection: Connection | undefined
  /** How many migrations of the history are applied. */
  #applied = 0
  #server = ''
  /** What is known of the rows of this database. */
  prints = new PrintReader()
  #claims: ReadonlyMap<string, SectionClaims> | undefined
  #rates: Rates | undefined

  constructor(input: VerifyInput) {
    this.#input = input
  }

  /** A database as it is just before `migration`, with rows. The caller applies it, up in the end. */
  async before(
    migration: ParsedMigration,
    style: 'varied' | 'plain' | 'none',
  ): Promise<{ connection: Connection; rows: SeedReport | undefined }> {
    const position = this.#input.history.indexOf(migration)
    const connection = await this.#applyUntil(position)
    const rows = style === 'none' ? undefined : await seed(connection, style)
    this.#applied = position + 1
    return { connection, rows }
  }

  /** Measures on the database that `before` gave last. */
  meter(migration: ParsedMigration): LockMeter {
    const { clock, server } = this.#input
    const database = this.#database
    const connect = database === undefined || server.sessions === 'one' ? undefined : () => database.connect()
    return new LockMeter(migration, { clock, connect })
  }

  /** What a meter measured, compared with what lint claims and scaled to the sizes of a live database. */
  async measured(meter: LockMeter, direction: Direction): Promise<ShownLocks> {
    const { sizes } = this.#input
    const { statements, costs } = meter.section(direction)
    const claimed = this.#claims?.get(meter.migration.id)?.[direction]
    return {
      statements,
      costs,
      estimates: sizes === undefined ? [] : estimates(statements, sizes, await this.#measuredRates()),
      contradictions: claimed === undefined ? [] : contradictions(statements, claimed),
    }
  }

  /** Once for all: how fast this server is does not change from one migration to the next. */
  async #measuredRates(): Promise<Rates> {
    this.#rates ??= await measureRates(this.#connection ?? (await this.#open()), this.#input.clock)
    return this.#rates
  }

  async serverText(): Promise<string> {
    if (this.#server === '') await this.#open()
    return this.#server
  }

  /** Throws the database away; the next use starts with a new one. */
  async clear(): Promise<void> {
    await this.#connection?.close()
    await this.#database?.drop()
    this.#connection = undefined
    this.#database = undefined
    this.prints = new PrintReader()
    this.#applied = 0
  }

  async #applyUntil(position: number): Promise<Connection> {
    const seeded = this.#connection !== undefined
    try {
      return await this.#apply(position)
    } catch (error) {
      // Rows that were made up for an earlier migration may be what fails here.
      if (!seeded) throw error
      await this.clear()
      return this.#apply(position)
    }
  }

  async #apply(position: number): Promise<Connection> {
    const connection = this.#connection ?? (await this.#open())
    for (const migration of this.#input.history.slice(this.#applied, position)) {
      try {
        await runSection(connection, migration.up, migration.upSql)
      } catch (error) {
        throw new ToolkitError({
          code: 'migration-failed',
          message: `${migration.source.path} does not run on a scratch database: ${messageOf(error)}`,
          hint: 'Mend this migration first: nothing after it can be verified.',
          cause: error,
        })
      }
      this.#applied += 1
    }
    return connection
  }

  async #open(): Promise<Connection> {
    this.#database = await this.#input.server.createDatabase()
    this.#connection = await this.#database.connect()
    const version = this.#connection.versionNumber
    this.#claims ??= this.#input.claims?.(Math.floor(version / 10_000))
    this.#server = `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`
    return this.#connection
  }
}
