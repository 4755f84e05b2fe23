import { listOf } from '../../core/text.ts'
import { hidesWhatItDoes, touchedBesides, touchedByFacts } from '../../model/touched.ts'
import { touchedByDifferences } from '../differing.ts'
import { type Evidence, type LevelJudge, type Verdict, broken, declared, proven } from './level.ts'

/** D0: the downgrade parses and touches only what the upgrade touched. */
export const scope: LevelJudge = { level: 'D0', judge: judgeScope }

function judgeScope({ migration, upgraded, downgraded }: Evidence): Verdict {
  const { down, downSql } = migration
  if (down.kind === 'missing') return broken('There is no down section, and none is declared to be impossible.')
  if (down.kind === 'none') return declared(down.reason)
  const problem = downSql.problems[0]
  if (problem !== undefined) return broken(`The downgrade does not parse: ${problem.message}`)
  const allowed = new Set([...touchedByFacts(migration.upSql.statements), ...touchedByDifferences(upgraded)])
  const differing = touchedByDifferences(downgraded)
  const besides = touchedBesides(downSql.statements, allowed).keys()
  const foreign = [...new Set([...besides, ...[...differing].filter((name) => !allowed.has(name))])]
  if (foreign.length > 0) return broken(`The downgrade touches what the upgrade did not: ${listOf(foreign)}.`)
  const hidden = hidesWhatItDoes(downSql.statements)
    ? ' It holds dynamic SQL, which was judged by what changed in the catalogue.'
    : ''
  const touched = new Set([...touchedByFacts(downSql.statements), ...differing].filter((name) => allowed.has(name)))
  const what = touched.size === 0 ? 'nothing' : `only ${listOf([...touched].toSorted())}, as the upgrade does`
  return proven(`The downgrade parses and touches ${what}.${hidden}`)
}
