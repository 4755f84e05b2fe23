import type {
  AddConstraint,
  AlterConstraint,
  DropConstraint,
  RenameConstraint,
  ValidateConstraint,
} from '../../model/fact.ts'
import type { ConstraintDefinition, KeyConstraint } from '../../model/constraint.ts'
import type { Name } from '../../model/name.ts'
import type { Constraint, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { keyOf } from './key.ts'
import { named } from './constraint-names.ts'
import { dropImplicitNotNull, loseNotNull, makeNotNull, renameNotNull } from './not-null.ts'

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
  // One that a parent has too stays the table's own.
  const known = definition.name === undefined ? undefined : table.constraints.get(definition.name)
  const isOwn = known !== undefined && known.inherited !== true
  const constraint = { ...named(catalogue, table, definition), inherited: inherited && !isOwn }
  const constraints = new Map(table.constraints).set(constraint.name, constraint)
  let changed = catalogue.updateTable(table, { constraints })
  for (const column of columnsMadeNotNull(constraint)) {
    const isNotNull = constraint.type === 'not-null'
    const own = isNotNull ? { notNullName: undefined, notNullInherited: constraint.inherited } : {}
    changed = catalogue.updateColumn(changed, column, { notNull: true, ...own })
    if (constraint.type === 'primary-key') makeNotNull(catalogue, changed, column, only)
  }
  if (constraint.type === 'primary-key' || constraint.type === 'unique' || constraint.type === 'exclude')
    putConstraintIndex(catalogue, changed, constraint)
  if (only) return
  for (const child of catalogue.childrenOf(table)) {
    if (isInherited(table, child, definition))
      putConstraint(catalogue, child, forChild(constraint), { inherited: true })
  }
}

/** A child gets the parent's CHECK and foreign key under its name, and an index of its own. */
export function forChild(constraint: Constraint): ConstraintDefinition {
  if (constraint.type === 'check' || constraint.type === 'foreign-key' || constraint.type === 'not-null')
    return constraint
  const { name: _, ...rest } = constraint
  return rest
}

/** INHERITS passes on CHECK and NOT NULL only; partitions get every constraint. */
export function isInherited(parent: Table, child: Table, constraint: ConstraintDefinition): boolean {
  if ('noInherit' in constraint) return false
  const isPartition = child.partitionOf !== undefined && keyOf(child.partitionOf) === keyOf(parent.name)
  if (constraint.type === 'not-null') return child.columns.get(constraint.column)?.notNull !== true
  if (!isPartition) return constraint.type === 'check'
  return constraint.name === undefined || !child.constraints.has(constraint.name)
}

/** The columns of its own table that a constraint needs. */
export function constraintColumns(constraint: ConstraintDefinition): readonly string[] {
  switch (constraint.type) {
    case 'check':
      return constraint.expression.columns
    case 'not-null':
      return [constraint.column]
    case 'exclude':
      return [
        ...constraint.columns.filter((column) => column !== ''),
        ...(constraint.expressionColumns ?? []),
        ...(constraint.include ?? []),
      ]
    case 'foreign-key':
      return constraint.columns
    case 'primary-key':
    case 'unique':
      return [...constraint.columns, ...(constraint.include ?? [])]
  }
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

export function removeConstraint(catalogue: Catalogue, table: Table, constraint: Constraint, only = false): void {
  const constraints = new Map(table.constraints)
  constraints.delete(constraint.name)
  const changed = catalogue.updateTable(table, { constraints })
  if (constraint.type === 'not-null') loseNotNull(catalogue, changed, constraint.column, only)
  const index = [...table.indexes.values()].find((candidate) => candidate.constraint === constraint.name)
  if (index !== undefined) {
    catalogue.removeIndex(index.name)
    dropKeysThatNeed(catalogue, changed, constraint)
  }
  for (const child of catalogue.childrenOf(changed)) {
    const same = childConstraint(child, constraint)
    if (same === undefined) continue
    const others = catalogue.parentsOf(child.name).some((parent) => parent.constraints.has(same.name))
    const goes = child.partitionOf !== undefined || (same.inherited === true && !others)
    if (goes && !only) removeConstraint(catalogue, child, same)
    else if (only) putOwn(catalogue, child, { ...same, inherited: false })
  }
}

function putOwn(catalogue: Catalogue, table: Table, constraint: Constraint): void {
  catalogue.updateTable(table, { constraints: new Map(table.constraints).set(constraint.name, constraint) })
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
  if (index?.constraint === fact.constraint) {
    const name = { schema: table.name.schema, name: fact.to }
    catalogue.carryAge(index.name, name)
    catalogue.removeIndex(index.name)
    catalogue.putIndex({ ...index, name, constraint: fact.to })
  }
}

export function renameConstraintOf(catalogue: Catalogue, table: Table, constraint: Constraint, to: string): void {
  const constraints = new Map<string, Constraint>()
  for (const [name, other] of table.constraints) {
    if (name === constraint.name) constraints.set(to, { ...constraint, name: to })
    else constraints.set(name, other)
  }
  catalogue.updateTable(table, { constraints })
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
  for (const column of columnsMadeNotNull(next)) {
    changed = catalogue.updateColumn(changed, column, { notNull: true })
  }
  for (const child of catalogue.childrenOf(table)) changeConstraint(catalogue, child.name, constraintName, change)
}

function columnsMadeNotNull(constraint: Constraint): readonly string[] {
  if (constraint.type === 'primary-key') return constraint.columns
  return constraint.type === 'not-null' && constraint.valid ? [constraint.column] : []
}

function putConstraintIndex(
  catalogue: Catalogue,
  table: Table,
  constraint: Extract<Constraint, { type: 'primary-key' | 'unique' | 'exclude' }>,
): void {
  const name = { schema: table.name.schema, name: constraint.name }
  const used = constraint.type === 'exclude' ? undefined : constraint.usingIndex
  const existing = used === undefined ? undefined : catalogue.index({ schema: table.name.schema, name: used })
  if (existing !== undefined) {
    adoptIndex(catalogue, table, constraint, existing.name)
    return
  }
  catalogue.putIndex({
    name,
    table: table.name,
    unique: constraint.type !== 'exclude',
    method: constraint.type === 'exclude' ? (constraint.method ?? 'gist') : 'btree',
    columns: constraint.columns,
    usesColumns: constraintColumns(constraint),
    functions: constraint.type === 'exclude' ? constraint.functions : undefined,
    partial: constraint.type === 'exclude' && constraint.partial === true,
    constraint: constraint.name,
  })
}

/** USING INDEX: the index becomes the constraint's, takes its name, and gives it its columns. */
function adoptIndex(
  catalogue: Catalogue,
  table: Table,
  constraint: Extract<Constraint, { type: 'primary-key' | 'unique' | 'exclude' }>,
  indexName: Required<Name>,
): void {
  const index = catalogue.index(indexName)
  if (index === undefined) return
  const name = { schema: table.name.schema, name: constraint.name }
  if (name.name !== indexName.name) {
    catalogue.carryAge(indexName, name)
    catalogue.removeIndex(indexName)
  }
  catalogue.putIndex({ ...index, name, constraint: constraint.name })
  let changed = catalogue.table(table.name) ?? table
  const withColumns = { ...constraint, columns: index.columns }
  changed = catalogue.updateTable(changed, {
    constraints: new Map(changed.constraints).set(constraint.name, withColumns),
  })
  if (constraint.type !== 'primary-key') return
  for (const column of index.columns) makeNotNull(catalogue, catalogue.table(changed.name) ?? changed, column)
}

/** Dropping a key with CASCADE drops the foreign keys that point at it. */
function dropKeysThatNeed(catalogue: Catalogue, table: Table, key: Constraint): void {
  if (key.type !== 'primary-key' && key.type !== 'unique') return
  const columns = [...key.columns].toSorted().join('\0')
  for (const { table: other, constraint } of catalogue.foreignKeysAt(table.name)) {
    if ([...constraint.referencedColumns].toSorted().join('\0') === columns)
      removeConstraint(catalogue, catalogue.table(other.name) ?? other, constraint)
  }
}

function childConstraint(child: Table, parent: Constraint): Constraint | undefined {
  const same = child.constraints.get(parent.name)
  if (same?.type === parent.type) return same
  if (parent.type !== 'primary-key' && parent.type !== 'unique') return undefined
  const columns = parent.columns.join('\0')
  return [...child.constraints.values()].find(
    (other) => other.type === parent.type && other.columns.join('\0') === columns,
  )
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
