import { listOf, plural } from '../../core/text.ts'
import { isDeclared } from '../data/losses.ts'
import type { WrittenLoss } from '../writes/compare-written.ts'
import type { WriteOutcome, WritesSeen } from '../writes/try-writes.ts'
import { unseenLosses } from './unseen-losses.ts'
import { type Evidence, type LevelJudge, type Verdict, broken, declared, notCovered, proven } from './level.ts'

/** D4: rows that were written after the upgrade survive the downgrade, are refused beforehand or are set aside. */
export const writes: LevelJudge = { level: 'D4', judge: judgeWrites }

function judgeWrites(evidence: Evidence): Verdict {
  const { migration, writes: seen, stairway, left, second } = evidence
  if (migration.down.kind === 'none') return declared(migration.down.reason)
  if (stairway.again === undefined) return notCovered('Up, down and up again did not run to their end.')
  if (left.length + second.length > 0) return notCovered('The schema is not the same again.')
  if (seen === undefined || seen.why !== '') return notCovered(seen?.why ?? 'Nothing was written.')
  const { outcomes } = seen
  const halfDone = outcomes.find(({ result }) => result === 'half done')
  if (halfDone !== undefined)
    return broken(`${wroteText(halfDone)}: the downgrade fails after it has changed something: ${halfDone.detail}.`)
  const lost = outcomes.flatMap((outcome) => {
    const losses = outcome.losses.filter(({ table, column }) => !isDeclared(migration.downLoses, table, column))
    return losses.length === 0 ? [] : [`${wroteText(outcome)}: ${lossesText(losses)}`]
  })
  if (lost.length > 0) return broken(`${lost.slice(0, 2).join('. ')}.`)
  const unseen = unseenLosses(evidence)
  const warning = unseen.length === 0 ? '' : ` Warning: declared to be lost, but nothing was: ${listOf(unseen)}.`
  if (outcomes.length === 0) return proven(`The upgrade changes no table that rows can be written to.${warning}`)
  return proven(`${outcomes.map(outcomeText).join(' ')}${goneText(seen)}${warning}`)
}

function outcomeText(outcome: WriteOutcome): string {
  const { result, detail, losses } = outcome
  const wrote = wroteText(outcome)
  if (result === 'refused') return `${wrote}: the downgrade refuses, and changes nothing: ${detail}.`
  if (result === 'set aside') return `${wrote}: set aside in ${detail}.`
  if (losses.length > 0) return `${wrote}: lost as declared: ${lossesText(losses)}.`
  return `${wrote}: kept by the downgrade.`
}

function wroteText({ what, inserted, updated, deleted }: WriteOutcome): string {
  if (what !== '') return what.charAt(0).toUpperCase() + what.slice(1)
  const parts = [
    ...(inserted > 0 ? [`${inserted} inserted`] : []),
    ...(updated > 0 ? [`${updated} updated`] : []),
    ...(deleted > 0 ? [`${deleted} deleted`] : []),
  ]
  return `Rows written after the upgrade (${listOf(parts)})`
}

function lossesText(losses: readonly WrittenLoss[]): string {
  return losses
    .slice(0, 3)
    .map(({ table, column, ids, detail }) => {
      if (column === undefined)
        return `${plural(ids.length, 'row')} of ${table} ${ids.length === 1 ? 'is' : 'are'} ${detail}`
      return `${table}.${column} is another in ${plural(ids.length, 'row')}: ${detail}`
    })
    .join('; ')
}

function goneText({ outcomes, kept }: WritesSeen): string {
  const stay = new Map(kept.map(({ column, by }) => [`column ${column}`, by]))
  const gone = [...new Set(outcomes.flatMap((outcome) => outcome.gone))].filter((name) => !stay.has(name))
  const lost = gone.length === 0 ? '' : ` What the upgrade added goes, with what was written to it: ${listOf(gone)}.`
  const left = [...stay].map(([name, by]) => ` What was written to ${name} stays in ${by}.`)
  return `${lost}${left.join('')}`
}
