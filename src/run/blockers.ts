import { indent } from '../core/text.ts'
import { formatDuration } from '../core/time.ts'
import type { Connection } from '../model/database.ts'
import { type Name, nameText } from '../model/name.ts'

/** Who stands in the way of a migration. */
export interface Blocker {
  /** 0 for a prepared transaction, which belongs to no session. */
  readonly pid: number
  readonly user: string | null
  readonly application: string | null
  readonly state: string | null
  readonly query: string | null
  /** How long its transaction is open; null where this role may not see it. */
  readonly ageMs: number | null
  readonly kind: 'session' | 'autovacuum' | 'wraparound-autovacuum' | 'prepared-transaction'
}

/** More are no help to a reader, and the oldest come first. */
const shown = 5

const columns = `
  a.pid, a.usename::text as user, a.application_name as application, a.state, left(a.query, 200) as query,
  -- A role without pg_read_all_stats sees of an autovacuum worker only that it has no user.
  case when a.backend_type is null and a.usesysid is null then 'autovacuum worker' else a.backend_type end as backend,
  (extract(epoch from clock_timestamp() - a.xact_start) * 1000)::float8 as "ageMs"`

type Row = Omit<Blocker, 'kind'> & { readonly backend: string | null }

/**
 * Who holds a lock on one of `tables`, or on anything where the list is empty, oldest transaction first. Asked right
 * after a wait was given up, so it may name a session too many; a short lock may be gone already.
 */
export async function blockersOf(connection: Connection, tables: readonly Name[]): Promise<readonly Blocker[]> {
  if (connection.kind === 'embedded') return []
  const { rows } = await connection.query<Row>(
    `select ${columns}
       from pg_stat_activity a
      where a.pid <> pg_backend_pid()
        and exists (select from pg_locks l
                     where l.pid = a.pid and l.granted and l.locktype = 'relation'
                       and l.database = (select oid from pg_database where datname = current_database())
                       and (l.relation = any (array(select to_regclass(t)::oid from unnest($1::text[]) t)) or $2))
      order by a.xact_start nulls last
      limit ${shown}`,
    [tables.map(nameText), tables.length === 0],
  )
  return [...rows.map(withKind), ...(await preparedTransactions(connection, tables))]
}

/** The sessions of these processes, as `pg_blocking_pids` names them: exactly those in the way, at that moment. */
export async function sessionsOf(connection: Connection, pids: readonly number[]): Promise<readonly Blocker[]> {
  const { rows } = await connection.query<Row>(
    `select ${columns} from pg_stat_activity a where a.pid = any ($1) order by a.xact_start nulls last limit ${shown}`,
    [[...pids]],
  )
  return [...rows.map(withKind), ...(pids.includes(0) ? await preparedTransactions(connection, []) : [])]
}

/**
 * Those that hold a lock on one of `tables`, or all where the list is empty. They have no process; which of the locks
 * without one are theirs is told by the lock that each of them has on its own transaction.
 */
async function preparedTransactions(connection: Connection, tables: readonly Name[]): Promise<readonly Blocker[]> {
  const { rows } = await connection.query<Omit<Blocker, 'kind'>>(
    `select 0 as pid, owner::text as user, null as application, 'prepared' as state,
            'prepared transaction ' || quote_literal(gid) as query,
            (extract(epoch from clock_timestamp() - prepared) * 1000)::float8 as "ageMs"
       from pg_prepared_xacts x
      where database = current_database()
        and ($2 or exists (select from pg_locks l
                              join pg_locks own on own.virtualtransaction = l.virtualtransaction and own.pid is null
                            where l.pid is null and l.granted and own.transactionid = x.transaction
                              and l.relation = any (array(select to_regclass(t)::oid from unnest($1::text[]) t))))
      order by prepared limit ${shown}`,
    [tables.map(nameText), tables.length === 0],
  )
  return rows.map((row) => ({ ...row, kind: 'prepared-transaction' }))
}

function withKind({ backend, ...row }: Row): Blocker {
  return { ...row, kind: kindOf(backend, row.query) }
}

function kindOf(backend: string | null, query: string | null): Blocker['kind'] {
  if (backend !== 'autovacuum worker') return 'session'
  return query?.includes('to prevent wraparound') === true ? 'wraparound-autovacuum' : 'autovacuum'
}

/** Blockers for people, two lines each. */
export function blockersText(blockers: readonly Blocker[]): string {
  if (blockers.length === 0) return 'Nobody holds a lock on its tables any more: the blocking transactions were short.'
  const lines = blockers.map((blocker) => {
    const query = (blocker.query ?? '').replaceAll(/\s+/g, ' ').trim()
    return `${blockerText(blocker)}\n${indent(query, 2)}`.trimEnd()
  })
  return ['Locks on its tables are held by:', ...lines.map((line) => indent(line, 2))].join('\n')
}

/** A blocker in one line, without its query: `pid 4711 (nightly report, reader), active, transaction open for 3 min`. */
export function blockerText(blocker: Blocker): string {
  const age =
    blocker.ageMs === null ? 'age not visible to this role' : `transaction open for ${formatDuration(blocker.ageMs)}`
  const who = [blocker.application, blocker.user].filter((word) => word !== null && word !== '').join(', ')
  const named = blocker.pid === 0 ? 'no session' : `pid ${blocker.pid}`
  return `${named} (${who === '' ? blocker.kind : who}), ${blocker.state ?? 'state not visible'}, ${age}`
}
