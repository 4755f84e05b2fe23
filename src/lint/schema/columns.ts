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
import type { ColumnDefinition } from '../../model/column.ts'
import type { Name } from '../../model/name.ts'
import type { Column, Constraint, Table, Trigger } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { freeRelationName } from './chosen-name.ts'
import { putConstraints, removeConstraint } from './constraints.ts'
import { removeDependentsOn, renameInDependents } from './dependents.ts'
import { keyOf } from './key.ts'
import { removeObjectsOn } from './needs.ts'
import { removeTriggers } from './triggers.ts'
import { withSchema } from './type-columns.ts'
import { removeViewsOn } from './views.ts'

export function addColumn(catalogue: Catalogue, fact: AddColumn): void {
  const table = catalogue.table(fact.table)
  if (table === undefined || table.columns.has(fact.column.name)) return
  putColumn(catalogue, table, fact.column)
}

function putColumn(catalogue: Catalogue, table: Table, definition: ColumnDefinition): void {
  const columns = new Map(table.columns).set(definition.name, withSchema(catalogue, columnOf(definition)))
  catalogue.updateTable(table, { columns })
  putOwnedSequence(catalogue, table.name, definition)
  putConstraints(catalogue, table.name, definition.constraints)
  const inherited = { ...definition, constraints: [] }
  for (const child of catalogue.childrenOf(table)) putColumn(catalogue, child, inherited)
}

/** A column as the catalogue keeps it: serial is a whole number with NOT NULL and a sequence. */
export function columnOf(definition: ColumnDefinition): Column {
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
  if (table !== undefined) removeColumn(catalogue, table, fact.column)
}

/** Removes a column with everything that cannot be without it. */
export function removeColumn(catalogue: Catalogue, table: Table, column: string): void {
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
  for (const child of catalogue.childrenOf(changed)) removeColumn(catalogue, child, column)
}

/** The columns of its own table that a constraint needs. */
export function constraintColumns(constraint: Constraint): readonly string[] {
  switch (constraint.type) {
    case 'check':
      return constraint.expression.columns
    case 'not-null':
      return [constraint.column]
    default:
      return constraint.columns
  }
}

export function removeOwnedSequences(catalogue: Catalogue, table: Required<Name>, column?: string): void {
  for (const sequence of catalogue.sequencesOf(table)) {
    if (column === undefined || sequence.ownedBy.column === column) catalogue.removeSequence(sequence.name)
  }
}

export function renameColumn(catalogue: Catalogue, fact: RenameColumn): void {
  const table = catalogue.table(fact.table)
  if (table !== undefined) renameColumnOf(catalogue, table, fact.column, fact.to)
}

function renameColumnOf(catalogue: Catalogue, table: Table, from: string, to: string): void {
  if (!table.columns.has(from)) return
  const rename = (names: readonly string[]): readonly string[] => names.map((name) => (name === from ? to : name))
  const columns = new Map([...table.columns.values()].map((column) => renamedColumn(column, from, to)))
  const triggers = new Map([...table.triggers].map(([name, own]) => [name, renamedTrigger(own, rename)]))
  const constraints = new Map<string, Constraint>()
  for (const [name, constraint] of table.constraints) constraints.set(name, constraintWith(constraint, rename))
  catalogue.updateTable(table, { columns, constraints, triggers })
  for (const index of table.indexes.values()) {
    catalogue.putIndex({ ...index, columns: rename(index.columns), usesColumns: rename(index.usesColumns) })
  }
  renameInOthers(catalogue, table.name, rename)
  for (const child of catalogue.childrenOf(table)) renameColumnOf(catalogue, child, from, to)
}

function renamedTrigger(trigger: Trigger, rename: (names: readonly string[]) => readonly string[]): Trigger {
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

function constraintWith(constraint: Constraint, rename: (names: readonly string[]) => readonly string[]): Constraint {
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
    default:
      return { ...constraint, columns: rename(constraint.columns) }
  }
}

/** Foreign keys, views and sequences of other objects that name the column. */
function renameInOthers(
  catalogue: Catalogue,
  table: Required<Name>,
  rename: (names: readonly string[]) => readonly string[],
): void {
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
function changeColumn(catalogue: Catalogue, name: Name, column: string, change: Partial<Column>): void {
  const table = catalogue.table(name)
  if (table === undefined) return
  const changed = catalogue.updateColumn(table, column, change)
  for (const child of catalogue.childrenOf(changed)) changeColumn(catalogue, child.name, column, change)
}

export function setColumnType(catalogue: Catalogue, fact: SetColumnType): void {
  changeColumn(catalogue, fact.table, fact.column, { type: withSchema(catalogue, fact).type })
  const table = catalogue.table(fact.table)
  const identity = table?.columns.get(fact.column)?.identity
  if (table === undefined || identity === undefined) return
  // Measured on 14 to 18: the sequence of an identity column follows its type, that of a serial column does not.
  for (const sequence of catalogue.sequencesOf(table.name)) {
    if (sequence.ownedBy.column === fact.column) catalogue.putSequence({ ...sequence, type: fact.type.name })
  }
}

export function setNotNull(catalogue: Catalogue, fact: SetNotNull): void {
  changeColumn(catalogue, fact.table, fact.column, { notNull: true })
}

export function dropNotNull(catalogue: Catalogue, fact: DropNotNull): void {
  changeColumn(catalogue, fact.table, fact.column, { notNull: false })
}

export function setDefault(catalogue: Catalogue, fact: SetDefault): void {
  changeColumn(catalogue, fact.table, fact.column, { default: fact.default })
}

export function dropDefault(catalogue: Catalogue, fact: DropDefault): void {
  changeColumn(catalogue, fact.table, fact.column, { default: undefined })
}

export function changeIdentity(catalogue: Catalogue, fact: ChangeIdentity): void {
  const table = catalogue.table(fact.table)
  const column = table?.columns.get(fact.column)
  if (table === undefined || column === undefined) return
  const identity = fact.action === 'drop' ? undefined : (fact.identity ?? column.identity ?? 'by default')
  catalogue.updateColumn(table, fact.column, { identity })
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

export function changeGenerated(catalogue: Catalogue, fact: ChangeGenerated): void {
  if (fact.action === 'drop-expression')
    changeColumn(catalogue, fact.table, fact.column, { generated: undefined, computedFrom: undefined })
}
