import { ToolkitError } from '../../core/errors.ts'
import { listOf, suggestion } from '../../core/text.ts'
import type { JournalRow, JournalTable, ToolJournal } from '../../journals/journal.ts'
import type { Connection } from '../../model/database.ts'
import { nameText } from '../../model/name.ts'

/** The journal of another tool, as it lies in the database. */
export interface FoundJournal {
  readonly journal: ToolJournal
  /** The schema of its first table. */
  readonly schema: string
  /** Its tables that are there, by the names that the journal gives them, as the server is asked for them. */
  readonly tables: Readonly<Record<string, string>>
}

interface DatabaseTable {
  readonly schema: string
  readonly name: string
  readonly columns: readonly string[]
}

/** Every journal of another tool in the database. Asks the catalogue and nothing else. */
export async function findJournals(
  connection: Connection,
  journals: readonly ToolJournal[],
): Promise<readonly FoundJournal[]> {
  const wanted = journals.flatMap(({ tables, unless = [] }) => [...tables.map(({ name }) => name), ...unless])
  const { rows } = await connection.query<DatabaseTable>(
    `select n.nspname::text as schema, c.relname::text as name, array_agg(a.attname::text) as columns
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind in ('r', 'p') and c.relname = any($1) and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      group by 1, 2 order by 1, 2`,
    [wanted],
  )
  // A journal that always lies in one schema owns what is there.
  const owned = journals.flatMap(({ tables: [{ schema }] }) => schema ?? [])
  return journals.flatMap((journal) =>
    rows
      .filter((table) => fits(table, journal.tables[0], owned) && !isOthers(table, journal, rows))
      .map(({ schema }) => ({ journal, schema, tables: tablesIn(schema, journal, rows) })),
  )
}

function fits({ schema, name, columns }: DatabaseTable, wanted: JournalTable, owned: readonly string[]): boolean {
  if (name !== wanted.name) return false
  if (wanted.schema === undefined ? owned.includes(schema) : schema !== wanted.schema) return false
  return (
    wanted.columns.every((column) => columns.includes(column)) &&
    (wanted.without ?? []).every((column) => !columns.includes(column))
  )
}

function isOthers({ schema }: DatabaseTable, { unless = [] }: ToolJournal, all: readonly DatabaseTable[]): boolean {
  return all.some((table) => table.schema === schema && unless.includes(table.name))
}

function tablesIn(schema: string, journal: ToolJournal, all: readonly DatabaseTable[]): FoundJournal['tables'] {
  const names = journal.tables.map(({ name }) => name)
  const own = all.filter((table) => table.schema === schema && names.includes(table.name))
  return Object.fromEntries(own.map(({ name }) => [name, nameText({ schema, name })]))
}

/**
 * The one that was asked for, or the only one there is.
 *
 * @throws ToolkitError `command-invalid`, `import-refused` where there is none, or several
 */
export function oneJournal(
  found: readonly FoundJournal[],
  asked: {
    readonly from?: string | undefined
    readonly schema?: string | undefined
    readonly known: readonly string[]
  },
): FoundJournal {
  const { from, schema, known } = asked
  if (from !== undefined && !known.includes(from))
    throw new ToolkitError({
      code: 'command-invalid',
      message: `--from does not take "${from}".`,
      hint: suggestion(from, known),
    })
  const fitting = found.filter(
    (one) => (from === undefined || one.journal.id === from) && (schema === undefined || one.schema === schema),
  )
  const [only] = fitting
  if (only !== undefined && fitting.length === 1) return only
  const places = (all: readonly FoundJournal[]): string =>
    listOf(all.map((one) => `${one.journal.id} in ${placeOf(one)}`))
  if (fitting.length > 1)
    throw new ToolkitError({
      code: 'command-invalid',
      message: `There are several journals of other tools in the database: ${places(fitting)}.`,
      hint: `Say which: --from ${only?.journal.id ?? ''} --schema ${only?.schema ?? ''}`,
    })
  throw new ToolkitError({
    code: 'import-refused',
    message: `There is no journal${from === undefined ? ' of another tool that is known' : ` of ${from}`} in the database${schema === undefined ? '' : ` in schema ${schema}`}. Nothing was changed.`,
    hint:
      found.length > 0
        ? `There is: ${places(found)}.`
        : 'Look whether it is the right database. Without a journal: migrate baseline',
  })
}

/** `public.schema_migrations`. */
export function placeOf({ journal, schema }: FoundJournal): string {
  return nameText({ schema, name: journal.tables[0].name })
}

/** All rows of its tables. */
export async function readRows(
  connection: Connection,
  { tables }: FoundJournal,
): Promise<Readonly<Record<string, readonly JournalRow[]>>> {
  const read = await Promise.all(
    Object.entries(tables).map(async ([name, table]) => {
      const { rows } = await connection.query<{ line: Record<string, string | null> }>(
        `select (select jsonb_object_agg(key, value) from jsonb_each_text(to_jsonb(t))) as line from ${table} t`,
      )
      return [name, rows.map(({ line }) => line)] as const
    }),
  )
  return Object.fromEntries(read)
}
