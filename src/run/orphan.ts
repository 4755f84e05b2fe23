import { formatDuration } from '../core/time.ts'
import { DatabaseError } from '../db/database-error.ts'
import { nameText } from '../model/name.ts'
import type { Journal } from './journal.ts'

/** A run whose process is gone and whose session still works on the server. */
export interface Orphan {
  readonly run: number
  readonly pid: number
  readonly user: string
  readonly host: string
  readonly process: number
  /** How long ago it began, in milliseconds. */
  readonly ageMs: number
}

/**
 * The run that this server process works for, where it is an orphan. Its second session tells: it only ever waits for
 * its client, so the server ends it at once when the client is gone, while the other goes on until its statement ends.
 * Of a run that nobody watched it cannot be told.
 */
export async function orphanOf({ connection, schema }: Journal, pid: number): Promise<Orphan | undefined> {
  const run = nameText({ schema, name: 'run' })
  try {
    const { rows } = await connection.query<Orphan>(
      `select r.id as run, r.backend as pid, r.by_user as user, r.host, r.process,
              (extract(epoch from clock_timestamp() - r.started_at) * 1000)::float8 as "ageMs"
         from ${run} r
        where r.id = (select max(id) from ${run} where backend = $1) and r.ended_at is null
          and r.watcher is not null and not exists (select from pg_stat_activity a where a.pid = r.watcher)`,
      [pid],
    )
    return rows[0]
  } catch (error) {
    // There is no journal yet, or one that an older version wrote, or one that this role may not read.
    if (error instanceof DatabaseError) return undefined
    throw error
  }
}

/** `run 17 of ann on build-3 (process 4711), begun 3 min ago`. */
export function orphanText({ run, user, host, process, ageMs }: Orphan): string {
  return `run ${run} of ${user} on ${host} (process ${process}), begun ${formatDuration(ageMs)} ago`
}
