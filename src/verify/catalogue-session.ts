import type { Connection } from '../model/database.ts'

/** What the catalogue says depends on these settings of the session: names, and how constants are written. */
const settings: Readonly<Record<string, string>> = {
  search_path: 'pg_catalog',
  quote_all_identifiers: 'off',
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  lc_monetary: 'C',
  // The statement is long and touches few rows: compiling it would take longer than running it.
  jit: 'off',
}

const names = Object.keys(settings)
const before = names.map((name) => `current_setting('${name}')`).join(', ')
const set = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', false)`)
const restore = names.map((name, index) => `set_config('${name}', $${index + 1}, false)`)

/** Catalogues of the server of which the role may read nothing. Some are never read here. */
const unreadableCatalogues = `
  select relname::text as name from pg_catalog.pg_class
   where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r' and not has_table_privilege(oid, 'select')`

export interface CatalogueSession {
  readonly unreadable: ReadonlySet<string>
}

/** Does `read` under settings that give the same text everywhere, and then gives the session its own ones back. */
export async function inCatalogueSession<T>(
  connection: Connection,
  read: (session: CatalogueSession) => Promise<T>,
): Promise<T> {
  // They leave together and are answered in order.
  const [was, , unreadable] = await Promise.all([
    connection.query<{ values: readonly string[] }>(`select array[${before}] as values`),
    connection.query(`select ${set.join(', ')}`),
    connection.query<{ name: string }>(unreadableCatalogues),
  ])
  try {
    return await read({ unreadable: new Set(unreadable.rows.map(({ name }) => name)) })
  } finally {
    // In a transaction that failed nothing can be set; its end sets it back.
    const values = was.rows[0]?.values ?? []
    await connection.query(`select ${restore.join(', ')}`, values).catch(() => undefined)
  }
}
