import type { Connection } from '../../model/database.ts'
import { type ShapeColumn, readTableShapes } from '../data/table-shapes.ts'
import { type TableWrites, idColumns, idSql } from './make-writes.ts'

/** The rows that were written to one table, as they are at one moment: by id, the texts of their columns. */
export interface Image {
  readonly table: string
  readonly rows: ReadonlyMap<string, readonly (string | null)[]>
}

/** The rows that were written, right after they were. */
export function readWritten(connection: Connection, writes: TableWrites): Promise<Image> {
  const { table, inserted, updated, deleted } = writes
  const columns = table.columns.map(({ name }) => name)
  return readImage(connection, table.name, idColumns(table), columns, [...inserted, ...updated, ...deleted])
}

/** Where the columns of a table went: by their number in the same table, else by their name. Null: gone with the downgrade. */
export interface Mapping {
  readonly table: string
  readonly columns: readonly (string | null)[]
}

/** Undefined: the table is not there, under this name or another. */
export async function mappingOf(connection: Connection, { table }: TableWrites): Promise<Mapping | undefined> {
  const { rows } = await connection.query<{ oid: number }>(
    `select coalesce((select oid from pg_class where oid = $1::oid), to_regclass($2))::oid::int8::float8 as oid`,
    [table.oid, table.name],
  )
  const [shape] = await readTableShapes(
    connection,
    rows[0]?.oid === undefined || rows[0].oid === null ? [] : [rows[0].oid],
  )
  if (shape === undefined) return undefined
  const sameTable = shape.oid === table.oid
  const find = ({ name, number }: { name: string; number: number }): ShapeColumn | undefined =>
    (sameTable ? shape.columns.find((column) => column.number === number) : undefined) ??
    shape.columns.find((column) => column.name === name)
  return { table: shape.name, columns: table.columns.map((column) => find(column)?.name ?? null) }
}

/** The written rows under other names of table and columns. Undefined: their ids cannot be told any more. */
export async function readMapped(
  connection: Connection,
  { table }: TableWrites,
  { table: name, columns }: Mapping,
  ids: readonly string[],
): Promise<Image | undefined> {
  const key = idColumns(table).map((column) => columns[table.columns.findIndex((own) => own.name === column)] ?? null)
  const known = key.filter((column) => column !== null)
  if (known.length < key.length) return undefined
  return readImage(connection, name, known, columns, ids)
}

async function readImage(
  connection: Connection,
  table: string,
  key: readonly string[],
  columns: readonly (string | null)[],
  ids: readonly string[],
): Promise<Image> {
  const values = columns.map((column) => (column === null ? 'null' : `t.${column}::text`)).join(', ')
  const { rows } = await connection.query<{ id: string; values: readonly (string | null)[] }>(
    `select ${idSql('t', key)} as id, array[${values}]::text[] as values from ${table} t where ${idSql('t', key)} = any (array(select jsonb_array_elements_text($1::jsonb)))`,
    [JSON.stringify(ids)],
  )
  return { table, rows: new Map(rows.map(({ id, values: texts }) => [id, texts])) }
}
