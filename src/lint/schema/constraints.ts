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
import { columnsPart, freeName, freeRelationName } from './chosen-name.ts'
import { keyOf } from './key.ts'

export function addConstraint(catalogue: Catalogue, fact: AddConstraint): void {
  const table = catalogue.table(fact.table)
  if (table !== undefined) putConstraint(catalogue, table, fact.constraint)
}

/** The constraints of one CREATE TABLE or ADD COLUMN, in the order in which the server names them. */
export function putConstraints(
  catalogue: Catalogue,
  name: Required<Name>,
  constraints: readonly ConstraintDefinition[],
): void {
  const order = ['check', 'not-null', 'primary-key', 'unique', 'exclude', 'foreign-key']
  const sorted = withoutRepeatedKeys(constraints).toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type))
  for (const constraint of sorted) {
    const table = catalogue.table(name)
    if (table !== undefined) putConstraint(catalogue, table, constraint)
  }
}

export function putConstraint(catalogue: Catalogue, table: Table, definition: ConstraintDefinition): void {
  const constraint = named(catalogue, table, definition)
  const constraints = new Map(table.constraints).set(constraint.name, constraint)
  let changed = catalogue.updateTable(table, { constraints })
  for (const column of columnsMadeNotNull(constraint)) {
    changed = catalogue.updateColumn(changed, column, { notNull: true })
  }
  if (constraint.type === 'primary-key' || constraint.type === 'unique' || constraint.type === 'exclude')
    putConstraintIndex(catalogue, changed, constraint)
  for (const child of catalogue.childrenOf(table)) {
    if (isInherited(table, child, definition)) putConstraint(catalogue, child, forChild(constraint))
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
  if (!isPartition) return constraint.type === 'check' || constraint.type === 'not-null'
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
  if (constraint !== undefined) removeConstraint(catalogue, table, constraint)
  else dropImplicitNotNull(catalogue, table, fact.constraint)
}

export function removeConstraint(catalogue: Catalogue, table: Table, constraint: Constraint): void {
  const constraints = new Map(table.constraints)
  constraints.delete(constraint.name)
  const changed = catalogue.updateTable(table, { constraints })
  if (constraint.type === 'not-null') catalogue.updateColumn(changed, constraint.column, { notNull: false })
  const index = [...table.indexes.values()].find((candidate) => candidate.constraint === constraint.name)
  if (index !== undefined) {
    catalogue.removeIndex(index.name)
    dropKeysThatNeed(catalogue, changed, constraint)
  }
  for (const child of catalogue.childrenOf(changed)) {
    const inherited = childConstraint(child, constraint)
    if (inherited !== undefined) removeConstraint(catalogue, child, inherited)
  }
}

export function renameConstraint(catalogue: Catalogue, fact: RenameConstraint): void {
  const table = catalogue.table(fact.table)
  const constraint = table?.constraints.get(fact.constraint)
  if (table === undefined || constraint === undefined) return
  renameConstraintOf(catalogue, table, constraint, fact.to)
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

function named(catalogue: Catalogue, table: Table, definition: ConstraintDefinition): Constraint {
  const name = definition.name ?? chosenName(catalogue, table, definition)
  if (definition.type !== 'foreign-key') return { ...definition, name }
  const references = catalogue.resolve(definition.references)
  const referencedColumns =
    definition.referencedColumns.length > 0
      ? definition.referencedColumns
      : primaryKeyColumns(catalogue.table(references) ?? table)
  return { ...definition, name, references, referencedColumns }
}

/** The columns of the primary key; none where there is none. */
export function primaryKeyColumns(table: Table): readonly string[] {
  for (const constraint of table.constraints.values()) {
    if (constraint.type === 'primary-key') return constraint.columns
  }
  return []
}

function chosenName(catalogue: Catalogue, table: Table, definition: ConstraintDefinition): string {
  const { schema, name } = table.name
  const constraintTaken = (candidate: string): boolean => catalogue.constraintNameExists(schema, candidate)
  switch (definition.type) {
    case 'check': {
      const [only, ...others] = definition.expression.columns
      return freeName(name, others.length === 0 ? (only ?? '') : '', 'check', constraintTaken)
    }
    case 'not-null':
      return freeName(name, definition.column, 'not_null', constraintTaken)
    case 'foreign-key':
      return freeName(name, columnsPart(definition.columns), 'fkey', constraintTaken)
    case 'exclude':
      return freeRelationName(catalogue, {
        schema,
        table: name,
        columns: columnsPart(definition.columns),
        label: 'excl',
      })
    case 'primary-key':
    case 'unique':
      return definition.usingIndex ?? chosenKeyName(catalogue, table, definition)
  }
}

function chosenKeyName(catalogue: Catalogue, table: Table, definition: KeyConstraint): string {
  const { schema, name } = table.name
  const isPrimary = definition.type === 'primary-key'
  const columns = isPrimary ? '' : columnsPart(definition.columns)
  return freeRelationName(catalogue, { schema, table: name, columns, label: isPrimary ? 'pkey' : 'key' })
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
    method: constraint.type === 'exclude' ? 'gist' : 'btree',
    columns: constraint.columns,
    usesColumns: constraint.columns,
    partial: false,
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
  for (const column of index.columns) changed = catalogue.updateColumn(changed, column, { notNull: true })
}

/** Dropping a key with CASCADE drops the foreign keys that point at it. */
function dropKeysThatNeed(catalogue: Catalogue, table: Table, key: Constraint): void {
  if (key.type !== 'primary-key' && key.type !== 'unique') return
  const columns = [...key.columns].toSorted().join('\0')
  for (const { table: other, constraint } of catalogue.foreignKeysTo(table.name)) {
    if (constraint.type !== 'foreign-key') continue
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

/** From PostgreSQL 18 on every NOT NULL is a constraint with a name; the model keeps the chosen ones implicit. */
function dropImplicitNotNull(catalogue: Catalogue, table: Table, name: string): void {
  for (const column of table.columns.values()) {
    if (freeName(table.name.name, column.name, 'not_null', () => false) === name)
      catalogue.updateColumn(table, column.name, { notNull: false })
  }
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
    const key = constraint.columns.join('\0')
    const kept = keys.get(key)
    if (kept === undefined) keys.set(key, constraint)
    else if (kept.name === undefined && constraint.name !== undefined) keys.set(key, { ...kept, name: constraint.name })
  }
  return [...others, ...keys.values()]
}
