import type { ChangeTable, CreateTable, CreateTableAs, DropTable, TableLike } from '../../model/fact.ts'
import type { ConstraintDefinition } from '../../model/constraint.ts'
import type { Name } from '../../model/name.ts'
import type { Column, Constraint, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { madeColumn, putOwnedSequence } from './made-column.ts'
import { removeOwnedSequences } from './columns.ts'
import { putConstraints } from './constraints.ts'
import { withParentsNotNull } from './not-null.ts'
import { removeConstraint } from './remove-constraints.ts'
import { followTableInDependents, removeDependentsOn } from './dependents.ts'
import { keyOf, sameName } from './key.ts'
import { followIndex } from './index-parts.ts'
import { followNamed } from './named-by-constants.ts'
import { attributesOf, columnFrom, copyFromLike, isKnownInPart, putLikeColumns } from './like.ts'
import { keepParts } from './keep-parts.ts'
import { followParent, forPartition, isBelow, leaveParents } from './partitions.ts'
import { columnsOfQuery } from './query-columns.ts'
import { followObjectTables, removeObjectsOn } from './needs.ts'
import { followType } from './follow-type.ts'
import { createdName, followRelation, removeViewsOn } from './views.ts'

export function createTable(catalogue: Catalogue, fact: CreateTable): void {
  const name = createdName(catalogue, fact.table, fact.temporary)
  if (fact.ifNotExists && catalogue.relationExists(name)) return
  // Once it is there, its own name may hide that of another.
  const like = fact.like.map((source) => ({ ...source, table: catalogue.resolve(source.table) }))
  const parents = fact.inherits.flatMap((parent) => catalogue.table(parent) ?? [])
  const partitioned = fact.partitionOf === undefined ? undefined : catalogue.resolve(fact.partitionOf)
  const parent = partitioned === undefined ? undefined : catalogue.table(partitioned)
  const columns = new Map<string, Column>()
  // An heir gets all of a column but identity.
  for (const parent of parents)
    for (const [key, column] of parent.columns) {
      const known = columns.get(key)
      const own = known?.notNull === true ? known : withParentsNotNull(parent, column)
      columns.set(key, { ...own, default: column.default, identity: undefined, inherited: true })
    }
  const ofType = fact.ofType === undefined ? undefined : catalogue.resolve(fact.ofType, 'type')
  if (ofType !== undefined) for (const column of attributesOf(catalogue, ofType)) columns.set(column.name, column)
  for (const [at, column] of fact.columns.entries()) {
    for (const source of likesAt(like, at)) putLikeColumns(catalogue, columns, source)
    columns.set(
      column.name,
      madeColumn(catalogue, column, columns.get(column.name) ?? parentColumn(catalogue, parent, column.name)),
    )
  }
  for (const source of likesAt(like, fact.columns.length)) putLikeColumns(catalogue, columns, source)
  const { temporary, partitionBy, server } = fact
  const sources = [...like.map(({ table }) => table), ...parents.map((one) => one.name)]
  const inPart = [...sources, ...(partitioned === undefined ? [] : [partitioned])]
  const more = inPart.some((one) => isKnownInPart(catalogue, one)) ? ({ moreColumns: true } as const) : {}
  catalogue.putTable({ ...emptyTable(name), temporary, columns, partitionBy, ofType, server, ...more })
  if (fact.ifNotExists) catalogue.markDoubtful(name)
  for (const column of fact.columns) putOwnedSequence(catalogue, name, column)
  for (const parent of parents) if (!sameName(parent.name, name)) inherit(catalogue, parent, name)
  if (partitioned !== undefined) followParent(catalogue, partitioned, name, fact.partitionBound)
  const inline = fact.columns.flatMap((column) => column.constraints)
  putConstraints(catalogue, name, [...inline, ...fact.constraints])
  for (const source of like) copyFromLike(catalogue, source, name)
}

function parentColumn(catalogue: Catalogue, parent: Table | undefined, name: string): Column | undefined {
  const column = parent?.columns.get(name)
  return parent === undefined || column === undefined ? undefined : forPartition(catalogue, parent, column)
}

function likesAt<Source extends TableLike>(like: readonly Source[], at: number): readonly Source[] {
  return like.filter((source) => source.at === at)
}

/** A table without anything in it. */
export function emptyTable(name: Required<Name>): Table {
  return {
    name,
    temporary: false,
    columns: new Map(),
    constraints: new Map(),
    indexes: new Map(),
    triggers: new Map(),
    partitionBy: undefined,
    partitionOf: undefined,
    partitions: [],
    rowSecurity: false,
    policies: new Set(),
    ofType: undefined,
    heirs: [],
  }
}

function inherit(catalogue: Catalogue, parent: Table, child: Required<Name>): void {
  const inherited: ConstraintDefinition[] = []
  for (const constraint of parent.constraints.values()) {
    // What is new is empty, so that what is enforced holds.
    if (constraint.type === 'check' && constraint.noInherit !== true)
      inherited.push({ ...constraint, valid: constraint.enforced })
  }
  putConstraints(catalogue, child, inherited, true)
  catalogue.updateTable(catalogue.table(parent.name) ?? parent, { heirs: [...parent.heirs, child] })
}

/** The columns of a query as far as the history tells them. */
export function createTableAs(catalogue: Catalogue, fact: CreateTableAs): void {
  const name = createdName(catalogue, fact.table, fact.temporary)
  if (fact.ifNotExists && catalogue.relationExists(name)) return
  const known = columnsOfQuery(catalogue, fact.query, fact.columnNames)
  const listed = known ?? (fact.columnNames ?? []).map((column) => ({ name: column, type: undefined }))
  const columns = new Map(listed.map((column) => [column.name, columnFrom(column)]))
  const more = known === undefined ? ({ moreColumns: true } as const) : {}
  catalogue.putTable({ ...emptyTable(name), temporary: fact.temporary, columns, ...more })
}

export function dropTable(catalogue: Catalogue, fact: DropTable): void {
  const table = catalogue.table(fact.table)
  if (table !== undefined) removeTable(catalogue, table)
}

/** Removes a table with its indexes, sequences and partitions, and what other objects have on it. */
export function removeTable(catalogue: Catalogue, table: Table): void {
  for (const child of catalogue.childrenOf(table)) removeTable(catalogue, child)
  for (const { table: other, constraint } of catalogue.foreignKeysTo(table.name)) {
    removeConstraint(catalogue, catalogue.table(other.name) ?? other, constraint)
  }
  removeViewsOn(catalogue, table.name)
  removeDependentsOn(catalogue, table.name)
  removeObjectsOn(catalogue, table.name)
  removeOwnedSequences(catalogue, table.name)
  leaveParents(catalogue, table)
  for (const index of table.indexes.values()) catalogue.removeIndex(index.name)
  catalogue.removeTable(table.name)
  catalogue.noteGone({ object: 'type', name: table.name }, true)
}

/** Gives a table another name or schema, everywhere it is named. */
export function moveTable(catalogue: Catalogue, table: Table, to: Required<Name>): void {
  const from = table.name
  catalogue.carryAge(from, to)
  for (const index of table.indexes.values()) moveIndexWith(catalogue, index.name, to)
  const indexes = [...table.indexes.values()].map((index) => ({
    ...index,
    name: { schema: to.schema, name: index.name.name },
    table: to,
  }))
  const triggers = new Map([...table.triggers].map(([key, trigger]) => [key, { ...trigger, table: to }]))
  catalogue.removeTable(from)
  catalogue.putTable({ ...table, name: to, triggers, indexes: new Map() })
  for (const index of indexes) {
    catalogue.putIndex(index)
    followIndex(catalogue, { ...index, name: { schema: from.schema, name: index.name.name } }, index.name)
  }
  const others = [...catalogue.tablesReferring(from), ...catalogue.parentsOf(from), ...catalogue.childrenOf(table)]
  for (const other of others) followTable(catalogue, catalogue.table(other.name) ?? other, from, to)
  followRelation(catalogue, from, to)
  followType(catalogue, from, to)
  followObjectTables(catalogue, from, to)
  followTableInDependents(catalogue, from, to)
  followSequences(catalogue, from, to)
}

/** SET SCHEMA takes a table's indexes along; their old keys go, their age stays. */
function moveIndexWith(catalogue: Catalogue, index: Required<Name>, table: Required<Name>): void {
  if (index.schema === table.schema) return
  catalogue.carryAge(index, { schema: table.schema, name: index.name })
  catalogue.removeIndex(index)
}

function followTable(catalogue: Catalogue, table: Table, from: Required<Name>, to: Required<Name>): void {
  const follow = (name: Required<Name>): Required<Name> => (sameName(name, from) ? to : name)
  let constraints: Map<string, Constraint> | undefined
  for (const [key, constraint] of table.constraints) {
    if (constraint.type !== 'foreign-key') continue
    if (keyOf(catalogue.resolve(constraint.references)) !== keyOf(from)) continue
    constraints ??= new Map(table.constraints)
    constraints.set(key, { ...constraint, references: to })
  }
  const isParent =
    table.partitions.some((name) => sameName(name, from)) || table.heirs.some((name) => sameName(name, from))
  const isPartition = table.partitionOf !== undefined && sameName(table.partitionOf, from)
  if (constraints === undefined && !isParent && !isPartition) return
  catalogue.updateTable(table, {
    constraints: constraints ?? table.constraints,
    partitions: table.partitions.map(follow),
    heirs: table.heirs.map(follow),
    partitionOf: table.partitionOf === undefined ? undefined : follow(table.partitionOf),
  })
}

/** Sequences of serial and identity columns move into another schema with their table, and keep their names. */
function followSequences(catalogue: Catalogue, from: Required<Name>, to: Required<Name>): void {
  for (const sequence of catalogue.sequencesOf(from)) {
    const name = from.schema === to.schema ? sequence.name : { schema: to.schema, name: sequence.name.name }
    catalogue.carryAge(sequence.name, name)
    if (name !== sequence.name) catalogue.removeSequence(sequence.name)
    catalogue.putSequence({ ...sequence, name, ownedBy: { table: to, column: sequence.ownedBy.column } })
    if (name !== sequence.name) followNamed(catalogue, sequence.name, name)
  }
}

export function changeTable(catalogue: Catalogue, fact: ChangeTable): void {
  const table = catalogue.table(fact.table)
  if (table === undefined) return
  if (fact.action === 'enable-row-security') catalogue.updateTable(table, { rowSecurity: true })
  if (fact.action === 'disable-row-security') catalogue.updateTable(table, { rowSecurity: false })
  const other = fact.other === undefined ? undefined : catalogue.table(fact.other)
  if (other === undefined) return
  if (fact.action === 'inherit' && isBelow(catalogue, other.name, table)) return
  if (fact.action === 'inherit') catalogue.updateTable(other, { heirs: [...other.heirs, table.name] })
  if (fact.action === 'no-inherit') {
    catalogue.updateTable(other, { heirs: other.heirs.filter((name) => !sameName(name, table.name)) })
    keepParts(catalogue, table.name)
  }
}
