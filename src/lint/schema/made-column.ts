import type { ColumnDefinition } from '../../model/column.ts'
import type { Name } from '../../model/name.ts'
import { plainDefault } from '../../model/plain-default.ts'
import type { Column, TypedColumn } from '../../model/schema.ts'
import type { Expression, TypeName } from '../../model/type.ts'
import { resolvedCalls, resolvedIn } from './calls.ts'
import type { Catalogue } from './catalogue.ts'
import { freeRelationName } from './chosen-name.ts'
import { typeAsName, withSchema } from './type-columns.ts'

/**
 * As the server makes it. What is written of a column that is there already, of a parent or of a type, may be no more
 * than what is different.
 */
export function madeColumn(catalogue: Catalogue, definition: ColumnDefinition, known?: Column): Column {
  const column = withSchema(catalogue, columnOf(definition))
  const made = {
    ...column,
    default: keptDefault(catalogue, column.type, column.default),
    functions: column.functions === undefined ? undefined : resolvedCalls(catalogue, column.functions),
  }
  if (known === undefined) return made
  const merged = {
    ...made,
    ...(made.notNull || !known.notNull ? {} : notNullOf(known)),
    // That of serial is made, though none is written.
    default: definition.default === undefined ? (made.default ?? known.default) : made.default,
  }
  const { type, collation, identity, generated, functions, computedFrom } = known
  return definition.type.name === ''
    ? { ...merged, type, collation, identity, generated, functions, computedFrom }
    : merged
}

/** That of a parent. */
function notNullOf({
  notNullName,
  notNullInherited,
}: Column): Pick<Column, 'notNull' | 'notNullName' | 'notNullInherited'> {
  return { notNull: true, notNullName, notNullInherited }
}

/** DEFAULT NULL is no default, but for a domain, whose own default it hides, and where a length is given. */
export function keptDefault(
  catalogue: Catalogue,
  type: TypeName,
  value: Expression | undefined,
): Expression | undefined {
  const isDomain = !type.array && catalogue.domain(typeAsName(type)) !== undefined
  if (value?.isNull === true && !isDomain && type.modifiers.length === 0) return undefined
  const plain = value === undefined ? undefined : { ...value, sql: plainDefault(value.sql, type) }
  return resolvedIn(catalogue, plain)
}

/** A column as the catalogue keeps it: serial is a whole number with NOT NULL and a sequence. */
function columnOf(definition: ColumnDefinition): TypedColumn {
  const { type, generated } = definition
  const whole = serialTypes[type.name]
  return {
    name: definition.name,
    type: whole === undefined ? type : { ...type, name: whole, sql: whole },
    notNull: definition.notNull || whole !== undefined || definition.identity !== undefined,
    notNullName: definition.notNullName,
    default: definition.default ?? (whole === undefined ? undefined : nextValue),
    identity: definition.identity,
    generated: generated === undefined ? undefined : generated.stored ? 'stored' : 'virtual',
    functions: generated?.expression.functions,
    computedFrom: generated?.expression.columns,
    collation: definition.collation,
  }
}

const serialTypes: Readonly<Record<string, string>> = {
  smallserial: 'smallint',
  serial2: 'smallint',
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
}

const nextValue = {
  sql: 'nextval(…)',
  volatility: 'volatile',
  isNull: false,
  columns: [],
  functions: ['nextval'],
  provesNotNull: [],
} as const

/** The sequence behind serial and identity: `table_column_seq`, dropped with the column. */
export function putOwnedSequence(catalogue: Catalogue, table: Required<Name>, definition: ColumnDefinition): void {
  const type = serialTypes[definition.type.name]
  if (type === undefined && definition.identity === undefined) return
  const { schema } = table
  const parts = { schema, table: table.name, columns: definition.name, label: 'seq' }
  const { identitySequence: written } = definition
  const name = { schema: written?.schema ?? schema, name: written?.name ?? freeRelationName(catalogue, parts) }
  const owned = { name, type: type ?? definition.type.name, ownedBy: { table, column: definition.name } }
  catalogue.putSequence(type === undefined ? { ...owned, ofIdentity: true } : owned)
  const current = type === undefined ? undefined : catalogue.table(table)
  if (current !== undefined)
    catalogue.updateColumn(current, definition.name, { default: { ...nextValue, relations: [name] } })
}
