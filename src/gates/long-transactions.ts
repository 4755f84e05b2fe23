import { plural } from '../core/text.ts'
import { formatDuration, parseDuration } from '../core/time.ts'
import type { Verdict } from '../model/verdict.ts'
import { checkDuration } from './check-options.ts'
import type { Gate, GateContext } from './gate.ts'

/** No transaction is open for long. */
export const longTransactions: Gate = {
  id: 'long-transactions',
  summary: 'No transaction in this database is open for longer than a limit.',
  why:
    'A migration that needs ACCESS EXCLUSIVE waits for every transaction that has read the table, and all later queries ' +
    'wait behind it; CREATE INDEX CONCURRENTLY waits for every older transaction in the database. Prepared transactions ' +
    'count too: they hold their locks without any session.',
  options: [
    {
      name: 'max-age',
      summary: 'how long a transaction may be open',
      fallback: '5m',
      example: '30s',
      check: checkDuration,
    },
  ],
  examples: ['-- migrate:gate long-transactions', '-- migrate:gate long-transactions max-age:30s'],
  ask,
}

/** Asked again this much later, a transaction may have ended. */
const askAgainAfterMs = 10_000

interface OldTransaction {
  readonly who: string
  readonly ageMs: number
}

async function ask({ connection, settings }: GateContext): Promise<Verdict> {
  const limitMs = parseDuration(settings['max-age'] ?? '5m')
  const { rows } = await connection.query<OldTransaction>(
    `select format('pid %s (%s, user %s)', pid, nullif(application_name, ''), usename) as who,
            (extract(epoch from clock_timestamp() - xact_start) * 1000)::float8 as "ageMs"
       from pg_stat_activity
      where xact_start is not null and pid <> pg_backend_pid()
        and backend_type = 'client backend' and datname = current_database()
     union all
     select format('prepared transaction %s of %s', gid, owner),
            (extract(epoch from clock_timestamp() - prepared) * 1000)::float8
       from pg_prepared_xacts where database = current_database()
      order by 2 desc`,
  )
  const old = rows.filter(({ ageMs }) => ageMs > limitMs)
  const [oldest] = old
  if (oldest !== undefined) {
    return {
      status: 'closed',
      reason: `${plural(old.length, 'transaction')} open for longer than ${formatDuration(limitMs)}; the oldest is ${oldest.who}, ${formatDuration(oldest.ageMs)}`,
      askAgainAfterMs,
    }
  }
  const hidden = await hiddenSessions({ connection })
  if (hidden > 0) {
    return {
      status: 'unknown',
      reason: `this role may not see ${plural(hidden, 'session')} of other users. GRANT pg_read_all_stats to it`,
    }
  }
  const [newest] = rows
  return {
    status: 'open',
    evidence:
      newest === undefined
        ? 'no other transaction is open'
        : `the oldest of ${plural(rows.length, 'open transaction')} is ${formatDuration(newest.ageMs)} old`,
  }
}

/**
 * Sessions of other users show nothing but their name and that of their application to a role without pg_read_all_stats.
 * The one that watches this run is the login's, also where the run has taken a role, and has no transaction open.
 */
async function hiddenSessions({ connection }: Pick<GateContext, 'connection'>): Promise<number> {
  const { rows } = await connection.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
        and backend_type is null and query = '<insufficient privilege>'
        and not (application_name = 'migrate watch' and usename = session_user)`,
  )
  return rows[0]?.count ?? 0
}
