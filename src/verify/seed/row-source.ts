import { quoteLiteral } from '../../model/name.ts'
import { arrayText } from './kinds/literals.ts'
import { type SeedStyle, rowsPerTable } from './pool.ts'
import type { SeedColumn, SeedForeignKey, SeedTable } from './tables.ts'

/** One in so many rows has NULL in a column that may hold it. */
const nullEvery = 7
/** Columns step through their values at another pace each, so that rows are not all alike. */
const stride = 31
/** So many values are seen in the rows that are left when every seventh is NULL. */
const seenValues = 240
/** The first numbers are the keys of a table that numbers its rows, and of one whose rows are made up. */
const surelyThere = 200
/** So many rows are offered for each that is wanted where checks of several columns choose among them. */
const choice = 4

/** Values for each column of a table, by name. */
export type Pools = ReadonlyMap<string, readonly string[]>

/** A query that gives rows for a table: one column for each of `columns`, typed. */
export interface RowSource {
  readonly columns: readonly string[]
  readonly sql: string
}

/** Columns that take a value: not those that number themselves, nor those for which there is no value. */
export function filledColumns(table: SeedTable, pools: Pools, style: SeedStyle): readonly SeedColumn[] {
  const keys = new Set(table.foreignKeys.flatMap(({ columns }) => columns))
  return table.columns.filter((column) => {
    if (keys.has(column.name)) return true
    if (column.default === 'sequence') return false
    if (style === 'plain' && column.default === 'other') return false
    return (pools.get(column.name) ?? []).length > 0
  })
}

/**
 * Rows made up from `pools`, foreign keys taken from the referenced tables. Keys to the table itself, and to tables that
 * are filled later, are NULL where they may be.
 *
 * @param isFilled whether the rows of a referenced table are there already
 */
export function rowSource(
  table: SeedTable,
  columns: readonly SeedColumn[],
  pools: Pools,
  style: SeedStyle,
  isFilled: (name: string) => boolean,
  wanted: number = rowsPerTable,
): RowSource {
  const count = wanted * (table.conditions.length > 0 ? choice : 1)
  const keys = table.foreignKeys.map((key, at) => ({ key, alias: `key_${at}`, at }))
  const joins = keys.flatMap(({ key, alias, at }) => {
    const earlier = keys.slice(0, at).filter((other) => other.key.columns.some((name) => key.columns.includes(name)))
    return isFilled(key.references) && key.references !== table.name ? [joinSql(key, alias, at, earlier)] : []
  })
  const values = columns.map((column, at) => valuesSql(column, at, count, pools, style))
  const outputs = columns.map(
    (column, at) => `${outputSql(table, columns, at, keys, style, isFilled)} as ${column.name}`,
  )
  const missing = columns.filter(({ name, notNull }) => notNull && keys.some(({ key }) => key.columns.includes(name)))
  const conditions = [
    ...table.conditions.map((condition) => `(${condition}) is not false`),
    ...missing.map(({ name }) => `${name} is not null`),
  ]
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
  const sql = `select ${columns.map(({ name }) => name).join(', ')} from (
    select v.seed_row, ${outputs.join(', ')}
      from rows from (${['generate_series(1, ' + String(count) + ')', ...values].join(', ')}) as v(${['seed_row', ...columns.map((_, at) => `value_${at}`)].join(', ')})
      ${joins.join('\n      ')}) seed${where} order by seed.seed_row limit ${wanted}`
  return { columns: columns.map(({ name }) => name), sql }
}

function valuesSql(column: SeedColumn, at: number, count: number, pools: Pools, style: SeedStyle): string {
  const pool = pools.get(column.name) ?? []
  // Values of a unique key must not come twice; of others all are to be seen, also those at the beginning.
  const values = column.unique ? pool : pool.slice(0, seenValues)
  let next = column.unique ? 0 : at * stride
  const texts = Array.from({ length: count }, (_, index) => {
    if (style === 'varied' && !column.notNull && index % nullEvery === nullEvery - 1 - (at % 3)) return null
    next += 1
    return values[(next - 1) % Math.max(values.length, 1)] ?? null
  })
  return `unnest(${quoteLiteral(arrayText(texts))}::text[])`
}

interface AliasedKey {
  readonly key: SeedForeignKey
  readonly alias: string
}

function outputSql(
  table: SeedTable,
  columns: readonly SeedColumn[],
  at: number,
  keys: readonly AliasedKey[],
  style: SeedStyle,
  isFilled: (name: string) => boolean,
): string {
  const column = columns[at]
  if (column === undefined) return 'null'
  const own = `v.value_${at}::${column.type}${column.isArray ? '[]' : ''}`
  const using = keys.filter(({ key }) => key.columns.includes(column.name))
  const used = using.find(({ key }) => key.references !== table.name) ?? using[0]
  if (used === undefined) return own
  const { key, alias } = used
  const referenced = key.referencedColumns[key.columns.indexOf(column.name)] ?? ''
  const none = `null::${column.type}`
  if (key.references === table.name) return column.notNull ? selfKeySql(table, columns, referenced, own) : none
  if (!isFilled(key.references))
    return column.notNull ? `(1 + (v.seed_row - 1) % ${surelyThere})::${column.type}` : none
  if (style === 'plain' || column.notNull) return `${alias}.${referenced}`
  return `case when v.seed_row % ${nullEvery} = 3 then null else ${alias}.${referenced} end`
}

/** A row that must refer to one of its own table refers to itself. */
function selfKeySql(table: SeedTable, columns: readonly SeedColumn[], referenced: string, own: string): string {
  const target = table.columns.find(({ name }) => name === referenced)
  if (target?.default === 'sequence') return `v.seed_row::${target.type}`
  const place = columns.findIndex(({ name }) => name === referenced)
  return target === undefined || place < 0 ? own : `v.value_${place}::${target.type}`
}

/**
 * The rows of the referenced table are gone through in turn. A later key takes another pace, so that pairs differ; one
 * that shares a column with an earlier key takes a row that agrees in it.
 */
function joinSql(key: SeedForeignKey, alias: string, at: number, earlier: readonly AliasedKey[]): string {
  const columns = key.referencedColumns.join(', ')
  const shared = earlier.flatMap((other) =>
    key.columns.flatMap((name, index) => {
      const place = other.key.columns.indexOf(name)
      return place < 0
        ? []
        : [`r.${key.referencedColumns[index] ?? ''} = ${other.alias}.${other.key.referencedColumns[place] ?? ''}`]
    }),
  )
  if (shared.length > 0) {
    const from = `from ${key.references} r where ${shared.join(' and ')}`
    const offset = `(v.seed_row - 1) % greatest((select count(*) ${from}), 1)`
    return `left join lateral (select ${columns} ${from} order by ${columns} offset ${offset} limit 1) ${alias} on true`
  }
  const total = `(select greatest(count(*), 1) from ${key.references})`
  const turn = at === 0 ? 'v.seed_row - 1' : `v.seed_row - 1 + ${at} * ((v.seed_row - 1) / ${total})`
  return `left join (select row_number() over (order by ${columns}) - 1 as seed_place, ${columns} from ${key.references}) ${alias} on ${alias}.seed_place = (${turn}) % ${total}`
}
