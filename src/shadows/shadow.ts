import type { Log } from '../core/log.ts'
import type { Connection } from '../model/database.ts'

/** Where a scratch database comes from. */
export interface Shadow {
  readonly id: string
  readonly summary: string
  /** Order in which they are tried, smallest first. */
  readonly rank: number
  /** Whether it can be had here, and which server it would be; the first of the catalogue that can is taken. */
  available(options: ShadowOptions): Promise<ShadowAvailability>
  /** @throws ToolkitError `shadow-unavailable`, `shadow-refused` */
  start(options: ShadowOptions): Promise<ShadowServer>
}

export interface ShadowOptions {
  /** Major version that is wanted; undefined: the newest there is. */
  readonly major?: number
  /** `--shadow-url`. */
  readonly url?: string
  /** The database that migrations are meant for: never used as a scratch database. */
  readonly targetUrl?: string
  /** Directories whose `node_modules` may hold server binaries, besides the working directory and this package. */
  readonly searchIn?: readonly string[]
  /** Where prepared templates are kept. */
  readonly cacheDirectory: string
  readonly log: Log
}

export type ShadowAvailability =
  | { readonly available: true; readonly major: number; readonly description: string }
  | { readonly available: false; readonly reason: string }

/** A running scratch server. Everything is removed by `stop`, and at process exit. */
export interface ShadowServer {
  /** `local PostgreSQL 18.4`: printed in proofs. */
  readonly description: string
  /** Several sessions at once are possible; otherwise what needs two is `not covered`. */
  readonly sessions: 'many' | 'one'
  /** A new, empty database. */
  createDatabase(): Promise<ShadowDatabase>
  stop(): Promise<void>
}

export interface ShadowDatabase {
  /** For other programs; undefined when embedded in this process. */
  readonly url: string | undefined
  connect(): Promise<Connection>
  drop(): Promise<void>
}
