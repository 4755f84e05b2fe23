import { formatBytes } from '../core/bytes.ts'
import { indent, wrap } from '../core/text.ts'
import { formatDuration } from '../core/time.ts'
import { blocksWrites } from '../model/lock.ts'
import type { Direction } from '../model/migration.ts'
import type { RelationLock, StatementCost, StatementLocks } from '../model/statement-locks.ts'
import type { Contradiction } from './contradictions.ts'
import { type Estimate, estimateText } from './estimate.ts'

/** What was measured of one direction. */
export interface ShownLocks {
  readonly statements: readonly StatementLocks[]
  readonly costs: readonly StatementCost[]
  readonly estimates: readonly Estimate[]
  readonly contradictions: readonly Contradiction[]
}

const titles: Readonly<Record<Direction, string>> = { up: 'upgrade', down: 'downgrade' }

/** The statements that others may have to wait for; nothing where there are none. */
export function locksText(direction: Direction, shown: ShownLocks, width: number): readonly string[] {
  const lines = shown.statements.flatMap(({ statement, relations }) => {
    const holding = relations.filter((relation) => holdsUp(relation))
    if (holding.length === 0) return []
    const cost = shown.costs.find((one) => one.statement === statement)
    const took = cost === undefined ? '' : `: ${formatDuration(cost.durationMs)}, ${formatBytes(cost.walBytes)} of log`
    return [`statement ${statement}${took}`, ...holding.map((relation) => `  ${relationText(relation)}`)]
  })
  const estimated = shown.estimates.map(estimateText)
  const wrong = shown.contradictions.map(
    ({ statement, relation, text }) =>
      `A defect of this tool, please report it: of statement ${statement} on ${relation} ${text}.`,
  )
  const all = [...lines, ...estimated, ...wrong]
  if (all.length === 0) return []
  const wrapped = all.map((line) => indent(wrap(line, Math.max(width - 4, 30)), 4))
  return [`  Locks of the ${titles[direction]}, measured:`, ...wrapped]
}

/** Indexes and sequences go along with their tables. */
function holdsUp({ kind, lock, rewritten, scanned }: RelationLock): boolean {
  if (kind === 'index' || kind === 'sequence') return false
  return rewritten || scanned || lock === 'not observed' || blocksWrites(lock)
}

function relationText({ relation, kind, lock, rewritten, scanned }: RelationLock): string {
  const what = [...(rewritten ? ['written anew'] : []), ...(scanned ? ['all rows read'] : [])]
  const name = kind === 'table' ? relation : `${kind} ${relation}`
  return [`${lock === 'not observed' ? 'a lock that was not observed' : lock} on ${name}`, ...what].join(', ')
}
