import type { Connection } from '../../model/database.ts'

/** What one look at the watched session shows. */
export interface Sight {
  /** It waits for a lock, for so many milliseconds; null when it does not wait. */
  readonly waitsMs: number | null
  /** Sessions that stand in its way, while it waits; 0 stands for a prepared transaction. */
  readonly blockedBy: readonly number[]
  /** Reads and writes of other sessions that wait for what it holds, or stand behind what it waits for. */
  readonly behind: number
  /** How long the first of them waits, in milliseconds. */
  readonly behindMs: number
}

/**
 * Looks at a session from another one. Who waits for a lock that ordinary statements take counts as behind it, and who
 * waits for the end of its transaction (a row that it changed); other DDL does not: it has limits of its own, and
 * whoever stands behind that stands behind us as well.
 */
export async function lookAt(watcher: Connection, pid: number): Promise<Sight> {
  // `waitstart` is set a moment after the wait has begun.
  const { rows } = await watcher.query<Sight>(
    `select (select ${millisecondsSince('min(coalesce(waitstart, clock_timestamp()))')}
                      from pg_locks where pid = $1 and not granted) as "waitsMs",
            case when exists (select from pg_locks where pid = $1 and not granted) then pg_blocking_pids($1) else '{}' end
              as "blockedBy",
            count(distinct l.pid)::int as behind, coalesce(${millisecondsSince('min(l.waitstart)')}, 0) as "behindMs"
       from pg_locks l
      where not l.granted and l.pid <> $1
        and (l.locktype in ('transactionid', 'tuple')
             or l.mode in ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock'))
        and $1 = any (pg_blocking_pids(l.pid))`,
    [pid],
  )
  return rows[0] ?? { waitsMs: null, blockedBy: [], behind: 0, behindMs: 0 }
}

function millisecondsSince(time: string): string {
  return `(extract(epoch from clock_timestamp() - ${time}) * 1000)::float8`
}
