import type { Migration } from '../model/migration.ts'
import { listOf, plural, rowsOfAbout } from '../core/text.ts'
import type { Verdict } from '../model/verdict.ts'
import { checkName } from './check-options.ts'
import type { Gate, GateContext } from './gate.ts'

/** All backfills of the change have come to their end. */
export const backfillComplete: Gate = {
  id: 'backfill-complete',
  summary: 'Every backfill of the change is done.',
  why:
    'A contract that drops the old column, or forbids NULL in the new one, loses or refuses the rows that no batch has ' +
    'reached yet. The journal knows how far each backfill came.',
  options: [
    {
      name: 'change',
      summary: 'the change whose backfills are meant; its own when not written',
      fallback: '',
      example: 'users-email',
      check: (value) => (value === '' ? undefined : checkName(value)),
    },
  ],
  examples: ['-- migrate:gate backfill-complete', '-- migrate:gate backfill-complete change:users-email'],
  ask(context) {
    return Promise.resolve(answer(context))
  },
}

function answer({ journal, migration, migrations, settings }: GateContext): Verdict {
  const change = settings['change'] === '' ? migration.change : settings['change']
  if (change === undefined) {
    return {
      status: 'unknown',
      reason: 'the migration belongs to no change. Write -- migrate:change, or change:NAME after the gate',
    }
  }
  const backfills = migrations.filter((one) => one.change === change && isBackfill(one))
  if (backfills.length === 0) return { status: 'unknown', reason: `the change "${change}" has no backfill` }
  const applied = new Set(journal.applied.map(({ id }) => id))
  const open = backfills.filter(({ id }) => !applied.has(id))
  if (open.length === 0) {
    return {
      status: 'open',
      evidence: `${plural(backfills.length, 'backfill')} of "${change}" done: ${listOf(backfills.map(({ id }) => id))}`,
    }
  }
  const states = open.map(({ id }) => {
    const progress = journal.backfills.find((one) => one.migration === id)
    return progress === undefined
      ? `${id} has not begun`
      : `${id} is at ${rowsOfAbout(progress.rowsDone, progress.rowsEstimated)}`
  })
  return { status: 'closed', reason: `${listOf(states)}. Run: migrate up --phase backfill` }
}

function isBackfill(migration: Migration): boolean {
  return migration.backfill !== undefined || migration.declaredPhase === 'backfill'
}
