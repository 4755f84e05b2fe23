import { listOf } from '../../core/text.ts'
import { touchedByFacts } from '../../model/touched.ts'
import { bareName } from '../differing.ts'
import type { SeedReport } from '../seed/report.ts'
import { type Evidence, type LevelJudge, type Verdict, broken, declared, notCovered, proven } from './level.ts'
import { rowsText } from './rows-text.ts'

/** D1: up, down and up again run on rows. */
export const run: LevelJudge = { level: 'D1', judge: judgeRun }

const stepNames = { up: 'The upgrade', down: 'The downgrade', 'up again': 'The second upgrade' } as const

function judgeRun({ migration, stairway, seed, unfit }: Evidence): Verdict {
  const { failure } = stairway
  const on = rowsText(seed)
  const why = unfit.map((reason) => ` ${reason}`).join('')
  if (failure !== undefined) return broken(`${stepNames[failure.step]} fails on ${on}: ${failure.reason}.${why}`)
  if (migration.down.kind === 'none') return declared(migration.down.reason, ` The upgrade runs on ${on}.${why}`)
  if (migration.down.kind === 'missing') return notCovered(`There is nothing to run. The upgrade runs on ${on}.${why}`)
  const text = `Up, down and up again run on ${on}.${why}`
  if (seed === undefined) return notCovered(text)
  // A table without rows hides most of what can fail, so a change of one is not covered.
  const touched = touchedByFacts(migration.upSql.statements)
  const hidden = seed.empty.filter(({ table }) => touched.has(bareName(table)))
  if (hidden.length > 0) return notCovered(text + emptyTablesText(hidden))
  return proven(text + emptyTablesText(seed.empty))
}

function emptyTablesText(empty: SeedReport['empty']): string {
  if (empty.length === 0) return ''
  return ` Empty, because no row could be made up: ${listOf(empty.map(({ table }) => table))}.`
}
