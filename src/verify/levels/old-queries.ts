import { listOf, plural } from '../../core/text.ts'
import type { QueryProof } from '../../model/query-proof.ts'
import { type Evidence, type LevelJudge, type Verdict, broken, notCovered, proven } from './level.ts'
import { removedNames } from './removed.ts'

/** D5: the old version's queries give the same answers, also on the upgraded schema. */
export const oldQueries: LevelJudge = { level: 'D5', judge: judgeQueries }

function judgeQueries({ queries, stairway, migration }: Evidence): Verdict {
  if (queries === null)
    return notCovered('No queries of an earlier release were captured: migrate queries capture --help')
  const { broken: failed, notCovered: open, states, checkable, captured, untouched, missingRoles } = queries
  const [first] = failed
  if (first !== undefined) {
    const more = failed.length > 1 ? ` So do ${plural(failed.length - 1, 'more')} of ${coverage(queries)}.` : ''
    const by = first.step === null ? '' : ` It is broken by: ${oneLine(first.step)}.`
    return broken(`${sentence(first.state)} this fails: ${oneLine(first.sql)}: ${ended(first.error)}${by}${more}`)
  }
  if (stairway.after === undefined) return notCovered('The upgrade did not run to its end.')
  if (migration.down.kind === 'sql' && stairway.reverted === undefined)
    return notCovered('The downgrade did not run to its end.')
  const roles =
    missingRoles.length === 0
      ? ''
      : ` The scratch server has no role ${listOf(missingRoles)}: privileges were not checked.`
  const removed = removedNames(migration.upSql.statements)
  // Each was run without it, or names nothing that the migration touches.
  const unused = removed.length === 0 ? '' : ` None of them reads or writes ${listOf(removed)}.`
  if (captured > 0 && captured === untouched)
    return proven(
      `None of ${plural(captured, 'captured statement')} names what the migration touches.${unused}${roles}`,
    )
  if (checkable === 0) return notCovered(`None of ${coverage(queries)}: ${open[0]?.why ?? ''}`)
  const later = states.filter(({ state }) => state !== 'before the upgrade')
  const uncovered = later.reduce((most, { notCovered: count }) => Math.max(most, count), 0)
  const where = listOf(later.map(({ state }) => state))
  if (uncovered > 0) {
    const why = open.find(({ why: reason }) => !reason.startsWith('It does not work before'))?.why ?? ''
    return notCovered(
      `${plural(uncovered, 'statement')} may be answered otherwise: ${ended(why)} ${sentence(coverage(queries))}.${roles}`,
    )
  }
  return proven(`The same answers ${where}: ${coverage(queries)}.${unused}${roles}`)
}

/** `412 of 431 captured statements checkable`. */
function coverage({ captured, checkable, untouched }: QueryProof): string {
  const rest = untouched === 0 ? '' : `, ${untouched} of them untouched`
  return `${checkable + untouched} of ${plural(captured, 'captured statement')} checkable${rest}`
}

function ended(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}

function sentence(state: string): string {
  return state.charAt(0).toUpperCase() + state.slice(1)
}

function oneLine(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ').trim()
  return line.length > 100 ? `${line.slice(0, 100)}…` : line
}
