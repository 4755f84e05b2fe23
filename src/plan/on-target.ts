import type { PlannedStatement } from '../model/planned-run.ts'
import { isTold, lockText } from './lock-text.ts'

/** What the steps of a plan do to the tables of one database, by the id of the step. */
export interface OnTarget {
  /** Where sizes come from: `the database that was asked (PostgreSQL 18)`. */
  readonly source: string
  readonly steps: ReadonlyMap<string, readonly PlannedStatement[]>
}

/** A line for each lock that is worth one; locks for a moment that are taken again are not told again. */
export function onTargetLines(onTarget: OnTarget | undefined, step: string): readonly string[] {
  const statements = onTarget?.steps.get(step) ?? []
  const lines = statements.flatMap(({ locks, from }) =>
    from === 'unknown'
      ? ['what it locks is not known for this version of the server']
      : locks
          .filter(isTold)
          .map((lock) => lockText(lock, from) + (lock.bytes === null ? '; how large it is is not known' : '')),
  )
  return [...new Set(lines)]
}

/** Says whose the sizes are, and what estimates are made of. */
export function sourceText({ source }: OnTarget): string {
  return (
    `Sizes are those of ${source}. Estimates go by a rate that earlier runs measured there, where they measured one, ` +
    'and else by an assumed one.'
  )
}
