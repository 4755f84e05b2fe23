import { plural } from '../core/text.ts'
import { formatDuration, parseDuration } from '../core/time.ts'
import type { Verdict } from '../model/verdict.ts'
import { checkDuration } from './check-options.ts'
import type { Gate, GateContext } from './gate.ts'

/** Replicas follow closely. */
export const replicationLag: Gate = {
  id: 'replication-lag',
  summary: 'Every connected replica is behind by less than a limit.',
  why:
    'DDL reaches a replica as fast as the WAL before it is replayed: where that lags, code that reads from the replica ' +
    'meets the old schema long after the new one is there, and a large change makes the lag worse.',
  options: [
    {
      name: 'max-lag',
      summary: 'how far behind a replica may be',
      fallback: '10s',
      example: '2s',
      check: checkDuration,
    },
  ],
  examples: ['-- migrate:gate replication-lag', '-- migrate:gate replication-lag max-lag:2s'],
  eachBatch: true,
  ask,
}

/** Asked again this much later, a replica may have caught up. */
const askAgainAfterMs = 5000

/** One row of `pg_stat_replication`; all but the process id is NULL where this role may not see it. */
export interface Replica {
  readonly name: string
  readonly state: string | null
  /** NULL also when nothing was written for a while. */
  readonly lagMs: number | null
  readonly behindBytes: number | null
}

async function ask({ connection, settings }: GateContext): Promise<Verdict> {
  const { rows } = await connection.query<Replica>(
    `select coalesce(nullif(application_name, ''), 'replica') || ' (pid ' || pid || ')' as name, state,
            (extract(epoch from replay_lag) * 1000)::float8 as "lagMs",
            case when pg_is_in_recovery() then null
                 else pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::float8 end as "behindBytes"
       from pg_stat_replication where state is distinct from 'backup'`,
  )
  return judge(rows, parseDuration(settings['max-lag'] ?? '10s'))
}

/** The answer for what the server says of its replicas. */
export function judge(replicas: readonly Replica[], limitMs: number): Verdict {
  if (replicas.length === 0) return { status: 'open', evidence: 'no replica is connected' }
  const late = replicas.find(({ lagMs }) => lagMs !== null && lagMs > limitMs)
  if (late !== undefined) {
    return {
      status: 'closed',
      reason: `${late.name} is ${formatDuration(late.lagMs ?? 0)} behind; the limit is ${formatDuration(limitMs)}`,
      askAgainAfterMs,
    }
  }
  const hidden = replicas.filter(({ state }) => state === null)
  if (hidden.length > 0) {
    return {
      status: 'unknown',
      reason: `this role may not see ${plural(hidden.length, 'replica')}. GRANT pg_read_all_stats to it`,
    }
  }
  const joining = replicas.find(({ state }) => state !== 'streaming')
  if (joining !== undefined) {
    return {
      status: 'closed',
      reason: `${joining.name} is not streaming yet: its state is ${joining.state}`,
      askAgainAfterMs,
    }
  }
  // No lag is reported when all is replayed and nothing new was written; with bytes outstanding it is not known.
  const silent = replicas.find(({ lagMs, behindBytes }) => lagMs === null && behindBytes !== 0)
  if (silent !== undefined) return { status: 'unknown', reason: `${silent.name} does not report how far behind it is` }
  const worst = Math.max(...replicas.map(({ lagMs }) => lagMs ?? 0))
  return { status: 'open', evidence: `${plural(replicas.length, 'replica')}, at most ${formatDuration(worst)} behind` }
}
