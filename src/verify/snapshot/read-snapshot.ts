import type { Dialect } from '../../dialects/dialect.ts'
import type { Connection } from '../../model/database.ts'
import { nameText, quoteLiteral, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import type { Snapshot, SnapshotStatement, SnapshotTable } from '../../model/snapshot.ts'
import { afterTables, beforeTables } from './objects.ts'
import { sizesQuery, tableQueries } from './tables.ts'
import type { StatementQuery } from './query.ts'

export interface ReadSnapshotOptions {
  /** Loaded: it finds the names in the bodies of functions. */
  readonly dialect: Pick<Dialect, 'parse'>
  /** Schema of the journal, which is no part of the user's. */
  readonly journalSchema: string
  /** Reads the ids that the journal says are applied; asked in the same transaction, and only where that is allowed. */
  readonly readApplied: () => Promise<readonly string[]>
}

/** A server that is busy, or a table that somebody has locked, must not be waited for. */
const statementTimeoutMs = 60_000
const lockTimeoutMs = 5000

/**
 * Reads what a database holds, in one read-only transaction that sees one state. The role needs no rights on the tables.
 *
 * @throws DatabaseError of the server: a timeout, for example
 */
export async function readSnapshot(connection: Connection, options: ReadSnapshotOptions): Promise<Snapshot> {
  await connection.run(
    `begin isolation level repeatable read, read only;
     set local statement_timeout = ${statementTimeoutMs}; set local lock_timeout = ${lockTimeoutMs};
     set local search_path = public`,
  )
  try {
    const { journalSchema } = options
    const queries = [...beforeTables, ...tableQueries, ...afterTables]
    const statements: SnapshotStatement[] = []
    for (const query of queries) statements.push(...(await statementsOf(connection, query, options)))
    const tables = await readSizes(connection, journalSchema)
    const readable = await mayReadJournal(connection, journalSchema)
    const applied = readable === true ? await options.readApplied() : undefined
    const server = Math.floor(connection.versionNumber / 10_000)
    return {
      version: 1,
      server,
      ...(applied === undefined ? {} : { applied: applied.toSorted() }),
      ...(readable === false ? { journal: 'unreadable' } : {}),
      statements,
      tables,
    }
  } finally {
    await connection.run('rollback')
  }
}

interface StatementRow {
  readonly schema: string | null
  readonly name: string
  readonly sql: string
  readonly invalid: boolean
  readonly body: string | null
}

/** In the order of their text, which is the same wherever the same schema lies. */
async function statementsOf(
  connection: Connection,
  { sql }: StatementQuery,
  { journalSchema, dialect }: ReadSnapshotOptions,
): Promise<readonly SnapshotStatement[]> {
  // Queries that do not leave the journal out take the parameter all the same.
  const { rows } = await connection.query<StatementRow>(`select * from (${sql}) found where $1::text is not null`, [
    journalSchema,
  ])
  return rows
    .map((row): SnapshotStatement => ({
      sql: row.sql + bodyOf(row, dialect),
      of: ownerOf(row),
      ...(row.invalid ? { invalid: true } : {}),
    }))
    .toSorted((a, b) => order(a.sql, b.sql))
}

/** Of a body only the names in it are kept, which rules ask for: the rest may be long, and is nobody's business. */
function bodyOf({ body }: StatementRow, dialect: Pick<Dialect, 'parse'>): string {
  if (body === null) return ''
  const { statements } = dialect.parse(`create function f() returns int language sql as ${quoteLiteral(body)}`)
  const facts = statements.flatMap((statement) => statement.facts)
  const words = facts.flatMap((fact) => (fact.kind === 'create-function' ? (fact.words ?? []) : []))
  return ` as ${quoteLiteral(words.map(wordText).toSorted(order).join(' '))}`
}

/** `title`, or `new.title`, in quotes where a part needs them. */
function wordText(word: string): string {
  const dot = word.indexOf('.')
  return dot === -1 ? quoteName(word) : nameText({ schema: word.slice(0, dot), name: word.slice(dot + 1) })
}

function ownerOf({ schema, name }: StatementRow): Name {
  return schema === null ? { name } : { schema, name }
}

interface SizeRow {
  readonly schema: string
  readonly name: string
  readonly rows: number | null
  readonly bytes: number
  readonly heap_bytes: number
}

/** How large the tables are, in the order of their names. */
export async function readSizes(connection: Connection, journalSchema: string): Promise<readonly SnapshotTable[]> {
  const { rows } = await connection.query<SizeRow>(sizesQuery, [journalSchema])
  return rows
    .map(({ schema, name, rows: count, bytes, heap_bytes: heapBytes }) => ({
      schema,
      name,
      ...(count === null ? {} : { rows: count }),
      bytes,
      heapBytes,
    }))
    .toSorted((a, b) => order(a.schema, b.schema) || order(a.name, b.name))
}

/** Whether this role may read the tables of the journal; undefined where there is none. */
async function mayReadJournal(connection: Connection, schema: string): Promise<boolean | undefined> {
  const { rows } = await connection.query<{ readable: boolean | null }>(
    `select case when bool_or(c.relname = 'journal_version')
              then bool_and(has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')) end as readable
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind = 'r'`,
    [schema],
  )
  return rows[0]?.readable ?? undefined
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
