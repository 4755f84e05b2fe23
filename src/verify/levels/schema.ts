import { listOf, plural } from '../../core/text.ts'
import type { Difference } from '../../model/proof.ts'
import { differenceText } from '../compare.ts'
import { type Evidence, type LevelJudge, type Verdict, broken, declared, notCovered, proven } from './level.ts'

/** D2: the schema is the same again. */
export const schema: LevelJudge = { level: 'D2', judge: judgeSchema }

function judgeSchema({ migration, stairway, left, second, reordered }: Evidence): Verdict {
  const { before, reverted, again } = stairway
  if (migration.down.kind === 'none') return declared(migration.down.reason)
  if (reverted === undefined) return notCovered('The downgrade did not run to its end.')
  if (left.length > 0) return broken(`The downgrade leaves ${differencesText(left)}.`)
  if (again === undefined) return notCovered('The second upgrade did not run to its end.')
  if (second.length > 0)
    return broken(`The second upgrade gives another schema than the first: ${differencesText(second)}.`)
  const order = reordered.length > 0 ? ` The order of columns differs in ${listOf(reordered)}.` : ''
  const objects = plural(Object.keys(before.objects).length, 'object')
  return proven(
    `The schema after the downgrade is the schema before (${objects} compared), and the second upgrade gives that of the first.${order}`,
  )
}

function differencesText(differences: readonly Difference[]): string {
  const first = differences.slice(0, 3).map(differenceText).join('; ')
  return differences.length > 3 ? `${first}; and ${plural(differences.length - 3, 'more difference')}` : first
}
