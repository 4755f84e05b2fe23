import type { Log } from '../core/log.ts'
import type { Connection } from '../model/database.ts'
import type { ServerFacts, TargetFacts } from '../model/server-facts.ts'

/** Where a scratch database comes from. */
export interface Shadow {
  readonly id: string
  readonly summary: string
  /** Order in which they are tried, smallest first. */
  readonly rank: number
  /** Whether it can be had here, and which server it would be. Answers quickly: nothing is started or downloaded for it. */
  available(options: ShadowOptions): Promise<ShadowAvailability>
  /** @throws ToolkitError `shadow-unavailable`, `shadow-refused` */
  start(options: ShadowOptions): Promise<ShadowServer>
}

export interface ShadowOptions {
  /** Major version that is wanted; undefined: the newest there is. */
  readonly major?: number
  /** Extensions that the migrations create. */
  readonly extensions?: readonly string[]
  /** `--shadow-url`. */
  readonly url?: string
  /** Container image, instead of `postgres:MAJOR`. */
  readonly image?: string
  /** The database that migrations are meant for: never used as a scratch database. */
  readonly targetUrl?: string
  /** What is known of it. */
  readonly target?: TargetFacts
  /** Schema of the journal: a database that has one is somebody's. `migrate` when absent. */
  readonly journalSchema?: string
  /** Directories whose `node_modules` may hold server binaries, besides the working directory and this package. */
  readonly searchIn?: readonly string[]
  /** Where prepared templates are kept. */
  readonly cacheDirectory: string
  readonly log: Log
  /** Told what takes long: an image that is downloaded. */
  readonly onProgress?: (text: string) => void
  /** Ends what takes long. */
  readonly signal?: AbortSignal | undefined
}

export type ShadowAvailability =
  | { readonly available: true; readonly major: number; readonly description: string }
  | { readonly available: false; readonly reason: string }

/** A scratch server that runs. Everything is removed by `stop`, and at the process's end, however it ends. */
export interface RunningServer {
  /** `local PostgreSQL 18.4`: printed in proofs. */
  readonly description: string
  /** Several sessions at once are possible; otherwise what needs two is `not covered`. */
  readonly sessions: 'many' | 'one'
  readonly facts: ServerFacts
  /** A new, empty database. */
  createDatabase(): Promise<ShadowDatabase>
  stop(): Promise<void>
}

export interface ShadowServer extends RunningServer {
  /** What its difference to the target may hide: a sentence each. */
  readonly hides: readonly string[]
}

export interface ShadowDatabase {
  /** For other programs; undefined when embedded in this process. */
  readonly url: string | undefined
  connect(): Promise<Connection>
  drop(): Promise<void>
}
