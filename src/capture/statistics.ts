import { ToolkitError } from '../core/errors.ts'
import { listOf, plural } from '../core/text.ts'
import { DatabaseError } from '../db/database-error.ts'
import type { Connection } from '../model/database.ts'
import { quoteName } from '../model/name.ts'
import type { RawText } from './collector.ts'

/** What pg_stat_statements holds of one database. */
export interface Statistics {
  readonly texts: readonly RawText[]
  /** Who sent them. */
  readonly roles: readonly string[]
  /** Statements that functions ran, of which the application knows nothing. */
  readonly nested: number
  /** Statements whose text the server could not keep. */
  readonly lost: number
}

interface StatisticsRow {
  readonly query: string | null
  readonly calls: number
  readonly role: string
  readonly toplevel: boolean
}

const unreadable = '<insufficient privilege>'

/**
 * Reads the statements of the session's database: those of `roles`, or of all.
 *
 * @throws ToolkitError `queries-unavailable` without the extension or where it is not loaded, `permission-denied` where
 * texts are hidden from the role of the session
 */
export async function readStatistics(connection: Connection, roles: readonly string[]): Promise<Statistics> {
  const schema = await extensionSchema(connection)
  const rows = await rowsOf(connection, schema, roles)
  const hidden = rows.filter(({ query }) => query === unreadable)
  if (hidden.length > 0) throw notPermitted(hidden)
  const toplevel = rows.filter((row) => row.toplevel)
  return {
    texts: toplevel.flatMap(({ query, calls }) =>
      query === null ? [] : [{ sql: query, parameters: [], calls, from: 'pg_stat_statements' }],
    ),
    roles: [...new Set(toplevel.map(({ role }) => role))].toSorted(),
    nested: rows.length - toplevel.length,
    lost: toplevel.filter(({ query }) => query === null).length,
  }
}

/** The schema in which the extension lies, as SQL writes it. */
async function extensionSchema(connection: Connection): Promise<string> {
  const { rows } = await connection.query<{ schema: string; toplevel: boolean }>(`
    select n.nspname as schema, exists (
      select from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
      where c.relname = 'pg_stat_statements' and c.relnamespace = n.oid and a.attname = 'toplevel'
    ) as toplevel
    from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'pg_stat_statements'`)
  const [found] = rows
  if (found === undefined)
    throw unavailable(
      'The extension pg_stat_statements is not in this database.',
      'Have a superuser run: create extension pg_stat_statements',
    )
  if (!found.toplevel)
    throw unavailable(
      'The extension pg_stat_statements is of an old version, which does not tell what functions run.',
      'Have its owner run: alter extension pg_stat_statements update',
    )
  return quoteName(found.schema)
}

async function rowsOf(
  connection: Connection,
  schema: string,
  roles: readonly string[],
): Promise<readonly StatisticsRow[]> {
  const text = `
    select s.query, s.calls::float8 as calls, s.toplevel, coalesce(r.rolname, s.userid::text) as role
    from ${schema}.pg_stat_statements s left join pg_catalog.pg_roles r on r.oid = s.userid
    where s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
    and (cardinality($1::text[]) = 0 or r.rolname = any ($1::text[]))`
  try {
    return (await connection.query<StatisticsRow>(text, [[...roles]])).rows
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.sqlState !== notLoaded) throw error
    throw unavailable(
      'The server has not loaded pg_stat_statements, so nothing was counted.',
      'Add it to shared_preload_libraries, start the server anew, and capture when the application has run for a while.',
      error,
    )
  }
}

/** object_not_in_prerequisite_state */
const notLoaded = '55000'

function notPermitted(hidden: readonly StatisticsRow[]): ToolkitError {
  const roles = [...new Set(hidden.map(({ role }) => role))].toSorted()
  return new ToolkitError({
    code: 'permission-denied',
    message: `The texts of ${plural(hidden.length, 'statement')} are hidden from the role of this session: those of ${listOf(roles)}.`,
    hint: 'Let a superuser run: grant pg_read_all_stats to ROLE; or name a role whose statements it may read with --role.',
  })
}

function unavailable(message: string, hint: string, cause?: unknown): ToolkitError {
  return new ToolkitError({ code: 'queries-unavailable', message, hint, cause })
}
