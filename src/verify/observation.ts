import type { Connection } from '../model/database.ts'
import type { LockMode } from '../model/lock.ts'
import type { Locks } from './locks.ts'
import type { Relation } from './relations.ts'

/** What a server was seen to do to one table that existed before. */
export interface MeasuredTable {
  /** `public.books`, quoted where needed: the name that it had before. */
  readonly table: string
  /** The strongest lock that was held or asked for. `not observed`: it could not be looked at while it ran. */
  readonly lock: LockMode | 'none' | 'not observed'
  /** The rows were written anew into another file. TRUNCATE gives a new file too, but writes no rows. */
  readonly rewritten: boolean
  /** All rows were read: to check or build something, or by a query. */
  readonly scanned: boolean
  /** What the server said and counted. */
  readonly evidence: readonly string[]
}

export interface MeasuredIndex {
  readonly index: string
  readonly table: string
  readonly lock: LockMode
}

/** Facts, in the order of the tables' names. Tables that nothing was done to are left out. */
export interface Measurement {
  readonly tables: readonly MeasuredTable[]
  /** Locks on indexes that existed before. */
  readonly indexes: readonly MeasuredIndex[]
  /** Locks on views and sequences that existed before, by name. */
  readonly others: readonly {
    readonly name: string
    readonly kind: 'view' | 'sequence'
    readonly lock: LockMode
  }[]
}

/** What was seen while something ran; `before` holds the relations that are of interest. */
export interface Observation {
  readonly before: ReadonlyMap<number, Relation>
  readonly after: ReadonlyMap<number, Relation>
  readonly locks: Locks
  readonly observed: boolean
  readonly messages: readonly string[]
  readonly foreignKeys: ReadonlyMap<string, number>
  readonly inTransaction: boolean
}

/** What was done to the relations that were there before. */
export function summarise(observation: Observation): Measurement {
  const { before, locks } = observation
  const relations = [...before.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const locked = relations.flatMap((relation) => {
    const lock = locks.get(relation.oid)
    return lock === undefined ? [] : [{ relation, lock }]
  })
  return {
    tables: relations
      .filter(({ kind }) => kind === 'table')
      .flatMap((relation) => measuredTable(relation, observation)),
    indexes: locked
      .filter(({ relation }) => relation.kind === 'index')
      .map(({ relation, lock }) => ({
        index: relation.name,
        table: before.get(relation.tableOid ?? 0)?.name ?? '',
        lock,
      })),
    others: locked.flatMap(({ relation: { name, kind }, lock }) =>
      kind === 'view' || kind === 'sequence' ? [{ name, kind, lock }] : [],
    ),
  }
}

function measuredTable(relation: Relation, observation: Observation): readonly MeasuredTable[] {
  const { after, locks, observed, inTransaction } = observation
  const now = after.get(relation.oid)
  const evidence = [...messagesAbout(relation, now, observation)]
  const said = (word: string): boolean => evidence.some((line) => line.startsWith(word))
  const newFile = now !== undefined && now.file !== relation.file
  const scans = now === undefined ? 0 : now.scans - relation.scans
  if (newFile) evidence.push('it has another file')
  if (inTransaction && scans > 0) evidence.push(`${scans} sequential scans were begun`)
  const lock = locks.get(relation.oid) ?? (observed ? 'none' : 'not observed')
  if (lock === 'none' && evidence.length === 0) return []
  // TRUNCATE builds the indexes of a new, empty file.
  const emptied = newFile && inTransaction && now.pages === 0 && !said('rewriting')
  const read = ['rewriting', 'verifying', 'building', 'validating'].some(said) || (inTransaction && scans > 0)
  return [{ table: relation.name, lock, rewritten: newFile && !emptied, scanned: read && !emptied, evidence }]
}

/** Messages name a table without its schema, by the name that it has at that moment. */
function* messagesAbout(
  relation: Relation,
  now: Relation | undefined,
  { messages, foreignKeys }: Observation,
): Iterable<string> {
  const names = new Set([relation.bareName, now?.bareName])
  for (const message of messages) {
    const table = /^(?:rewriting|verifying) table "(.+)"$|^building index ".+" on table "(.+?)"/.exec(message)
    if (table !== null && names.has(table[1] ?? table[2])) yield message
    const constraint = /^validating foreign key constraint "(.+)"$/.exec(message)?.[1]
    if (constraint !== undefined && foreignKeys.get(constraint) === relation.oid) yield message
  }
}

/** The table of each foreign key, by the key's name. */
export async function readForeignKeys(connection: Connection): Promise<ReadonlyMap<string, number>> {
  const { rows } = await connection.query<{ name: string; oid: number }>(
    `select conname::text as name, conrelid::int8::float8 as oid from pg_constraint where contype = 'f'`,
  )
  return new Map(rows.map(({ name, oid }) => [name, oid]))
}
