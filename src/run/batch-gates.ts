import { ToolkitError } from '../core/errors.ts'
import { formatDuration } from '../core/time.ts'
import type { Gate } from '../gates/gate.ts'
import type { GateUse } from '../model/migration.ts'
import type { AskedVerdict } from '../model/verdict.ts'
import { type Asking, askGate, verdictText } from './ask.ts'
import type { RunContext } from './context.ts'
import { wait } from './interruption.ts'
import { recordVerdict } from './journal/write.ts'
import type { RunMigration } from './run-migration.ts'

/** How soon a gate is asked again that does not say when. */
const askAgainAfterMs = 1000

/**
 * What to ask before each batch of a backfill: those of its gates that the batches themselves may shut, and `always`, of
 * which its own take the place where it has them. A batch waits until all of them are open again; undefined where there
 * are none.
 *
 * @throws ToolkitError `backfill-halfway` from what it gives, when they stay shut
 */
export function batchGates(
  context: RunContext,
  migration: RunMigration,
  asking: Asking,
  always: readonly GateUse[] = [],
): (() => Promise<void>) | undefined {
  const { clock, emit, signal, limits, journal, run } = context
  const uses = batchGateUses(migration.gates, always, asking.gates)
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

/** Of the gates of a migration those that batches may shut, and `always` where it does not have them itself. */
export function batchGateUses(
  own: readonly GateUse[],
  always: readonly GateUse[],
  gates: readonly Gate[],
): readonly GateUse[] {
  const asked = own.filter((use) => isAskedEachBatch(use, gates))
  return [...asked, ...always.filter(({ gate }) => asked.every((use) => use.gate !== gate))]
}

/** Whether it is a gate that batches may shut by themselves. */
export function isAskedEachBatch(use: GateUse, gates: readonly Gate[]): boolean {
  return gates.some(({ id, eachBatch }) => id === use.gate && eachBatch === true)
}

function staysShut({ id }: RunMigration, asked: AskedVerdict, waitedMs: number): ToolkitError {
  return new ToolkitError({
    code: 'backfill-halfway',
    message: `The backfill ${id} waited ${formatDuration(waitedMs)} before its next batch: ${verdictText(asked)}.`,
    hint: 'What is done stays done. Run the command again when the gate is open; run.limits.gate says how long it waits.',
  })
}
