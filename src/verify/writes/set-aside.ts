import type { Connection } from '../../model/database.ts'
import type { WrittenLoss } from './compare-written.ts'
import type { Image } from './images.ts'
import type { TableWrites } from './make-writes.ts'

/** Texts this short are found anywhere. */
const tellingLength = 2

/**
 * Looks for rows that are gone in every other table: a downgrade may set aside what the old schema cannot hold. A row is
 * found where another one holds all its values, under whatever names.
 *
 * @returns where they are; undefined when one of them is nowhere, or when a loss is no whole row
 */
export async function setAside(
  connection: Connection,
  losses: readonly WrittenLoss[],
  writes: readonly TableWrites[],
  written: readonly Image[],
): Promise<string | undefined> {
  if (losses.some(({ column, detail }) => column !== undefined || detail !== 'gone')) return undefined
  const rows = losses.flatMap(({ table, ids }) => {
    const image = written[writes.findIndex((write) => write.table.name === table)]
    return ids.map((id) => (image?.rows.get(id) ?? []).filter((value) => value !== null))
  })
  const { rows: tables } = await connection.query<{ name: string }>(
    `select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'migrate')`,
  )
  const places = new Set<string>()
  for (const row of rows) {
    const telling = row
      .filter((value) => value.length >= tellingLength)
      .map((value) => JSON.stringify(value).slice(1, -1))
    const place = await findRow(
      connection,
      tables.map(({ name }) => name),
      telling,
    )
    if (place === undefined) return undefined
    places.add(place)
  }
  return [...places].join(', ')
}

async function findRow(
  connection: Connection,
  tables: readonly string[],
  values: readonly string[],
): Promise<string | undefined> {
  if (tables.length === 0 || values.length === 0) return undefined
  const each = tables.map(
    (name, at) =>
      `select ${at} as place where exists (select from ${name} t where (select bool_and(position(v in to_jsonb(t)::text) > 0) from jsonb_array_elements_text($1::jsonb) v))`,
  )
  const { rows } = await connection.query<{ place: number }>(`${each.join(' union all ')} limit 1`, [
    JSON.stringify(values),
  ])
  return tables[rows[0]?.place ?? -1]
}
