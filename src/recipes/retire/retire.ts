import type { SqlStep, StepGate } from '../../model/plan.ts'
import { approval } from '../dual-column/after-backfill.ts'

/** What was retired is kept for a time: the downgrade restores it until then. */
export const retention: StepGate = { gate: 'retention', options: { duration: '30d' } }

interface Words {
  readonly title: string
  readonly why: string
  readonly up: string
  readonly allows?: NonNullable<SqlStep['allows']>
}

/** Takes it out of the application's reach, and loses nothing. */
export function retireStep(words: Words & { readonly down: string }): SqlStep {
  return {
    ...words,
    kind: 'sql',
    id: 'retire',
    phase: 'contract',
    down: { kind: 'sql', sql: words.down, loses: [] },
    transaction: true,
    lock: 'ACCESS EXCLUSIVE',
    holds: 'moment',
    gates: [approval],
  }
}

/** Drops what was retired; there is no way back from it. */
export function purgeStep(words: Words & { readonly gone: string }): SqlStep {
  const { gone, ...said } = words
  return {
    ...said,
    kind: 'sql',
    id: 'purge',
    phase: 'contract',
    down: { kind: 'none', reason: `${gone} gone for good, after having been kept for the time that the gate names` },
    transaction: true,
    lock: 'ACCESS EXCLUSIVE',
    holds: 'moment',
    gates: [approval, retention],
  }
}
