import { ToolkitError } from '../core/errors.ts'
import { formatDuration } from '../core/time.ts'
import type { Connection } from '../model/database.ts'
import { nameText } from '../model/name.ts'
import type { Journal } from './journal.ts'
import { journalVersion } from './journal/read.ts'
import { upgradeInTransaction } from './journal/upgrade.ts'
import { journalVersions } from './journal/versions.ts'

/** What a run holds instead of the runner's lock, where no session is its own. */
export interface Lease {
  /** Each holder's is larger than those before it: what a former holder still does can be told by it. */
  readonly token: string
  /** Aborts when the run is to end, or the lease is lost. */
  readonly signal: AbortSignal
  /**
   * Asked in a transaction, right before COMMIT: until that is over nobody else can take the lease.
   *
   * @throws ToolkitError `lease-lost`
   */
  readonly check: (connection: Connection) => Promise<void>
}

function tableOf({ schema }: Pick<Journal, 'schema'>): string {
  return nameText({ schema, name: 'lease' })
}

/**
 * Who holds the lease; undefined when nobody does. One that has run out is taken from its holder for good, so whoever
 * asks this while holding the runner's lock need not fear that the former holder goes on.
 */
export async function leaseHolder(journal: Journal): Promise<string | undefined> {
  const { connection } = journal
  const table = tableOf(journal)
  const there = await connection.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table])
  if (there.rows[0]?.there !== true) return undefined
  const { rows } = await connection.query<{ holder: string }>(
    `with stale as (update ${table} set token = token + 1, holder = null
                     where holder is not null and expires_at <= clock_timestamp())
     select holder from ${table} where holder is not null and expires_at > clock_timestamp()`,
  )
  return rows[0]?.holder
}

/**
 * Takes the lease, where neither a run with a lease nor one with the runner's lock (`key`) is under way; gives its
 * token. Brings the journal to its newest version before.
 */
export async function takeLease(
  journal: Journal,
  { key, ttlMs, holder }: { readonly key: string; readonly ttlMs: number; readonly holder: string },
): Promise<string | undefined> {
  const { connection } = journal
  if ((await leaseHolder(journal)) !== undefined) return undefined
  await connection.run('begin')
  try {
    // Held until COMMIT: that is what a lock can do behind a pooler.
    const lock = await connection.query<{ taken: boolean }>('select pg_try_advisory_xact_lock($1::bigint) as taken', [
      key,
    ])
    const taken = lock.rows[0]?.taken === true
    const version = await journalVersion(journal)
    if (taken && version < journalVersions.length) await upgradeInTransaction(journal, version)
    const token = taken ? await insert(journal, ttlMs, holder) : undefined
    await connection.run('commit')
    return token
  } catch (error) {
    await connection.run('rollback').catch(() => undefined)
    throw error
  }
}

async function insert(journal: Journal, ttlMs: number, holder: string): Promise<string | undefined> {
  const table = tableOf(journal)
  const { rows } = await journal.connection.query<{ token: string }>(
    `insert into ${table} as l (token, holder, expires_at)
     values (1, $1, clock_timestamp() + $2 * interval '1 ms')
     on conflict (single) do update
        set token = l.token + 1, holder = excluded.holder, acquired_at = clock_timestamp(), expires_at = excluded.expires_at
      where l.holder is null or l.expires_at <= clock_timestamp()
     returning token`,
    [holder, ttlMs],
  )
  return rows[0]?.token
}

/** Prolongs the lease; false when it is somebody else's by now. */
export async function renewLease(journal: Journal, token: string, ttlMs: number): Promise<boolean> {
  const { rows } = await journal.connection.query(
    `update ${tableOf(journal)} set expires_at = clock_timestamp() + $2 * interval '1 ms'
      where token = $1 and holder is not null returning token`,
    [token, ttlMs],
  )
  return rows.length === 1
}

export async function giveLeaseBack(journal: Journal, token: string): Promise<void> {
  await journal.connection.query(`update ${tableOf(journal)} set holder = null where token = $1`, [token])
}

/** The check of `Lease`. */
export async function checkLease({ schema }: Journal, token: string, connection: Connection): Promise<void> {
  const { rows } = await connection.query(
    `select from ${tableOf({ schema })} where token = $1 and holder is not null for share`,
    [token],
  )
  if (rows.length === 0) throw leaseLost()
}

export function leaseLost(): ToolkitError {
  return new ToolkitError({
    code: 'lease-lost',
    message: 'The lease of this run ran out and was taken by another run, or could not be prolonged in time.',
    hint: 'What was open was rolled back. Run the command again when the other run has ended; a longer --lease survives longer breaks.',
  })
}

/** Another run was under way for as long as this one waited. */
export function leased(holder: string | undefined, waitMs: number): ToolkitError {
  const who = holder === undefined ? 'Another run holds the lock' : `The run of ${holder} holds the lease`
  return new ToolkitError({
    code: 'runner-locked',
    message: `${who} of this database; waited for ${formatDuration(waitMs)}.`,
    hint: 'Nothing was changed. Run the command again when it has ended; the lease of a run that died runs out by itself.',
  })
}
