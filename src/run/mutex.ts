import { createHash } from 'node:crypto'
import { ToolkitError } from '../core/errors.ts'
import type { Clock } from '../core/time.ts'
import { formatDuration } from '../core/time.ts'
import type { Connection } from '../model/database.ts'
import { wait } from './interruption.ts'
import { leased } from './lease.ts'
import { type Orphan, orphanText } from './orphan.ts'

/** Who holds the runner's lock. */
export interface LockHolder {
  readonly pid: number
  readonly application: string | null
  readonly user: string | null
  readonly client: string | null
  /** When the session began; null where this role may not see it. */
  readonly since: Date | null
}

export interface MutexOptions {
  /** Schema of the journal: two services with journals of their own in one database do not exclude each other. */
  readonly schema: string
  /** How long to wait in all, in milliseconds. */
  readonly waitMs: number
  readonly clock: Clock
  readonly random: () => number
  readonly signal?: AbortSignal | undefined
  /** Called when the lock is not free at the first try, and when its holder turns out to be an orphan. */
  readonly onWait: (holder: LockHolder | undefined, orphan: Orphan | undefined) => void
  /** Who holds a lease of this journal, which is as good as the lock. */
  readonly leaseHolder?: (() => Promise<string | undefined>) | undefined
  /** Looks whether that server process is an orphan. */
  readonly orphanOf?: ((pid: number) => Promise<Orphan | undefined>) | undefined
  /** Ends an orphan instead of waiting for it. */
  readonly endOrphan?: boolean | undefined
}

/** First and longest pause between two tries: short enough to follow at once, long enough to cost nothing. */
const firstPauseMs = 25
const longestPauseMs = 1000

/**
 * Runs `work` while this session holds the runner's lock. The lock is taken by trying again and again: a session that
 * waits in `pg_advisory_lock` has a snapshot open, for which CREATE INDEX CONCURRENTLY of the holder waits in turn.
 * It is taken in the session that runs the DDL, so it cannot outlive that session or be lost without it.
 *
 * @throws ToolkitError `runner-locked`
 */
export async function withRunnerLock<T>(
  connection: Connection,
  options: MutexOptions,
  work: () => Promise<T>,
): Promise<T> {
  const key = lockKey(options.schema)
  await takeLock(connection, key, options)
  try {
    return await work()
  } finally {
    // When the session is gone, so is its lock.
    await connection.query('select pg_advisory_unlock($1::bigint)', [key]).catch(() => undefined)
  }
}

async function takeLock(connection: Connection, key: string, options: MutexOptions): Promise<void> {
  const { clock } = options
  const deadline = clock.now() + options.waitMs
  let orphan: Orphan | undefined
  for (let pauseMs = firstPauseMs, tries = 0; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs), tries += 1) {
    const { rows } = await connection.query<{ taken: boolean }>('select pg_try_advisory_lock($1::bigint) as taken', [
      key,
    ])
    if (rows[0]?.taken === true) {
      const lease = await options.leaseHolder?.()
      if (lease === undefined) return
      await connection.query('select pg_advisory_unlock($1::bigint)', [key])
      if (tries === 0) options.onWait(undefined, undefined)
      if (clock.now() >= deadline) throw leased(lease, options.waitMs)
      await wait(options, pauseMs)
      continue
    }
    const holder = await holderOf(connection, key)
    const before = orphan
    orphan = holder === undefined ? undefined : await options.orphanOf?.(holder.pid)
    if (tries === 0 || orphan?.pid !== before?.pid) options.onWait(holder, orphan)
    if (orphan !== undefined && options.endOrphan === true)
      await connection.query('select pg_terminate_backend($1)', [orphan.pid])
    const leftMs = deadline - clock.now()
    if (leftMs <= 0)
      throw orphan === undefined ? lockedBy(holder, options.waitMs) : lockedByOrphan(orphan, options.waitMs)
    await wait(options, Math.min(leftMs, pauseMs * (1 + options.random() / 2)))
  }
}

/** Advisory locks are per database already, so the key needs to tell apart only the journals in one. */
export function lockKey(schema: string): string {
  return createHash('sha256').update(`lockstep journal ${schema}`).digest().readBigInt64BE().toString()
}

async function holderOf(connection: Connection, key: string): Promise<LockHolder | undefined> {
  const { rows } = await connection.query<LockHolder>(
    `select l.pid, a.application_name as application, a.usename::text as user, a.client_addr::text as client,
            a.backend_start as since
       from pg_locks l left join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and l.objsubid = 1
        and l.database = (select oid from pg_database where datname = current_database())
        and (l.classid::bigint << 32) | l.objid::bigint = $1::bigint`,
    [key],
  )
  return rows[0]
}

function lockedByOrphan(orphan: Orphan, waitMs: number): ToolkitError {
  return new ToolkitError({
    code: 'runner-locked',
    message: `The session of ${orphanText(orphan)} still works on the server as pid ${orphan.pid} and holds the lock of this database; its process is gone. Waited for ${formatDuration(waitMs)}.`,
    hint: 'Nothing was changed. Wait for it and run the command again, or end it: with --end-orphan, what it has not committed is rolled back.',
  })
}

function lockedBy(holder: LockHolder | undefined, waitMs: number): ToolkitError {
  const waited = `for ${formatDuration(waitMs)}`
  if (holder === undefined) {
    return new ToolkitError({
      code: 'runner-locked',
      message: `Other runs held the lock of this database ${waited}.`,
      hint: 'Nothing was changed. Run the command again when they have ended.',
    })
  }
  const from = holder.client === null ? '' : ` from ${holder.client}`
  const since = holder.since === null ? '' : `, connected since ${holder.since.toISOString()}`
  return new ToolkitError({
    code: 'runner-locked',
    message:
      `Another run holds the lock of this database ${waited}: pid ${holder.pid} ` +
      `(${holder.application ?? 'application not visible'}, user ${holder.user ?? 'not visible'}${from}${since}).`,
    hint: `Nothing was changed. Wait for it and run the command again, or end it with: SELECT pg_terminate_backend(${holder.pid})`,
  })
}
