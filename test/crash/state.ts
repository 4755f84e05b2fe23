import type { Connection } from '../../src/model/database.ts'
import type { JournalState } from '../../src/model/journal.ts'
import { openJournal } from '../../src/run/journal.ts'
import { readJournal } from '../../src/run/journal/read.ts'
import { fingerprint } from '../../src/verify/fingerprint.ts'
import type { Effect, Scenario } from './scenario.ts'

/** Catalogue, data and journal, without what tells when, by whom and in how many attempts. */
export type State = Readonly<Record<string, unknown>>

export async function stateOf(session: Connection): Promise<State> {
  const rows = async (sql: string): Promise<readonly unknown[]> => (await session.query(sql)).rows
  const { hash, columnOrder } = await fingerprint(session)
  return {
    catalogue: { hash, columnOrder },
    books: await rows(`select copies, shelf, count(*)::int as books from books group by 1, 2 order by 1, 2`),
    invalid: await rows(`select indexrelid::regclass::text as index from pg_index where not indisvalid`),
    migrations: await rows(
      `select id, name, sha256, meaning, phase, change, down, down_transaction from migrate.migration order by position`,
    ),
    backfills: await rows(
      `select migration, status, cursor, upper_bound, rows_done::int, rows_changed::int from migrate.backfill order by 1`,
    ),
    done: await rows(
      `select migration, direction, statement, sql, count(*)::int as times from migrate.step where event = 'done'
        group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    ),
  }
}

/**
 * Where catalogue and data contradict the journal, in words; empty when they agree. May be asked at any moment at
 * which nobody is at work, also half-way: what is written down as done is done, what was never begun is not, and only
 * of a statement that was begun and has no result everything may be true.
 */
export async function contradictions(session: Connection, { effects }: Scenario): Promise<readonly string[]> {
  const journal = await readJournal(await openJournal(session))
  const found: string[] = []
  for (const effect of effects) {
    const expected = expectedOf(effect, journal)
    if (expected === 'anything') continue
    const { rows } = await session.query<Record<string, string>>(effect.sql)
    const is = Object.values(rows[0] ?? {})[0]
    if (is !== expected)
      found.push(
        `statement ${effect.statement} of ${effect.migration}: the journal says ${expected}, the database ${is}`,
      )
  }
  return [...found, ...(await cursorContradictions(session, journal)), ...(await leftBehind(session))]
}

function expectedOf({ migration, statement, backBy }: Effect, journal: JournalState): 'done' | 'not' | 'anything' {
  const applied = journal.applied.some(({ id }) => id === migration)
  if (journal.backfills.some((one) => one.migration === migration && one.status === 'running')) return 'anything'
  const half = journal.unfinished.find((step) => step.migration === migration)
  if (half === undefined) return applied ? 'done' : 'not'
  const place = half.direction === 'up' ? statement : backBy
  // What the downgrade leaves alone stays as the upgrade made it.
  if (place === undefined) return 'done'
  const [after, before] = half.direction === 'up' ? (['done', 'not'] as const) : (['not', 'done'] as const)
  if (place < half.done.length) return after
  return place === half.statement && half.state !== 'done' ? 'anything' : before
}

/** Rows up to the cursor are counted once, those behind it never. */
async function cursorContradictions(session: Connection, { backfills }: JournalState): Promise<readonly string[]> {
  const running = backfills.find(({ status }) => status === 'running')
  if (running === undefined) return []
  const { rows } = await session.query<{ n: number }>(
    `select count(*)::int as n from books where copies <> case when id <= $1::int then 1 else 0 end`,
    [running.cursor ?? 0],
  )
  return rows[0]?.n === 0 ? [] : [`${rows[0]?.n} rows are not as the cursor ${running.cursor} says`]
}

/** Settings of sessions end with them; locks must too. */
async function leftBehind(session: Connection): Promise<readonly string[]> {
  const { rows } = await session.query<{ what: string }>(
    `select format('%s %s of pid %s', locktype, mode, pid) as what from pg_locks
      where database = (select oid from pg_database where datname = current_database())
        and pid <> pg_backend_pid() and pid in (select pid from pg_stat_activity where backend_type = 'client backend')
      union all select 'prepared transaction ' || gid from pg_prepared_xacts where database = current_database()`,
  )
  return rows.map(({ what }) => `left behind: ${what}`)
}
