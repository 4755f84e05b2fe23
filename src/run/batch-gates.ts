import { ToolkitError } from '../core/errors.ts'
import { formatDuration } from '../core/time.ts'
import type { AskedVerdict } from '../model/verdict.ts'
import { type Asking, askGate, verdictText } from './ask.ts'
import type { RunContext } from './context.ts'
import { wait } from './interruption.ts'
import { recordVerdict } from './journal/write.ts'
import type { RunMigration } from './run-migration.ts'

/** How soon a gate is asked again that does not say when. */
const askAgainAfterMs = 1000

/**
 * What to ask before each batch of a backfill: those of its gates that the batches themselves may shut. A batch waits
 * until all of them are open again; undefined where it has none.
 *
 * @throws ToolkitError `backfill-halfway` from what it gives, when they stay shut
 */
export function batchGates(
  context: RunContext,
  migration: RunMigration,
  asking: Asking,
): (() => Promise<void>) | undefined {
  const { clock, emit, signal, limits, journal, run } = context
  const uses = migration.gates.filter((use) => asking.gates.some(({ id, eachBatch }) => id === use.gate && eachBatch))
  if (uses.length === 0) return undefined
  const shut = async (): Promise<AskedVerdict | undefined> => {
    for (const use of uses) {
      const asked = await askGate(asking, migration, use)
      if (asked.verdict.status !== 'open') return asked
    }
    return undefined
  }
  return async () => {
    let asked = await shut()
    if (asked === undefined) return
    await recordVerdict(journal, run, migration.id, asked)
    emit({ kind: 'backfill-waits', migration: migration.id, reason: verdictText(asked) })
    for (const begunAt = clock.now(); asked !== undefined; asked = await shut()) {
      const waitedMs = clock.now() - begunAt
      if (limits.gate > 0 && waitedMs >= limits.gate) throw staysShut(migration, asked, waitedMs)
      const { verdict } = asked
      await wait(
        { clock, signal },
        verdict.status === 'closed' ? (verdict.askAgainAfterMs ?? askAgainAfterMs) : askAgainAfterMs,
      )
    }
  }
}

function staysShut({ id }: RunMigration, asked: AskedVerdict, waitedMs: number): ToolkitError {
  return new ToolkitError({
    code: 'backfill-halfway',
    message: `The backfill ${id} waited ${formatDuration(waitedMs)} before its next batch: ${verdictText(asked)}.`,
    hint: 'What is done stays done. Run the command again when the gate is open; run.limits.gate says how long it waits.',
  })
}
