import type { ParsedMigration } from '../model/migration.ts'
import type { Difference, Level, LevelResult } from '../model/proof.ts'
import { compare, reordered } from './compare.ts'
import { data } from './levels/data.ts'
import { type Examination, type LevelJudge, levelResult } from './levels/level.ts'
import { oldQueries } from './levels/old-queries.ts'
import { run } from './levels/run.ts'
import { schema } from './levels/schema.ts'
import { scope } from './levels/scope.ts'
import { writes } from './levels/writes.ts'

/** Every level that is judged, in their order. */
const judges: readonly LevelJudge[] = [scope, run, schema, data, writes, oldQueries]

export interface Judgement {
  readonly levels: readonly LevelResult[]
  /** The highest level that is proven with all below it. */
  readonly level: Level | null
  readonly differences: readonly Difference[]
  /** The second upgrade gives another schema than the first. */
  readonly secondDiffers: boolean
  readonly columnOrderDiffers: boolean
}

/** Each level from what was seen. Pure. */
export function judge(migration: ParsedMigration, examination: Examination): Judgement {
  const { before, after, reverted, again } = examination.stairway
  const evidence = {
    ...examination,
    migration,
    upgraded: after === undefined ? [] : compare(before, after),
    downgraded: after === undefined || reverted === undefined ? [] : compare(after, reverted),
    left: reverted === undefined ? [] : compare(before, reverted),
    second: after === undefined || again === undefined ? [] : compare(after, again),
    reordered: reverted === undefined ? [] : reordered(before, reverted),
  }
  const levels = judges.map((level) => levelResult(level.level, level.judge(evidence)))
  const firstUnproven = levels.findIndex(({ standing }) => standing !== 'proven')
  const proven = firstUnproven === -1 ? levels : levels.slice(0, firstUnproven)
  return {
    levels,
    level: proven.at(-1)?.level ?? null,
    // What the downgrade leaves shows up in the second upgrade again.
    differences: evidence.left.length > 0 ? evidence.left : evidence.second,
    secondDiffers: evidence.second.length > 0,
    columnOrderDiffers: evidence.reordered.length > 0,
  }
}
