import type { CreateIndex, DropIndex, Reindex } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { Index } from '../../model/schema.ts'
import { resolvedCalls } from './calls.ts'
import type { Catalogue } from './catalogue.ts'
import { columnsPart, freeRelationName } from './chosen-name.ts'
import { renameConstraintOf } from './constraints.ts'
import { sameName } from './key.ts'

export function createIndex(catalogue: Catalogue, fact: CreateIndex): void {
  const owner = catalogue.resolve(fact.table)
  // An index lives in the schema of its table.
  const given = fact.index === undefined ? undefined : { schema: owner.schema, name: fact.index }
  if (fact.ifNotExists && given !== undefined && catalogue.relationExists(given)) return
  putIndex(catalogue, fact, owner, given)
}

function putIndex(
  catalogue: Catalogue,
  fact: CreateIndex,
  owner: Required<Name>,
  given: Required<Name> | undefined,
  parent?: Required<Name>,
): void {
  const parts = {
    schema: owner.schema,
    table: owner.name,
    columns: columnsPart([...(fact.keyNames ?? fact.columns), ...fact.include]),
    label: 'idx',
  }
  const name = given ?? { schema: owner.schema, name: freeRelationName(catalogue, parts) }
  const keys = fact.columns.filter((column) => column !== '')
  catalogue.putIndex({
    name,
    table: owner,
    parent,
    unique: fact.unique,
    method: fact.method,
    columns: fact.columns,
    // What a key is called is settled when the index is made.
    keyNames: fact.keyNames ?? fact.columns,
    include: fact.include,
    usesColumns: [...new Set([...keys, ...fact.expressionColumns, ...fact.include])],
    functions: fact.functions === undefined ? undefined : resolvedCalls(catalogue, fact.functions),
    partial: fact.where !== undefined,
    plain: fact.plain,
    constraint: undefined,
  })
  const table = fact.only ? undefined : catalogue.table(owner)
  for (const partition of table?.partitions ?? []) putIndex(catalogue, fact, partition, undefined, name)
}

/** An index like one of another table, under a name that the server chooses. */
export function copyIndex(catalogue: Catalogue, index: Index, table: Required<Name>): void {
  const { columns, include = [], keyNames = columns } = index
  const parts = {
    schema: table.schema,
    table: table.name,
    columns: columnsPart([...keyNames, ...include]),
    label: 'idx',
  }
  const parent = catalogue.table(table)?.partitionOf === undefined ? undefined : index.name
  const name = { schema: table.schema, name: freeRelationName(catalogue, parts) }
  catalogue.putIndex({ ...index, name, table, parent })
  for (const partition of catalogue.table(table)?.partitions ?? []) copyIndex(catalogue, { ...index, name }, partition)
}

/** ALTER INDEX … ATTACH PARTITION. */
export function attachIndex(catalogue: Catalogue, parent: Required<Name>, index: Index): void {
  catalogue.putIndex({ ...index, parent })
}

export function dropIndex(catalogue: Catalogue, fact: DropIndex): void {
  const index = catalogue.index(fact.index)
  if (index !== undefined) removeIndexTree(catalogue, index)
}

/** Dropping a partitioned index drops those of the partitions. */
function removeIndexTree(catalogue: Catalogue, index: Index): void {
  catalogue.removeIndex(index.name)
  const table = catalogue.table(index.table)
  for (const partition of table?.partitions ?? []) {
    for (const child of catalogue.indexesOf(partition))
      if (child.parent !== undefined && sameName(child.parent, index.name)) removeIndexTree(catalogue, child)
  }
}

/** What is built anew is valid. */
export function reindex(catalogue: Catalogue, { target, name }: Reindex): void {
  if (name === undefined) return
  const index = target === 'index' ? catalogue.index(name) : undefined
  const table = target === 'table' ? catalogue.table(name) : undefined
  for (const one of index === undefined ? [...(table?.indexes.values() ?? [])] : [index]) {
    if (one.valid === false) catalogue.putIndex({ ...one, valid: undefined })
  }
}

/** Gives an index another name; the constraint that it enforces is renamed with it. */
export function moveIndex(catalogue: Catalogue, index: Index, to: Required<Name>): void {
  const constraint = index.constraint === undefined ? undefined : to.name
  catalogue.carryAge(index.name, to)
  catalogue.removeIndex(index.name)
  catalogue.putIndex({ ...index, name: to, constraint })
  followIndex(catalogue, index, to)
  const table = catalogue.table(index.table)
  const enforced = index.constraint === undefined ? undefined : table?.constraints.get(index.constraint)
  if (table !== undefined && enforced !== undefined) renameConstraintOf(catalogue, table, enforced, to.name)
}

/** Those of partitions go on being parts of it. */
export function followIndex(catalogue: Catalogue, { name, table }: Index, to: Required<Name>): void {
  for (const partition of catalogue.table(table)?.partitions ?? [])
    for (const child of catalogue.indexesOf(partition))
      if (child.parent !== undefined && sameName(child.parent, name)) catalogue.putIndex({ ...child, parent: to })
}
