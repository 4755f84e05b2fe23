import { indent } from '../core/text.ts'
import { formatDuration } from '../core/time.ts'
import type { Connection } from '../model/database.ts'
import { type Name, nameText } from '../model/name.ts'

/** A session that holds a lock on a table that a migration wants. */
export interface Blocker {
  readonly pid: number
  readonly user: string | null
  readonly application: string | null
  readonly state: string | null
  readonly query: string | null
  /** How long its transaction is open; null where this role may not see it. */
  readonly ageMs: number | null
  readonly kind: 'session' | 'autovacuum' | 'wraparound-autovacuum'
}

/** More are no help to a reader, and the oldest come first. */
const shown = 5

/**
 * Who holds a lock on one of `tables`, or on anything where the list is empty, oldest transaction first. Asked right
 * after a wait was given up, so it may name a session too many; a short lock may be gone already.
 */
export async function blockersOf(connection: Connection, tables: readonly Name[]): Promise<readonly Blocker[]> {
  if (connection.kind === 'embedded') return []
  const { rows } = await connection.query<Omit<Blocker, 'kind'> & { readonly backend: string | null }>(
    `select a.pid, a.usename::text as user, a.application_name as application, a.state,
            left(a.query, 200) as query, a.backend_type as backend,
            (extract(epoch from clock_timestamp() - a.xact_start) * 1000)::float8 as "ageMs"
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
  return rows.map(({ backend, ...row }) => ({ ...row, kind: kindOf(backend, row.query) }))
}

function kindOf(backend: string | null, query: string | null): Blocker['kind'] {
  if (backend !== 'autovacuum worker') return 'session'
  return query?.includes('to prevent wraparound') === true ? 'wraparound-autovacuum' : 'autovacuum'
}

/** Blockers for people, two lines each. */
export function blockersText(blockers: readonly Blocker[]): string {
  if (blockers.length === 0) return 'Nobody holds a lock on its tables any more: the blocking transactions were short.'
  const lines = blockers.map((blocker) => {
    const age =
      blocker.ageMs === null ? 'age not visible to this role' : `transaction open for ${formatDuration(blocker.ageMs)}`
    const who = [blocker.application, blocker.user].filter((word) => word !== null && word !== '').join(', ')
    const query = (blocker.query ?? '').replaceAll(/\s+/g, ' ').trim()
    return `pid ${blocker.pid} (${who === '' ? blocker.kind : who}), ${blocker.state ?? 'state not visible'}, ${age}\n${indent(query, 2)}`.trimEnd()
  })
  return ['Locks on its tables are held by:', ...lines.map((line) => indent(line, 2))].join('\n')
}
