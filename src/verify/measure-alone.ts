import type { Connection } from '../model/database.ts'
import { type Locks, addLocks, processIdOf } from './locks.ts'
import { readRelations } from './relations.ts'

const pollMs = 2
/** One session is needed for each table that is held. */
const tableLimit = 20

/** A session that holds a lock on one table and can weaken it, one step at a time. */
interface Holder {
  readonly connection: Connection
  readonly processId: number
  step: number
}

/**
 * What a holder does, in order. The statement under observation meets ACCESS EXCLUSIVE first, so that whatever lock it
 * asks for is seen waiting; then SHARE UPDATE EXCLUSIVE, which holds up itself and stronger (VACUUM asks for ACCESS
 * SHARE first); then ROW EXCLUSIVE, which holds up SHARE and stronger, and CONCURRENTLY's waits for writers; then
 * ACCESS SHARE, which holds up ACCESS EXCLUSIVE; then nothing.
 */
const weaken: readonly string[] = [
  'rollback to savepoint maintenance',
  'rollback to savepoint writer',
  'rollback to savepoint reader',
  'rollback',
]

/**
 * Runs one statement outside a transaction and adds the locks that it asks for to `locks`. Every table is held by a
 * session of its own; each time the statement waits for one, its locks are read and that holder gives way a step.
 * `names`: bare names of what the statement says it touches; where there are none, any table may be meant.
 */
export async function runWatched(
  connection: Connection,
  statement: string,
  connect: () => Promise<Connection>,
  locks: Locks,
  names: ReadonlySet<string> = new Set(),
): Promise<void> {
  const processId = await processIdOf(connection)
  const observer = await connect()
  const holders: Holder[] = []
  try {
    for (const table of await tableNames(observer, names)) holders.push(await hold(await connect(), table))
    let ended = false
    const running = connection.run(statement).finally(() => (ended = true))
    // Its failure is reported by the `await` below; until then it must not count as unhandled.
    running.catch(() => undefined)
    while (!ended) {
      const waitsFor = await blockersOf(observer, processId)
      const holder = holders.find((one) => waitsFor.includes(one.processId) && one.step < weaken.length)
      if (holder === undefined) await new Promise((resolve) => setTimeout(resolve, pollMs))
      else {
        await addLocks(locks, observer, processId)
        await giveWay(holder)
      }
    }
    await running
  } finally {
    for (const { connection: session } of holders) await session.close()
    await observer.close()
  }
}

async function tableNames(observer: Connection, names: ReadonlySet<string>): Promise<readonly string[]> {
  const relations = await readRelations(observer)
  const tables = await observer.query<{ oid: number }>(
    `select oid::int8::float8 as oid from pg_class where relkind in ('r', 'p')`,
  )
  const lockable = new Set(tables.rows.map(({ oid }) => oid))
  const meant = new Set(
    [...relations.values()]
      .filter(({ bareName }) => names.size === 0 || names.has(bareName))
      .map(({ oid, tableOid }) => tableOid ?? oid),
  )
  return [...relations.values()]
    .filter(({ oid }) => lockable.has(oid) && meant.has(oid))
    .map(({ name }) => name)
    .slice(0, tableLimit)
}

/** ONLY: a partition has a holder of its own. */
async function hold(connection: Connection, table: string): Promise<Holder> {
  await connection.run(`
    begin;
    lock table only ${table} in access share mode;
    savepoint reader;
    lock table only ${table} in row exclusive mode;
    savepoint writer;
    lock table only ${table} in share update exclusive mode;
    savepoint maintenance;
    lock table only ${table} in access exclusive mode`)
  return { connection, processId: await processIdOf(connection), step: 0 }
}

async function giveWay(holder: Holder): Promise<void> {
  await holder.connection.run(weaken[holder.step] ?? 'rollback')
  holder.step += 1
}

async function blockersOf(observer: Connection, processId: number): Promise<readonly number[]> {
  const { rows } = await observer.query<{ pids: readonly number[] }>('select pg_blocking_pids($1) as pids', [processId])
  return rows[0]?.pids ?? []
}
