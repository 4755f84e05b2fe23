import type { Clock } from '../core/time.ts'
import type { Connection } from '../model/database.ts'
import type { Effect } from '../model/effect.ts'
import type { Direction } from '../model/migration.ts'
import type { SnapshotTable } from '../model/snapshot.ts'
import { contradictions } from './contradictions.ts'
import { estimates } from './estimate.ts'
import type { LockMeter } from './lock-meter.ts'
import { type Rates, measureRates } from './rates.ts'
import type { ShownLocks } from './show-locks.ts'

export interface LockReportInput {
  readonly clock: Clock
  /** What lint claims of the migrations asked for on a server of this major version, by id; compared with what is measured. */
  readonly claims?: ((major: number) => ReadonlyMap<string, SectionClaims>) | undefined
  /** Sizes of the tables of a live database, to which what is measured is scaled up. */
  readonly sizes?: readonly SnapshotTable[] | undefined
}

/** What is claimed of each statement, in its order. */
export interface SectionClaims {
  readonly up: readonly (readonly Effect[])[]
  readonly down: readonly (readonly Effect[])[]
}

/** What was measured, compared with what lint claims and scaled to the sizes of a live database. */
export class LockReport {
  readonly #input: LockReportInput
  #claims: ReadonlyMap<string, SectionClaims> | undefined
  #rates: Rates | undefined

  constructor(input: LockReportInput) {
    this.#input = input
  }

  async measured(meter: LockMeter, direction: Direction, connection: Connection): Promise<ShownLocks> {
    const { sizes, claims } = this.#input
    const { statements, costs } = meter.section(direction)
    this.#claims ??= claims?.(Math.floor(connection.versionNumber / 10_000))
    const claimed = this.#claims?.get(meter.migration.id)?.[direction]
    return {
      statements,
      costs,
      estimates: sizes === undefined ? [] : estimates(statements, sizes, await this.#measuredRates(connection)),
      contradictions: claimed === undefined ? [] : contradictions(statements, claimed),
    }
  }

  /** Once for all: how fast this server is does not change from one migration to the next. */
  async #measuredRates(connection: Connection): Promise<Rates> {
    this.#rates ??= await measureRates(connection, this.#input.clock)
    return this.#rates
  }
}
