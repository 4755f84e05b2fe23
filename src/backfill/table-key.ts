import { ToolkitError } from '../core/errors.ts'
import type { Connection } from '../model/database.ts'
import type { BackfillOptions } from '../model/migration.ts'
import { quoteName } from '../model/name.ts'

/** The key that a backfill walks along, as the catalogue has it. Both names are ready to stand in SQL. */
export interface TableKey {
  readonly table: string
  readonly key: string
  /** The key's type with its length, for casting a cursor that is kept as text. */
  readonly type: string
  /** Rows that the planner believes in; undefined where the table was never analysed. */
  readonly estimatedRows: number | undefined
}

interface Found {
  readonly table: string
  readonly type: string | null
  readonly notNull: boolean | null
  readonly unique: boolean | null
  readonly rows: number
  readonly keys: readonly string[] | null
}

/**
 * Looks the table and its key up: each batch must be found by an index, and no row may be missed or met twice, so the
 * key has to be unique and not null.
 *
 * @throws ToolkitError `backfill-invalid`
 */
export async function findTableKey(connection: Connection, options: BackfillOptions): Promise<TableKey> {
  const column = unquote(options.key)
  const { rows } = await connection.query<Found>(
    `select c.oid::regclass::text as table,
            format_type(a.atttypid, a.atttypmod) as type,
            a.attnotnull as "notNull",
            exists (select from pg_index i
                     where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null
                       and i.indnkeyatts = 1 and i.indkey[0] = a.attnum) as unique,
            c.reltuples::float8 as rows,
            array(select k.attname::text
                    from pg_index i join pg_attribute k on k.attrelid = c.oid and k.attnum = i.indkey[0]
                   where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null
                     and i.indnkeyatts = 1 and k.attnotnull) as keys
       from pg_class c
       left join pg_attribute a on a.attrelid = c.oid and a.attname = $2 and a.attnum > 0 and not a.attisdropped
      where c.oid = to_regclass($1) and c.relkind in ('r', 'p')`,
    [options.table, column],
  )
  const [found] = rows
  if (found === undefined)
    throw invalid(options, `there is no table ${options.table}`, 'Check the name after "table:" and the search path.')
  if (found.type === null) throw invalid(options, `table ${found.table} has no column ${options.key}`, usable(found))
  if (found.notNull !== true)
    throw invalid(options, `column ${options.key} of ${found.table} may be NULL`, usable(found))
  if (found.unique !== true)
    throw invalid(options, `column ${options.key} of ${found.table} has no unique index of its own`, usable(found))
  return {
    table: found.table,
    key: quoteName(column),
    type: found.type,
    estimatedRows: found.rows < 0 ? undefined : found.rows,
  }
}

/** An identifier as PostgreSQL reads it: folded to lower case unless it is quoted. */
function unquote(written: string): string {
  const quoted = /^"(.*)"$/s.exec(written)?.[1]
  return quoted === undefined ? written.toLowerCase() : quoted.replaceAll('""', '"')
}

function usable({ table, keys }: Found): string {
  const names = (keys ?? []).map(quoteName)
  if (names.length > 0) return `Write key:${names[0]}${names.length > 1 ? `, or another of ${names.join(', ')}` : ''}.`
  return `Table ${table} has no column that is unique and not null; add one, or write the change as an ordinary migration.`
}

function invalid(options: BackfillOptions, why: string, hint: string): ToolkitError {
  return new ToolkitError({
    code: 'backfill-invalid',
    message: `The backfill of ${options.table} cannot be cut into batches: ${why}.`,
    hint,
  })
}
