import type { Connection } from '../model/database.ts'
import { type LockMode, lockModes, strongerLock } from '../model/lock.ts'

/** Strongest lock on each relation, by OID. */
export type Locks = Map<number, LockMode>

/** Adds what a session holds, and what it waits for, to `locks`. */
export async function addLocks(locks: Locks, observer: Connection, processId: number): Promise<void> {
  const { rows } = await observer.query<{ oid: number; mode: string }>(
    `select relation::int8::float8 as oid, mode from pg_locks
      where pid = $1 and locktype = 'relation'
        and database = (select oid from pg_database where datname = current_database())`,
    [processId],
  )
  for (const { oid, mode } of rows) {
    const lock = lockMode(mode)
    if (lock === undefined) continue
    const known = locks.get(oid)
    locks.set(oid, known === undefined ? lock : strongerLock(known, lock))
  }
}

/** `ShareUpdateExclusiveLock` is `SHARE UPDATE EXCLUSIVE`. */
function lockMode(name: string): LockMode | undefined {
  const words = name
    .replace(/Lock$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase()
  return lockModes.find((mode) => mode === words)
}

export async function processIdOf(connection: Connection): Promise<number> {
  const { rows } = await connection.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid ?? 0
}
