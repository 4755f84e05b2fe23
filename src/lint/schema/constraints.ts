import type {
  AddConstraint,
  AlterConstraint,
  DropConstraint,
  RenameConstraint,
  ValidateConstraint,
} from '../../model/fact.ts'
import type { ConstraintDefinition, ForeignKeyConstraint, KeyConstraint } from '../../model/constraint.ts'
import type { Name } from '../../model/name.ts'
import type { Constraint, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { keyOf } from './key.ts'
import { named } from './constraint-names.ts'
import { forPartition, freeForeignKey } from './foreign-keys.ts'
import { followIndex, renameConstraintOf } from './index-parts.ts'
import { isKey, putKey } from './keys.ts'
import { dropImplicitNotNull, renameNotNull } from './not-null.ts'
import { removeConstraint } from './remove-constraints.ts'

export function addConstraint(catalogue: Catalogue, fact: AddConstraint): void {
  const table = catalogue.table(fact.table)
  if (table !== undefined) putConstraint(catalogue, table, fact.constraint, { only: fact.only === true })
}

/** The constraints of one CREATE TABLE or ADD COLUMN, in the order in which the server names them. */
export function putConstraints(
  catalogue: Catalogue,
  name: Required<Name>,
  constraints: readonly ConstraintDefinition[],
  inherited = false,
): void {
  const order = ['check', 'not-null', 'primary-key', 'unique', 'exclude', 'foreign-key']
  const sorted = withoutRepeatedKeys(constraints).toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type))
  for (const constraint of sorted) {
    const table = catalogue.table(name)
    if (table !== undefined) putConstraint(catalogue, table, constraint, { inherited })
  }
}

export function putConstraint(
  catalogue: Catalogue,
  table: Table,
  definition: ConstraintDefinition,
  { inherited = false, only = false }: { readonly inherited?: boolean; readonly only?: boolean } = {},
): void {
  if (isKey(definition)) return putKey(catalogue, table, definition, { inherited, only })
  // One that a parent has too stays the table's own.
  const known = definition.name === undefined ? undefined : table.constraints.get(definition.name)
  const isOwn = known !== undefined && known.inherited !== true
  const constraint = { ...named(catalogue, table, definition), inherited: inherited && !isOwn }
  const constraints = new Map(table.constraints).set(constraint.name, constraint)
  const changed = catalogue.updateTable(table, { constraints })
  if (constraint.type === 'not-null' && constraint.valid)
    catalogue.updateColumn(changed, constraint.column, {
      notNull: true,
      notNullName: undefined,
      notNullInherited: constraint.inherited,
    })
  if (only) return
  for (const child of catalogue.childrenOf(table)) {
    if (constraint.type === 'foreign-key') putForeignKeyOfParent(catalogue, table, child, constraint)
    else if (isInherited(table, child, definition)) putConstraint(catalogue, child, constraint, { inherited: true })
  }
}

/** A partition has one of its own for each foreign key of its parent. */
export function putForeignKeyOfParent(
  catalogue: Catalogue,
  parent: Table,
  child: Table,
  key: ForeignKeyConstraint & Constraint,
): void {
  if (!isPartitionOf(parent, child)) return
  const free = freeForeignKey(catalogue, child, key)
  if (free === undefined)
    return putConstraint(catalogue, child, forPartition(catalogue, child, key), { inherited: true })
  const constraints = new Map(child.constraints).set(free.name, { ...free, inherited: true })
  catalogue.updateTable(child, { constraints })
}

function isPartitionOf({ name }: Table, { partitionOf }: Table): boolean {
  return partitionOf !== undefined && keyOf(partitionOf) === keyOf(name)
}

/** INHERITS passes on CHECK and NOT NULL only; partitions get every constraint. */
function isInherited(parent: Table, child: Table, constraint: ConstraintDefinition): boolean {
  if ('noInherit' in constraint) return false
  if (constraint.type === 'not-null') return child.columns.get(constraint.column)?.notNull !== true
  if (!isPartitionOf(parent, child)) return constraint.type === 'check'
  return constraint.name === undefined || !child.constraints.has(constraint.name)
}

export function validateConstraint(catalogue: Catalogue, fact: ValidateConstraint): void {
  changeConstraint(catalogue, fact.table, fact.constraint, (constraint) => ({ ...constraint, valid: true }))
}

export function alterConstraint(catalogue: Catalogue, fact: AlterConstraint): void {
  const { enforced } = fact
  if (enforced === undefined) return
  // What is not enforced is not known to hold, whatever it was before.
  changeConstraint(catalogue, fact.table, fact.constraint, (constraint) => ({
    ...constraint,
    enforced,
    valid: enforced,
  }))
}

export function dropConstraint(catalogue: Catalogue, fact: DropConstraint): void {
  const table = catalogue.table(fact.table)
  if (table === undefined) return
  const constraint = table.constraints.get(fact.constraint)
  if (constraint !== undefined) removeConstraint(catalogue, table, constraint, fact.only)
  else dropImplicitNotNull(catalogue, table, fact)
}

export function renameConstraint(catalogue: Catalogue, fact: RenameConstraint): void {
  const table = catalogue.table(fact.table)
  if (table !== undefined) renameConstraintIn(catalogue, table, fact)
}

function renameConstraintIn(catalogue: Catalogue, table: Table, fact: RenameConstraint): void {
  const constraint = table.constraints.get(fact.constraint)
  const isImplicit = constraint === undefined && renameNotNull(catalogue, table, fact)
  if (constraint !== undefined) renameConstraintOf(catalogue, table, constraint, fact.to)
  // Heirs have CHECK and NOT NULL under their parent's name, and partitions other constraints under their own.
  if (isImplicit || constraint?.type === 'check' || constraint?.type === 'not-null')
    for (const child of catalogue.childrenOf(table)) renameConstraintIn(catalogue, child, fact)
  const index = catalogue.index({ schema: table.name.schema, name: fact.constraint })
  if (index?.constraint === fact.constraint && keyOf(index.table) === keyOf(table.name)) {
    const name = { schema: table.name.schema, name: fact.to }
    catalogue.replaceIndex(index.name, { ...index, name, constraint: fact.to })
    followIndex(catalogue, index, name)
  }
}

function changeConstraint(
  catalogue: Catalogue,
  name: Name,
  constraintName: string,
  change: (constraint: Constraint) => Constraint,
): void {
  const table = catalogue.table(name)
  const constraint = table?.constraints.get(constraintName)
  if (table === undefined || constraint === undefined) return
  const next = change(constraint)
  let changed = catalogue.updateTable(table, { constraints: new Map(table.constraints).set(constraintName, next) })
  if (next.type === 'not-null' && next.valid) changed = catalogue.updateColumn(changed, next.column, { notNull: true })
  for (const child of catalogue.childrenOf(table)) changeConstraint(catalogue, child.name, constraintName, change)
}

/** Of two keys over the same columns the server keeps one: the primary key, with the name that either gives. */
function withoutRepeatedKeys(constraints: readonly ConstraintDefinition[]): readonly ConstraintDefinition[] {
  const keys = new Map<string, KeyConstraint>()
  const others: ConstraintDefinition[] = []
  const written = constraints.toSorted((a, b) => Number(b.type === 'primary-key') - Number(a.type === 'primary-key'))
  for (const constraint of written) {
    if (constraint.type !== 'primary-key' && constraint.type !== 'unique') {
      others.push(constraint)
      continue
    }
    const { columns, include = [], deferrable, initiallyDeferred, saysMore } = constraint
    const key = [columns.join('\0'), include.join('\0'), deferrable, initiallyDeferred, saysMore].join('\0\0')
    const kept = keys.get(key)
    if (kept === undefined) keys.set(key, constraint)
    else if (kept.name === undefined && constraint.name !== undefined) keys.set(key, { ...kept, name: constraint.name })
  }
  return [...others, ...keys.values()]
}
