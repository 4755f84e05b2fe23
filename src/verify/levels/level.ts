import type { ParsedMigration } from '../../model/migration.ts'
import type { Difference, Level, LevelResult, Standing } from '../../model/proof.ts'
import type { QueryProof } from '../../model/query-proof.ts'
import type { DataSeen } from '../data/watch-data.ts'
import type { SeedReport } from '../seed/report.ts'
import type { Stairway } from '../stairway.ts'
import type { WritesSeen } from '../writes/try-writes.ts'

/** What was done to one migration on a scratch database. */
export interface Examination {
  readonly stairway: Stairway
  /** Undefined: the tables were left empty, because the upgrade does not run on rows that we can make up. */
  readonly seed: SeedReport | undefined
  /** Why rows of another style, or any rows, could not be used. */
  readonly unfit: readonly string[]
  readonly data: DataSeen
  /** Rows written after the upgrade; undefined where the way did not go that far. */
  readonly writes?: WritesSeen | undefined
  /** Null: no captured queries count. */
  readonly queries: QueryProof | null
}

/** What is to be judged: what was seen, and how the schemas differ. */
export interface Evidence extends Examination {
  readonly migration: ParsedMigration
  /** From before the upgrade to after it. */
  readonly upgraded: readonly Difference[]
  /** From after the upgrade to after the downgrade. */
  readonly downgraded: readonly Difference[]
  /** From before the upgrade to after the downgrade. */
  readonly left: readonly Difference[]
  /** From the first upgrade to the second. */
  readonly second: readonly Difference[]
  /** Tables whose columns come back in another order. */
  readonly reordered: readonly string[]
}

/** One level of `levels`: what it claims, judged from what was seen. Pure. */
export interface LevelJudge {
  readonly level: Level
  judge(evidence: Evidence): Verdict
}

export interface Verdict {
  readonly standing: Standing
  readonly evidence: string
}

export const proven = (evidence: string): Verdict => ({ standing: 'proven', evidence })
export const broken = (evidence: string): Verdict => ({ standing: 'broken', evidence })
export const notCovered = (evidence: string): Verdict => ({ standing: 'not covered', evidence })
export const declared = (reason: string, more = ''): Verdict => notCovered(`Declared irreversible: ${reason}.${more}`)

export function levelResult(level: Level, { standing, evidence }: Verdict): LevelResult {
  return { level, standing, evidence }
}
