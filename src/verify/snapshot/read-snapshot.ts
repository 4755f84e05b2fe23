import type { Dialect } from '../../dialects/dialect.ts'
import type { Connection } from '../../model/database.ts'
import { nameText, quoteLiteral, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { snapshotVersion } from '../../model/snapshot.ts'
import type { Snapshot, SnapshotStatement, SnapshotTable } from '../../model/snapshot.ts'
import { kindReaders } from './kinds.ts'
import type { KindReader } from './kinds.ts'
import { sizesQuery } from './sizes.ts'

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
     set local search_path = public; set local jit = off`,
  )
  try {
    const { journalSchema } = options
    const server = Math.floor(connection.versionNumber / 10_000)
    const closed = await unreadableCatalogues(connection)
    const isReadable = ({ query }: KindReader): boolean => !query.reads.some((catalogue) => closed.has(catalogue))
    const readers = kindReaders(server)
    const unread = new Set(readers.flatMap((reader) => (isReadable(reader) ? [] : [reader.kind])))
    const statements = await statementsOf(connection, readers.filter(isReadable), options)
    const tables = await readSizes(connection, journalSchema)
    const readable = await mayReadJournal(connection, journalSchema)
    const applied = readable === true ? await options.readApplied() : undefined
    return {
      version: snapshotVersion,
      server,
      ...(applied === undefined ? {} : { applied: applied.toSorted() }),
      ...(readable === false ? { journal: 'unreadable' } : {}),
      ...(unread.size === 0 ? {} : { unread: [...unread] }),
      statements,
      tables,
    }
  } finally {
    await connection.run('rollback')
  }
}

/** Catalogues of which the role may read nothing: on a server as it is installed none that is read here. */
async function unreadableCatalogues(connection: Connection): Promise<ReadonlySet<string>> {
  const { rows } = await connection.query<{ name: string }>(
    `select relname::text as name from pg_class
      where relnamespace = 'pg_catalog'::regnamespace and relkind in ('r', 'v') and not has_any_column_privilege(oid, 'select')`,
  )
  return new Set(rows.map(({ name }) => name))
}

interface StatementRow {
  readonly step: number
  readonly schema: string | null
  readonly name: string
  readonly sql: string
  readonly invalid: boolean
  readonly natural: boolean
  readonly body: string | null
  readonly inherited: NonNullable<SnapshotStatement['inherited']> | null
}

/**
 * All in one statement, which is one round trip. Of one kind in the order of their text, which is the same wherever the
 * same schema lies. What is dropped meanwhile has no text any more.
 */
async function statementsOf(
  connection: Connection,
  readers: readonly KindReader[],
  { journalSchema, dialect }: ReadSnapshotOptions,
): Promise<readonly SnapshotStatement[]> {
  const selects = readers.map(({ query }, step) => `select ${step} as step, found.* from (${query.sql}) found`)
  // Where nothing leaves the journal out the parameter is taken all the same.
  const { rows } = await connection.query<StatementRow>(
    `select * from (${selects.join(' union all ')}) statement where sql is not null and $1::text is not null`,
    [journalSchema],
  )
  return rows
    .map((row) => ({ row, sql: row.sql + bodyOf(row, dialect) }))
    .toSorted((a, b) => a.row.step - b.row.step || order(a.sql, b.sql))
    .map(({ row, sql }): SnapshotStatement => ({
      sql,
      of: ownerOf(row),
      ...(row.invalid ? { invalid: true } : {}),
      ...(row.natural ? { natural: true } : {}),
      ...inheritedBy(row),
    }))
}

/** Where an heir has anything for its parents' sake. */
function inheritedBy({ inherited }: StatementRow): Pick<SnapshotStatement, 'inherited'> {
  if (inherited === null) return {}
  const { columns, constraints, notNulls } = inherited
  return [...columns, ...constraints, ...notNulls].length > 0 ? { inherited } : {}
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
