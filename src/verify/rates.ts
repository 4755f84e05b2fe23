import type { Clock } from '../core/time.ts'
import type { Connection } from '../model/database.ts'

/** How fast the scratch server works: the basis of every estimate. */
export interface Rates {
  /** Bytes of rows that it reads and checks in a second. */
  readonly readPerSecond: number
  /** Bytes of rows that it writes anew in a second, log included. */
  readonly rewritePerSecond: number
}

/**
 * Where no server was measured: what an ordinary cloud volume reads in a second (125 MB, of which a scan gets most), and
 * a third of that for rows that are read, written anew with their indexes, and logged.
 */
export const assumedRates: Rates = { readPerSecond: 100 * 1024 ** 2, rewritePerSecond: 30 * 1024 ** 2 }

/** Large enough for the time to be that of the rows, small enough to take about a second: some 40 MB. */
const sampleRows = 300_000

/** Measures the rates on a table of its own, which is gone afterwards. */
export async function measureRates(connection: Connection, clock: Clock): Promise<Rates> {
  const timed = async (sql: string): Promise<number> => {
    const begun = clock.now()
    await connection.run(sql)
    return Math.max(clock.now() - begun, 1) / 1000
  }
  await connection.run('begin')
  try {
    await connection.run(`
      create table public.migrate_rates (id integer not null, body text);
      insert into public.migrate_rates select n, repeat(md5(n::text), 3) from generate_series(1, ${sampleRows}) as n`)
    const { rows } = await connection.query<{ bytes: number }>(
      `select pg_relation_size('public.migrate_rates')::float8 as bytes`,
    )
    const bytes = rows[0]?.bytes ?? 0
    const reading = await timed('alter table public.migrate_rates add constraint migrate_rates_check check (id > 0)')
    const rewriting = await timed('alter table public.migrate_rates alter column id type bigint')
    return { readPerSecond: bytes / reading, rewritePerSecond: bytes / rewriting }
  } finally {
    await connection.run('rollback')
  }
}
