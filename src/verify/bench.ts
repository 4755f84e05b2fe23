import { ToolkitError, messageOf } from '../core/errors.ts'
import type { Connection } from '../model/database.ts'
import type { ParsedMigration } from '../model/migration.ts'
import type { ShadowDatabase, ShadowServer } from '../shadows/shadow.ts'
import { PrintReader } from './data/prints.ts'
import { FingerprintReader } from './fingerprint.ts'
import { FailedStatement, placeOf } from './failed-statement.ts'
import { runSection } from './run-section.ts'
import { ServerRoles } from './server-roles.ts'
import type { Carry } from './stairway.ts'
import { SeedQueue } from './seed/apply-seeds.ts'
import type { SeedFile } from './seed/seed-file.ts'
import { Seeder } from './seed/seeder.ts'

/** What is known of one scratch database. */
export interface BenchState {
  readonly connection: Connection
  /** Opens further sessions on the same database; undefined where there can be one only. */
  readonly connect: (() => Promise<Connection>) | undefined
  readonly seeder: Seeder
  readonly prints: PrintReader
  readonly schema: FingerprintReader
}

export interface BenchOptions {
  /** Rows of the user's own, put in as the history goes on. */
  readonly seeds?: readonly SeedFile[] | undefined
  /** Carries sections of the history out; `runSection` when absent. */
  readonly carry?: Carry
  /** The server is thrown away as a whole, so that what its databases share may be put back. */
  readonly throwAway?: boolean
}

interface Opened extends BenchState {
  readonly database: ShadowDatabase
  readonly seeds: SeedQueue
}

/** A scratch database and how far the history has been applied to it. It is used on as long as nothing went wrong on it. */
export class Bench {
  readonly #history: readonly ParsedMigration[]
  readonly #server: ShadowServer
  readonly #carry: Carry
  readonly #roles: ServerRoles | undefined
  readonly #seeds: readonly SeedFile[]
  #opened: Opened | undefined
  /** How many migrations of the history are applied. */
  #applied = 0
  #version = 0

  constructor(history: readonly ParsedMigration[], server: ShadowServer, options: BenchOptions = {}) {
    this.#history = history
    this.#seeds = options.seeds ?? []
    this.#server = server
    this.#carry = options.carry ?? runSection
    this.#roles = options.throwAway === true ? new ServerRoles() : undefined
  }

  /**
   * The database as it is just before `migration`. The caller applies it, up in the end.
   *
   * @throws ToolkitError `migration-failed` with the statement that fails
   */
  async before(migration: ParsedMigration): Promise<BenchState> {
    const position = this.#history.indexOf(migration)
    // Asked for again: its upgrade did not run.
    if (this.#opened !== undefined && this.#applied === position + 1) return this.#opened
    const state = await this.#applyUntil(position)
    this.#applied = position + 1
    return state
  }

  /**
   * At the end of the history: every seed has to have found its place.
   *
   * @throws ToolkitError `seed-failed`
   */
  async finish(): Promise<void> {
    if (this.#seeds.length > 0) await this.#applyUntil(this.#history.length)
  }

  /** The session on the database as it is. */
  async connection(): Promise<Connection> {
    return (this.#opened ?? (await this.#open())).connection
  }

  /** `PostgreSQL 18.4`. */
  async serverText(): Promise<string> {
    if (this.#version === 0) await this.#open()
    return `PostgreSQL ${Math.floor(this.#version / 10_000)}.${this.#version % 10_000}`
  }

  /** Throws the database away; the next use starts with a new one. */
  async clear(): Promise<void> {
    const opened = this.#opened
    this.#opened = undefined
    this.#applied = 0
    await opened?.connection.close()
    await opened?.database.drop()
  }

  async #applyUntil(position: number): Promise<BenchState> {
    const seeded = this.#opened !== undefined
    try {
      return await this.#apply(position)
    } catch (error) {
      // Rows that were made up for an earlier migration may be what fails here.
      if (!seeded) throw error
      await this.clear()
      return this.#apply(position)
    }
  }

  async #apply(position: number): Promise<BenchState> {
    const state = this.#opened ?? (await this.#open())
    await this.#seed(state)
    for (const migration of this.#history.slice(this.#applied, position)) {
      try {
        await this.#carry(state.connection, migration.up, migration.upSql)
      } catch (error) {
        throw doesNotApply(migration, error)
      }
      this.#applied += 1
      await this.#seed(state)
    }
    return state
  }

  /** The user's own rows that belong to the state that the history has reached. */
  async #seed({ connection, seeds }: Opened): Promise<void> {
    const last = this.#history[this.#applied - 1]
    if (last !== undefined) await seeds.apply(connection, last.id, this.#applied >= this.#history.length)
  }

  async #open(): Promise<Opened> {
    const database = await this.#server.createDatabase()
    const connection = await database.connect()
    this.#version = connection.versionNumber
    await this.#roles?.restore(connection)
    const connect = this.#server.sessions === 'one' ? undefined : (): Promise<Connection> => database.connect()
    this.#opened = {
      database,
      connection,
      connect,
      seeds: new SeedQueue(this.#seeds),
      seeder: new Seeder(),
      prints: new PrintReader(),
      schema: new FingerprintReader(),
    }
    return this.#opened
  }
}

const longStatement = 400

function doesNotApply(migration: ParsedMigration, error: unknown): ToolkitError {
  const hint = 'Mend this migration first: nothing after it can be verified.'
  const fields = { code: 'migration-failed', hint, cause: error } as const
  const { path } = migration.source
  if (!(error instanceof FailedStatement))
    return new ToolkitError({ ...fields, message: `${path} does not run on a scratch database: ${messageOf(error)}` })
  const at = placeOf(migration, migration.up, error.statement)
  const { sql } = error.statement
  return new ToolkitError({
    ...fields,
    at,
    message: `The history does not apply on a scratch database: ${at.path}:${at.line}:${at.column}: ${messageOf(error)}`,
    details: sql.length > longStatement ? `${sql.slice(0, longStatement)}…` : sql,
  })
}
