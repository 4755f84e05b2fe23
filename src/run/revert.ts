import type { JournalState } from '../model/journal.ts'
import { inOneTransaction } from '../model/statement.ts'
import type { RunContext } from './context.ts'
import { recordReverted } from './journal/write.ts'
import { performOneByOne } from './perform-alone.ts'
import { performInTransaction } from './perform.ts'
import type { SectionWork } from './section.ts'
import type { WayBack } from './way-back.ts'

/**
 * Runs the downgrade of one applied migration and takes it out of the journal; gives how long that took, in milliseconds.
 * `because`: the run that applied it takes it back, for this reason.
 */
export async function revert(
  context: RunContext,
  back: WayBack,
  state: JournalState,
  because?: string,
): Promise<number> {
  const { id, name, phase } = back.applied
  const unfinished = state.unfinished.find((step) => step.migration === id)
  context.emit({
    kind: 'migration-started',
    migration: id,
    name,
    direction: 'down',
    phase,
    resumed: unfinished !== undefined,
  })
  const work: SectionWork = {
    migration: id,
    name,
    direction: 'down',
    source: back.source,
    statements: back.sql.statements,
    record: (took) => [recordReverted(context.journal, context.run, id, { ...took, because })],
  }
  const whole = unfinished === undefined && inOneTransaction(back, back.sql)
  const took = whole ? await performInTransaction(context, work) : await performOneByOne(context, work, unfinished)
  context.emit({ kind: 'migration-reverted', migration: id, name, durationMs: took.durationMs })
  return took.durationMs
}
