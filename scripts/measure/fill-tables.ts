import type { Connection } from '../../src/model/database.ts'
import { quoteName } from '../../src/model/name.ts'

interface ColumnToFill {
  readonly table: string
  readonly column: string
  /** Name of the base type, without length. */
  readonly type: string
  readonly length: number | null
}

/**
 * Puts rows into every table, so that a scan or a rewrite has something to do. The n-th row has n or a text with n in
 * every column; foreign keys therefore fit when parents are filled first, which is found by trying. A partitioned table
 * without partitions has no place for rows.
 *
 * @throws DatabaseError when a table refuses such rows and no other table is filled by trying further
 */
export async function fillTables(connection: Connection, rows: number): Promise<void> {
  let waiting = insertStatements(await columnsToFill(connection), rows)
  while (waiting.length > 0) {
    const refused: { readonly sql: string; readonly error: unknown }[] = []
    for (const sql of waiting) {
      try {
        await connection.run(sql)
      } catch (error) {
        refused.push({ sql, error })
      }
    }
    if (refused.length === waiting.length) throw refused[0]?.error
    waiting = refused.map(({ sql }) => sql)
  }
}

async function columnsToFill(connection: Connection): Promise<readonly ColumnToFill[]> {
  const { rows } = await connection.query<ColumnToFill>(`
    select a.attrelid::regclass::text as table, a.attname::text as column,
           case when t.typtype = 'e' then 'enum' else coalesce(b.typname, t.typname)::text end as type,
           case when a.atttypmod > 4 and t.typname in ('varchar', 'bpchar') then a.atttypmod - 4 end as length
      from pg_attribute a
      join pg_class c on c.oid = a.attrelid
      join pg_namespace n on n.oid = c.relnamespace
      join pg_type t on t.oid = a.atttypid
      left join pg_type b on b.oid = t.typbasetype
     where (c.relkind = 'r' or c.relkind = 'p' and exists (select from pg_inherits where inhparent = c.oid)) and not c.relispartition and a.attnum > 0 and not a.attisdropped
       and a.attgenerated = '' and a.attidentity = '' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     order by c.oid, a.attnum`)
  return rows
}

function insertStatements(columns: readonly ColumnToFill[], rows: number): readonly string[] {
  const tables = [...new Set(columns.map(({ table }) => table))]
  return tables.map((table) => {
    const own = columns.filter((column) => column.table === table)
    const names = own.map(({ column }) => quoteName(column)).join(', ')
    return `insert into ${table} (${names}) select ${own.map(valueOf).join(', ')} from generate_series(1, ${rows}) as n`
  })
}

/** What the n-th row holds. */
function valueOf({ type, length }: ColumnToFill): string {
  switch (type) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'numeric':
    case 'float4':
    case 'float8':
      return 'n'
    case 'bool':
      return 'n % 2 = 0'
    case 'date':
      return `date '2026-01-01' + n`
    case 'timestamp':
    case 'timestamptz':
      return `timestamptz '2026-01-01 00:00:00Z' + n * interval '1 minute'`
    case 'uuid':
      return 'gen_random_uuid()'
    case 'int4range':
      return 'int4range(n * 10, n * 10 + 5)'
    case 'json':
    case 'jsonb':
      return `json_build_object('n', n)::${type}`
    case 'bit':
    case 'bytea':
    case 'cidr':
    case 'enum':
    case 'inet':
    case 'interval':
    case 'time':
    case 'timetz':
    case 'varbit':
    case 'xml':
    case '_int4':
    case '_varchar':
      return 'null'
    default:
      return length === null ? `'text ' || n` : `left('text ' || n, ${length})`
  }
}
