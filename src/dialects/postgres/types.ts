import type { Node, TypeName as TypeNode } from 'libpg-query'
import { nameText, quoteLiteral, quoteName } from '../../model/name.ts'
import type { TypeName } from '../../model/type.ts'
import { as } from './grammar.ts'
import { nameOf, strings } from './names.ts'

/** Names that the grammar or the catalogue uses for types which have another name in SQL. */
const sqlNames: ReadonlyMap<string, string> = new Map([
  ['int2', 'smallint'],
  ['int4', 'integer'],
  ['int8', 'bigint'],
  ['int', 'integer'],
  ['float4', 'real'],
  ['float8', 'double precision'],
  ['bool', 'boolean'],
  ['varchar', 'character varying'],
  ['bpchar', 'character'],
  ['varbit', 'bit varying'],
  ['decimal', 'numeric'],
  ['timestamp', 'timestamp without time zone'],
  ['timestamptz', 'timestamp with time zone'],
  ['time', 'time without time zone'],
  ['timetz', 'time with time zone'],
  ['serial2', 'smallserial'],
  ['serial4', 'serial'],
  ['serial8', 'bigserial'],
])

/** Types that create a sequence and are NOT NULL. */
export const serialTypes: ReadonlySet<string> = new Set(['smallserial', 'serial', 'bigserial'])

/** Names of SQL that are more than one word or would be quoted, and are written bare all the same. */
const bareNames: ReadonlySet<string> = new Set([...sqlNames.values(), 'bit', 'interval', 'numeric'])

/** Bits of an interval's fields in its first modifier (`INTERVAL_MASK` in PostgreSQL's `timestamp.h`). */
const intervalFields: ReadonlyMap<number, string> = new Map([
  [4, 'year'],
  [2, 'month'],
  [8, 'day'],
  [1024, 'hour'],
  [2048, 'minute'],
  [4096, 'second'],
  [6, 'year to month'],
  [1032, 'day to hour'],
  [3080, 'day to minute'],
  [7176, 'day to second'],
  [3072, 'hour to minute'],
  [7168, 'hour to second'],
  [6144, 'minute to second'],
])

/** The type that a statement writes, under its SQL name. */
export function typeOf(node: TypeNode | undefined): TypeName {
  const written = nameOf(strings(node?.names))
  const builtIn = written.schema === undefined || written.schema === 'pg_catalog'
  const name = builtIn ? (sqlNames.get(written.name) ?? written.name) : written.name
  const array = (node?.arrayBounds ?? []).length > 0
  const isInterval = builtIn && name === 'interval'
  const modifiers = isInterval ? intervalPrecision(node) : numbers(node?.typmods)
  const bare = builtIn && bareNames.has(name) ? name : nameText(builtIn ? { name } : written)
  const plain = isInterval ? intervalSql(node) : withModifiers(bare, (node?.typmods ?? []).map(modifierSql))
  const sql = array ? `${plain}[]` : plain
  const schema = builtIn ? undefined : written.schema
  return schema === undefined ? { name, modifiers, array, sql } : { name, schema, modifiers, array, sql }
}

/** `timestamp(3) with time zone`: the modifiers stand after the first word. */
function withModifiers(name: string, modifiers: readonly string[]): string {
  if (modifiers.length === 0) return name
  const list = `(${modifiers.join(',')})`
  const timed = /^(timestamp|time)( with.*)$/.exec(name)
  return timed === null ? `${name}${list}` : `${timed[1]}${list}${timed[2]}`
}

function numbers(nodes: readonly Node[] | undefined): readonly number[] {
  return (nodes ?? []).flatMap((node) => {
    const value = integerOf(node)
    return value === undefined ? [] : [value]
  })
}

function integerOf(node: Node | undefined): number | undefined {
  const constant = as(node, 'A_Const')
  return constant?.ival === undefined ? undefined : (constant.ival.ival ?? 0)
}

function modifierSql(node: Node): string {
  const number = integerOf(node)
  if (number !== undefined) return String(number)
  const text = as(node, 'A_Const')?.sval?.sval
  if (text !== undefined) return quoteLiteral(text)
  const column = as(node, 'ColumnRef')
  if (column !== undefined) return strings(column.fields).map(quoteName).join('.')
  return '?'
}

function intervalPrecision(node: TypeNode | undefined): readonly number[] {
  const precision = integerOf(node?.typmods?.[1])
  return precision === undefined ? [] : [precision]
}

function intervalSql(node: TypeNode | undefined): string {
  const fields = intervalFields.get(integerOf(node?.typmods?.[0]) ?? -1)
  const precision = intervalPrecision(node)
  const named = fields === undefined ? 'interval' : `interval ${fields}`
  return precision.length === 0 ? named : `${named}(${precision.join(',')})`
}
