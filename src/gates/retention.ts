import { listOf } from '../core/text.ts'
import { formatDuration, parseDuration } from '../core/time.ts'
import type { Verdict } from '../model/verdict.ts'
import { checkDuration } from './check-options.ts'
import type { Gate, GateContext } from './gate.ts'

/** What was retired has been kept for long enough. */
export const retention: Gate = {
  id: 'retention',
  summary: 'What the change retired has been kept for a time.',
  why:
    'A table or column that was retired is out of reach of the application, but its rows are there, and the downgrade ' +
    'restores them. A purge ends that for good, so it waits until nobody has missed them for long enough: a monthly job ' +
    'notices after a month. The time runs from the moment that the last earlier step of the change was applied, as the ' +
    'journal has it; a downgrade and a new upgrade begin it anew.',
  options: [
    {
      name: 'duration',
      summary: 'how long it is kept',
      fallback: '30d',
      example: '30d',
      check: checkDuration,
    },
  ],
  examples: ['-- migrate:gate retention', '-- migrate:gate retention duration:90d'],
  ask(context) {
    return Promise.resolve(answer(context))
  },
}

function answer({ journal, migration, migrations, settings, clock }: GateContext): Verdict {
  const { change } = migration
  if (change === undefined)
    return { status: 'unknown', reason: 'the migration belongs to no change. Write -- migrate:change' }
  const at = migrations.findIndex(({ id }) => id === migration.id)
  const earlier = migrations.slice(0, at).filter((one) => one.change === change)
  if (earlier.length === 0) return { status: 'unknown', reason: `no earlier step of "${change}" retires anything` }
  const appliedAt = new Map(journal.applied.map((one) => [one.id, one.appliedAt.getTime()]))
  const missing = earlier.filter(({ id }) => !appliedAt.has(id))
  if (missing.length > 0) return { status: 'closed', reason: `not applied yet: ${listOf(missing.map(({ id }) => id))}` }
  const since = Math.max(...earlier.flatMap(({ id }) => appliedAt.get(id) ?? []))
  const wantedMs = parseDuration(settings['duration'] ?? '30d')
  const leftMs = since + wantedMs - clock.now()
  const kept = `kept since ${new Date(since).toISOString()}`
  if (leftMs <= 0) return { status: 'open', evidence: `${kept}, for at least ${formatDuration(wantedMs)}` }
  return {
    status: 'closed',
    reason: `${kept}; it is to be kept for ${formatDuration(wantedMs)}, until ${new Date(since + wantedMs).toISOString()}`,
    askAgainAfterMs: leftMs,
  }
}
