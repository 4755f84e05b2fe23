import type { ConstraintDefinition, ExclusionConstraint, KeyConstraint } from '../../model/constraint.ts'
import type { Name } from '../../model/name.ts'
import { matchingIndex } from '../../model/partition.ts'
import type { Constraint, Index, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { columnsPart, freeRelationName } from './chosen-name.ts'
import { constraintColumns } from './constraint-columns.ts'
import { named } from './constraint-names.ts'
import { attachIndex, partsOf } from './index-parts.ts'
import { sameName } from './key.ts'
import { makeNotNull } from './not-null.ts'

/** A constraint that an index enforces. */
type Key = KeyConstraint | ExclusionConstraint

export function isKey(constraint: ConstraintDefinition): constraint is Key {
  return constraint.type === 'primary-key' || constraint.type === 'unique' || constraint.type === 'exclude'
}

interface Place {
  readonly inherited: boolean
  /** Without the partitions. */
  readonly only: boolean
  /** The index of the parent that its index is a part of. */
  readonly partOf?: Required<Name> | undefined
}

export function putKey(catalogue: Catalogue, table: Table, key: Key, { inherited, only, partOf }: Place): void {
  const own: Constraint = { ...named(catalogue, table, key), inherited }
  if (isKey(own)) putOwnKey(catalogue, table, own, { only, partOf })
}

function putOwnKey(
  catalogue: Catalogue,
  table: Table,
  constraint: Key & Constraint,
  { only, partOf }: Omit<Place, 'inherited'>,
): void {
  catalogue.updateTable(table, { constraints: new Map(table.constraints).set(constraint.name, constraint) })
  const current = (): Table => catalogue.table(table.name) ?? table
  if (constraint.type === 'primary-key')
    for (const column of constraint.columns) makeNotNull(catalogue, current(), column, only)
  const index = putConstraintIndex(catalogue, current(), constraint, partOf)
  if (index !== undefined && !only) ensureParts(catalogue, index)
}

function putConstraintIndex(
  catalogue: Catalogue,
  table: Table,
  constraint: Key & Constraint,
  partOf: Required<Name> | undefined,
): Index | undefined {
  const name = { schema: table.name.schema, name: constraint.name }
  const used = constraint.type === 'exclude' ? undefined : constraint.usingIndex
  const existing = used === undefined ? undefined : catalogue.index({ schema: table.name.schema, name: used })
  if (existing !== undefined) {
    adoptIndex(catalogue, table, constraint, existing.name)
    return undefined
  }
  const index: Index = {
    name,
    table: table.name,
    parent: partOf,
    unique: constraint.type !== 'exclude',
    method: constraint.type === 'exclude' ? (constraint.method ?? 'gist') : 'btree',
    columns: constraint.columns,
    keyNames: keyNamesOf(constraint),
    include: constraint.include,
    usesColumns: constraintColumns(constraint),
    functions: constraint.type === 'exclude' ? constraint.functions : undefined,
    partial: constraint.type === 'exclude' && constraint.partial === true,
    constraint: constraint.name,
  }
  catalogue.putIndex(index)
  return index
}

function keyNamesOf(key: Key): readonly string[] {
  const own = key.type === 'exclude' ? (key.keyNames ?? key.columns) : key.columns
  return [...own, ...(key.include ?? [])]
}

/** USING INDEX: the index becomes the constraint's, takes its name, and gives it its columns. */
function adoptIndex(catalogue: Catalogue, table: Table, constraint: Key & Constraint, indexName: Required<Name>): void {
  const index = catalogue.index(indexName)
  if (index === undefined) return
  const name = { schema: table.name.schema, name: constraint.name }
  const adopted = { ...index, name, constraint: constraint.name }
  if (name.name === indexName.name) catalogue.putIndex(adopted)
  else catalogue.replaceIndex(indexName, adopted)
  let changed = catalogue.table(table.name) ?? table
  const withColumns = { ...constraint, columns: index.columns }
  changed = catalogue.updateTable(changed, {
    constraints: new Map(changed.constraints).set(constraint.name, withColumns),
  })
  if (constraint.type !== 'primary-key') return
  for (const column of index.columns) makeNotNull(catalogue, catalogue.table(changed.name) ?? changed, column)
}

/** Each partition has a part of the index: one that it has already, or a new one. */
export function ensureParts(catalogue: Catalogue, index: Index): void {
  for (const name of catalogue.table(index.table)?.partitions ?? []) ensurePart(catalogue, index, name)
}

export function ensurePart(catalogue: Catalogue, index: Index, name: Required<Name>, attaching = false): void {
  const partition = catalogue.table(name)
  if (partition === undefined || partsOf(catalogue, index).some(({ table }) => sameName(table, name))) return
  const match = matchingIndex(index, partition, (other) => !attaching || isOfKind(catalogue, index, other))
  if (match !== undefined) return attachIndex(catalogue, index, match)
  const { constraint } = index
  const key = constraint === undefined ? undefined : catalogue.table(index.table)?.constraints.get(constraint)
  if (key === undefined || !isKey(key)) copyIndex(catalogue, index, name, index.name)
  else copyKey(catalogue, key, index, { table: partition, partOf: index.name })
}

/** A key like one of another table, under a name that the server chooses; of a partition it is a part of its parent's. */
export function copyKey(
  catalogue: Catalogue,
  key: Key,
  index: Index,
  { table, partOf }: { readonly table: Table; readonly partOf?: Required<Name> },
): void {
  const { name: _, ...rest } = key
  const { schema, name } = table.name
  const columns = key.type === 'primary-key' ? '' : columnsPart(namesIn(index))
  const label = { 'primary-key': 'pkey', unique: 'key', exclude: 'excl' }[key.type]
  const chosen = freeRelationName(catalogue, { schema, table: name, columns, label })
  putKey(catalogue, table, { ...rest, name: chosen }, { inherited: partOf !== undefined, only: false, partOf })
}

/** What an index calls its columns, which is what they were called when it was made. */
function namesIn({ columns, include = [], keyNames = [...columns, ...include] }: Index): readonly string[] {
  return keyNames
}

/** From PostgreSQL 17 on a primary key is no part of a unique constraint, nor the other way round, when a table is attached. */
function isOfKind(catalogue: Catalogue, index: Index, other: Index): boolean {
  const typeOf = ({ table, constraint = '' }: Index): string | undefined =>
    catalogue.table(table)?.constraints.get(constraint)?.type
  return catalogue.isBefore(17) || index.constraint === undefined || typeOf(index) === typeOf(other)
}

/** An index like one of another table, under a name that the server chooses. */
export function copyIndex(catalogue: Catalogue, index: Index, table: Required<Name>, parent?: Required<Name>): void {
  const parts = { schema: table.schema, table: table.name, columns: columnsPart(namesIn(index)), label: 'idx' }
  const copy = { ...index, name: { schema: table.schema, name: freeRelationName(catalogue, parts) }, table, parent }
  catalogue.putIndex(copy)
  ensureParts(catalogue, copy)
}
