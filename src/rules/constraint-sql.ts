import type { CheckConstraint, ConstraintDefinition, ForeignKeyConstraint, KeyConstraint } from '../model/constraint.ts'
import { nameText, quoteName } from '../model/name.ts'
import type { Name } from '../model/name.ts'
import type { Table } from '../model/schema.ts'
import type { Comparison } from '../model/type.ts'

/** PostgreSQL cuts identifiers at 63 bytes (`NAMEDATALEN` - 1); a name that is cut here is cut at its first part. */
const maxNameBytes = 63

/** The name the statement gives, else the one that the server would choose: `books_isbn_key`. */
export function constraintName(
  table: Name,
  columns: readonly string[],
  suffix: 'key' | 'pkey' | 'fkey' | 'check' | 'not_null' | 'excl' | 'idx',
  written?: string,
): string {
  if (written !== undefined) return written
  const middle = suffix === 'pkey' ? [] : columns.filter((column) => column !== '')
  const end = `_${[...middle, suffix].join('_')}`.slice(0, maxNameBytes - 1)
  return `${table.name.slice(0, Math.max(1, maxNameBytes - end.length))}${end}`
}

/** `(a, b)`. */
export function columnList(columns: readonly string[]): string {
  return `(${columns.map(quoteName).join(', ')})`
}

/** `foreign key (author_id) references authors (id) on delete cascade`. */
export function foreignKeySql(constraint: ForeignKeyConstraint, columns: readonly string[]): string {
  const referenced = constraint.referencedColumns.length === 0 ? '' : ` ${columnList(constraint.referencedColumns)}`
  const onDelete = constraint.onDelete === 'no action' ? '' : ` on delete ${constraint.onDelete}`
  const deferrable = constraint.deferrable ? ' deferrable' : ''
  return `foreign key ${columnList(columns)} references ${nameText(constraint.references)}${referenced}${onDelete}${deferrable}`
}

/** `check (price > 0)`. */
export function checkSql(constraint: CheckConstraint): string {
  return `check (${constraint.expression.sql})`
}

/** `a is not null and a >= 1 and a < 10`. */
export function comparisonsSql(comparisons: readonly Comparison[], notNull: readonly string[]): string {
  const isNotNull = notNull.map((column) => `${quoteName(column)} is not null`)
  const compared = comparisons.map(({ column, operator, values }) =>
    operator === 'in'
      ? `${quoteName(column)} in (${values.join(', ')})`
      : `${quoteName(column)} ${operator} ${values.join('')}`,
  )
  return [...isNotNull, ...compared].join(' and ')
}

/** The two statements that add a constraint without a scan under a strong lock; the second in a later migration. */
export function addThenValidate(table: Name, name: string, definition: string): string {
  return [
    `alter table ${nameText(table)} add constraint ${quoteName(name)} ${definition} not valid;`,
    '-- in the next migration:',
    `alter table ${nameText(table)} validate constraint ${quoteName(name)};`,
  ].join('\n')
}

/** The two statements that build a key's index beside the traffic; the first outside a transaction. */
export function indexThenConstraint(
  table: Name,
  name: string,
  columns: readonly string[],
  kind: 'unique' | 'primary key',
  saysMore = false,
): string {
  const more = saysMore ? ' …' : ''
  return [
    '-- in a migration of its own, outside a transaction:',
    `create unique index concurrently ${quoteName(name)} on ${nameText(table)} ${columnList(columns)}${more};`,
    '-- in the next migration:',
    `alter table ${nameText(table)} add constraint ${quoteName(name)} ${kind} using index ${quoteName(name)};`,
  ].join('\n')
}

/** The same for a partitioned table, which takes no USING INDEX: its own key takes over those of its partitions. */
export function keyPerPartition(
  table: Name,
  partitions: readonly Required<Name>[],
  key: { readonly columns: readonly string[]; readonly kind: 'unique' | 'primary key'; readonly name?: string },
): string {
  const columns = columnList(key.columns)
  const each = partitions.length === 0 ? [{ schema: table.schema ?? 'public', name: `${table.name}_…` }] : partitions
  const keys = each.flatMap((partition) => {
    const name = quoteName(constraintName(partition, key.columns, key.kind === 'unique' ? 'key' : 'pkey'))
    return [
      `create unique index concurrently ${name} on ${nameText(partition)} ${columns};`,
      `alter table ${nameText(partition)} add constraint ${name} ${key.kind} using index ${name};`,
    ]
  })
  const named = key.name === undefined ? '' : `constraint ${quoteName(key.name)} `
  return [
    '-- for each partition, outside a transaction:',
    ...keys,
    '-- in the next migration:',
    `alter table ${nameText(table)} add ${named}${key.kind} ${columns};`,
  ].join('\n')
}

/** Whether each partition has the key already, which the key of the whole table then takes over instead of building another. */
export function partitionsHaveKey(
  partitions: readonly (Table | undefined)[],
  { type, columns }: Pick<KeyConstraint, 'type' | 'columns'>,
): boolean {
  return partitions.every((partition) =>
    [...(partition?.constraints.values() ?? [])].some(
      (constraint) => constraint.type === type && constraint.columns.join('\0') === columns.join('\0'),
    ),
  )
}

/** Constraints of one type. */
export function constraintsOf<T extends ConstraintDefinition['type']>(
  constraints: readonly ConstraintDefinition[],
  type: T,
): readonly (ConstraintDefinition & { readonly type: T })[] {
  return constraints.filter(
    (constraint): constraint is ConstraintDefinition & { readonly type: T } => constraint.type === type,
  )
}
