import type {
  AddColumn,
  ChangeGenerated,
  ChangeIdentity,
  DropColumn,
  DropDefault,
  DropNotNull,
  RenameColumn,
  SetColumnType,
  SetDefault,
  SetNotNull,
} from '../../model/fact.ts'
import type { ColumnFact } from '../../model/facts/base.ts'
import type { ColumnDefinition } from '../../model/column.ts'
import { missingIndexes } from '../../model/partition.ts'
import type { Name } from '../../model/name.ts'
import type { Column, Constraint, Table, Trigger } from '../../model/schema.ts'
import type { Expression, TypeName } from '../../model/type.ts'
import { resolvedCalls, resolvedIn } from './calls.ts'
import type { Catalogue } from './catalogue.ts'
import { freeRelationName } from './chosen-name.ts'
import { constraintColumns, putConstraints, removeConstraint, withNotNullName } from './constraints.ts'
import { removeDependentsOn, renameInDependents } from './dependents.ts'
import { keyOf, sameName } from './key.ts'
import { copyIndex } from './indexes.ts'
import { removeObjectsOn } from './needs.ts'
import { removeTriggers } from './triggers.ts'
import { typeAsName, withSchema } from './type-columns.ts'
import { removeViewsOn } from './views.ts'

export function addColumn(catalogue: Catalogue, fact: AddColumn): void {
  const table = catalogue.table(fact.table)
  if (table === undefined || table.columns.has(fact.column.name)) return
  putColumn(catalogue, table, fact.column)
}

function putColumn(catalogue: Catalogue, table: Table, definition: ColumnDefinition, isInherited = false): void {
  const columns = new Map(table.columns).set(definition.name, madeColumn(catalogue, definition))
  catalogue.updateTable(table, { columns })
  // Heirs count with the sequence of their parent.
  if (!isInherited) putOwnedSequence(catalogue, table.name, definition)
  putConstraints(catalogue, table.name, definition.constraints)
  const inherited = { ...definition, constraints: [] }
  for (const child of catalogue.childrenOf(table)) {
    // One that is there already is the parent's too from now on.
    if (child.columns.has(definition.name)) continue
    putColumn(catalogue, child, inherited, true)
    catalogue.updateColumn(catalogue.table(child.name) ?? child, definition.name, { inherited: true })
  }
}

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
    notNull: known.notNull || made.notNull,
    default: definition.default === undefined ? known.default : made.default,
  }
  const { type, collation, identity, generated, functions, computedFrom } = known
  return definition.type.name === ''
    ? { ...merged, type, collation, identity, generated, functions, computedFrom }
    : merged
}

/** DEFAULT NULL is no default, but for a domain, whose own default it hides, and where a length is given. */
function keptDefault(catalogue: Catalogue, type: TypeName, value: Expression | undefined): Expression | undefined {
  const isDomain = !type.array && catalogue.domain(typeAsName(type)) !== undefined
  return value?.isNull === true && !isDomain && type.modifiers.length === 0 ? undefined : resolvedIn(catalogue, value)
}

/** A column as the catalogue keeps it: serial is a whole number with NOT NULL and a sequence. */
function columnOf(definition: ColumnDefinition): Column {
  const { type, generated } = definition
  const whole = serialTypes[type.name]
  return {
    name: definition.name,
    type: whole === undefined ? type : { ...type, name: whole, sql: whole },
    notNull: definition.notNull || whole !== undefined || definition.identity !== undefined,
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
  catalogue.putSequence({
    name: { schema: written?.schema ?? schema, name: written?.name ?? freeRelationName(catalogue, parts) },
    type: type ?? definition.type.name,
    ownedBy: { table, column: definition.name },
  })
}

export function dropColumn(catalogue: Catalogue, fact: DropColumn): void {
  const table = catalogue.table(fact.table)
  if (table !== undefined) removeColumn(catalogue, table, fact.column, fact.only)
}

/** Removes a column with everything that cannot be without it. */
export function removeColumn(catalogue: Catalogue, table: Table, column: string, only = false): void {
  const current = (): Table => catalogue.table(table.name) ?? table
  for (const constraint of table.constraints.values()) {
    if (constraintColumns(constraint).includes(column)) removeConstraint(catalogue, current(), constraint)
  }
  for (const index of current().indexes.values()) {
    if (index.usesColumns.includes(column)) catalogue.removeIndex(index.name)
  }
  removeOwnedSequences(catalogue, table.name, column)
  removeTriggers(catalogue, current(), (_, trigger) => trigger.columns.includes(column))
  for (const { name, computedFrom } of table.columns.values())
    if (computedFrom?.includes(column) === true) removeColumn(catalogue, current(), name)
  removeViewsOn(catalogue, table.name, column)
  removeDependentsOn(catalogue, table.name, column)
  removeObjectsOn(catalogue, table.name, column)
  for (const { table: other, constraint } of catalogue.foreignKeysTo(table.name)) {
    if (constraint.type === 'foreign-key' && constraint.referencedColumns.includes(column))
      removeConstraint(catalogue, other, constraint)
  }
  const columns = new Map(current().columns)
  columns.delete(column)
  const changed = catalogue.updateTable(current(), { columns })
  for (const child of catalogue.childrenOf(changed)) removeInherited(catalogue, child, column, only)
}

/** A parent has lost a column: its heirs lose it too, unless it is their own as well, or another parent's. */
function removeInherited(catalogue: Catalogue, child: Table, column: string, only: boolean): void {
  const own = child.columns.get(column)
  if (own === undefined) return
  const others = catalogue.parentsOf(child.name).some((parent) => isParent(parent, child) && parent.columns.has(column))
  const goes = child.partitionOf !== undefined || (own.inherited === true && !others)
  if (goes && !only) removeColumn(catalogue, child, column)
  else if (only) catalogue.updateColumn(child, column, { inherited: false })
}

function isParent({ partitions, heirs }: Table, child: Table): boolean {
  return [...partitions, ...heirs].some((name) => sameName(name, child.name))
}

export function removeOwnedSequences(catalogue: Catalogue, table: Required<Name>, column?: string): void {
  for (const sequence of catalogue.sequencesOf(table)) {
    if (column === undefined || sequence.ownedBy.column === column) catalogue.removeSequence(sequence.name)
  }
}

export function renameColumn(catalogue: Catalogue, fact: RenameColumn): void {
  const table = catalogue.table(fact.table)
  if (table === undefined) renameColumnOfView(catalogue, fact.table, fact.column, fact.to)
  else renameColumnOf(catalogue, table, fact.column, fact.to)
}

export function renameColumnOfView(catalogue: Catalogue, name: Name, from: string, to: string): void {
  const view = catalogue.view(name)
  if (view === undefined) return
  const rename = renaming(from, to)
  catalogue.putView({ ...view, columns: view.columns === undefined ? undefined : rename(view.columns) })
  renameInIndexes(catalogue, view.name, rename)
  renameInOthers(catalogue, view.name, rename)
}

type Rename = (names: readonly string[]) => readonly string[]

function renaming(from: string, to: string): Rename {
  return (names) => names.map((name) => (name === from ? to : name))
}

function renameInIndexes(catalogue: Catalogue, relation: Required<Name>, rename: Rename): void {
  for (const index of catalogue.indexesOf(relation)) {
    const { columns, usesColumns, include = [] } = index
    catalogue.putIndex({
      ...index,
      columns: rename(columns),
      usesColumns: rename(usesColumns),
      include: rename(include),
    })
  }
}

function renameColumnOf(catalogue: Catalogue, table: Table, from: string, to: string): void {
  if (!table.columns.has(from)) return
  const rename = renaming(from, to)
  const columns = new Map(
    [...table.columns.values()].map((column) => renamedColumn(withNotNullName(table, column), from, to)),
  )
  const triggers = new Map([...table.triggers].map(([name, own]) => [name, renamedTrigger(own, rename)]))
  const constraints = new Map<string, Constraint>()
  for (const [name, constraint] of table.constraints) constraints.set(name, constraintWith(constraint, rename))
  catalogue.updateTable(table, { columns, constraints, triggers })
  renameInIndexes(catalogue, table.name, rename)
  renameInOthers(catalogue, table.name, rename)
  for (const child of catalogue.childrenOf(table)) renameColumnOf(catalogue, child, from, to)
}

function renamedTrigger(trigger: Trigger, rename: Rename): Trigger {
  const { columns, updateOf, when } = trigger
  return {
    ...trigger,
    columns: rename(columns),
    updateOf: rename(updateOf),
    when: when === undefined ? undefined : { ...when, columns: rename(when.columns) },
  }
}

function renamedColumn(column: Column, from: string, to: string): [string, Column] {
  const computedFrom = column.computedFrom?.map((name) => (name === from ? to : name))
  return column.name === from ? [to, { ...column, name: to }] : [column.name, { ...column, computedFrom }]
}

function constraintWith(constraint: Constraint, rename: Rename): Constraint {
  switch (constraint.type) {
    case 'check': {
      const { expression } = constraint
      const columns = rename(expression.columns)
      return {
        ...constraint,
        expression: { ...expression, columns, provesNotNull: rename(expression.provesNotNull) },
      }
    }
    case 'not-null':
      return { ...constraint, column: rename([constraint.column])[0] ?? constraint.column }
    case 'exclude':
      return {
        ...constraint,
        columns: rename(constraint.columns),
        expressionColumns: rename(constraint.expressionColumns ?? []),
        include: rename(constraint.include ?? []),
      }
    case 'foreign-key':
      return { ...constraint, columns: rename(constraint.columns) }
    case 'primary-key':
    case 'unique':
      return { ...constraint, columns: rename(constraint.columns), include: rename(constraint.include ?? []) }
  }
}

/** Foreign keys, views and sequences of other objects that name the column. */
function renameInOthers(catalogue: Catalogue, table: Required<Name>, rename: Rename): void {
  for (const { table: other, constraint } of catalogue.foreignKeysTo(table)) {
    if (constraint.type !== 'foreign-key') continue
    const changed = { ...constraint, referencedColumns: rename(constraint.referencedColumns) }
    catalogue.updateTable(other, { constraints: new Map(other.constraints).set(constraint.name, changed) })
  }
  for (const view of catalogue.viewsOn(table)) {
    const reads = view.reads.map((use) =>
      keyOf(use.table) === keyOf(table) ? { ...use, columns: rename(use.columns) } : use,
    )
    catalogue.putView({ ...view, reads })
  }
  renameInDependents(catalogue, table, rename)
  for (const object of catalogue.objectsOn(table))
    if (object.uses.some((use) => keyOf(use.table) === keyOf(table)))
      catalogue.putObject({
        ...object,
        uses: object.uses.map((use) =>
          keyOf(use.table) === keyOf(table) ? { ...use, columns: rename(use.columns) } : use,
        ),
      })
  for (const sequence of catalogue.sequencesOf(table)) {
    const owner = sequence.ownedBy
    const column = rename([owner.column])[0] ?? owner.column
    catalogue.putSequence({ ...sequence, ownedBy: { ...owner, column } })
  }
}

/** Changes one column of a table and of the tables that follow it. */
function changeColumn(
  catalogue: Catalogue,
  { table: name, column, only }: Pick<ColumnFact, 'table' | 'column' | 'only'>,
  change: Partial<Column>,
): void {
  const table = catalogue.table(name)
  if (table === undefined) return
  const changed = catalogue.updateColumn(table, column, change)
  if (only === true) return
  for (const child of catalogue.childrenOf(changed)) changeColumn(catalogue, { table: child.name, column }, change)
}

export function setColumnType(catalogue: Catalogue, fact: SetColumnType): void {
  changeColumn(catalogue, fact, { type: withSchema(catalogue, fact).type })
  const table = catalogue.table(fact.table)
  if (table !== undefined) rebuildIndexes(catalogue, table, fact.column)
  const identity = table?.columns.get(fact.column)?.identity
  if (table === undefined || identity === undefined) return
  // Measured on 14 to 18: the sequence of an identity column follows its type, that of a serial column does not.
  for (const sequence of catalogue.sequencesOf(table.name)) {
    if (sequence.ownedBy.column === fact.column) catalogue.putSequence({ ...sequence, type: fact.type.name })
  }
}

/** The server builds indexes over the column anew, also on the partitions that ON ONLY had left without. */
function rebuildIndexes(catalogue: Catalogue, table: Table, column: string): void {
  for (const name of table.partitions) {
    const partition = catalogue.table(name)
    if (partition === undefined) continue
    for (const index of missingIndexes(table, partition))
      if (index.constraint === undefined && index.usesColumns.includes(column)) copyIndex(catalogue, index, name)
    rebuildIndexes(catalogue, catalogue.table(name) ?? partition, column)
  }
}

export function setNotNull(catalogue: Catalogue, fact: SetNotNull): void {
  changeColumn(catalogue, fact, { notNull: true })
}

export function dropNotNull(catalogue: Catalogue, fact: DropNotNull): void {
  changeColumn(catalogue, fact, { notNull: false, notNullName: undefined })
}

export function setDefault(catalogue: Catalogue, fact: SetDefault): void {
  const type = catalogue.table(fact.table)?.columns.get(fact.column)?.type
  const value = type === undefined ? resolvedIn(catalogue, fact.default) : keptDefault(catalogue, type, fact.default)
  changeColumn(catalogue, fact, { default: value })
}

export function dropDefault(catalogue: Catalogue, fact: DropDefault): void {
  changeColumn(catalogue, fact, { default: undefined })
}

export function changeIdentity(catalogue: Catalogue, fact: ChangeIdentity): void {
  const table = catalogue.table(fact.table)
  const column = table?.columns.get(fact.column)
  if (table === undefined || column === undefined) return
  const identity = fact.action === 'drop' ? undefined : (fact.identity ?? column.identity ?? 'by default')
  setIdentity(catalogue, table, fact.column, identity)
  if (fact.action === 'drop') removeOwnedSequences(catalogue, table.name, fact.column)
  if (fact.action !== 'add') return
  const { schema, name } = table.name
  const parts = { schema, table: name, columns: fact.column, label: 'seq' }
  const { sequence: written } = fact
  catalogue.putSequence({
    name: { schema: written?.schema ?? schema, name: written?.name ?? freeRelationName(catalogue, parts) },
    type: column.type.name,
    ownedBy: { table: table.name, column: fact.column },
  })
}

/** Partitions have the identity of their parent, heirs do not. */
function setIdentity(catalogue: Catalogue, table: Table, column: string, identity: Column['identity']): void {
  const { partitions } = catalogue.updateColumn(table, column, { identity })
  for (const name of partitions) {
    const partition = catalogue.table(name)
    if (partition !== undefined) setIdentity(catalogue, partition, column, identity)
  }
}

export function changeGenerated(catalogue: Catalogue, fact: ChangeGenerated): void {
  if (fact.action === 'drop-expression')
    changeColumn(catalogue, fact, { generated: undefined, computedFrom: undefined })
}
