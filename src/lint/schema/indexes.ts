import type { CreateIndex, DropIndex, Reindex } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { Index, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { columnsPart, freeRelationName } from './chosen-name.ts'
import { renameConstraintOf } from './constraints.ts'

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
    unique: fact.unique,
    method: fact.method,
    columns: fact.columns,
    usesColumns: [...new Set([...keys, ...fact.expressionColumns, ...fact.include])],
    functions: fact.functions,
    partial: fact.where !== undefined,
    plain: fact.plain,
    constraint: undefined,
  })
  const table = fact.only ? undefined : catalogue.table(owner)
  for (const partition of table?.partitions ?? []) putIndex(catalogue, fact, partition, undefined)
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
    const child = matchingIndex(catalogue.table(partition), index)
    if (child !== undefined) removeIndexTree(catalogue, child)
  }
}

function matchingIndex(table: Table | undefined, index: Index): Index | undefined {
  return [...(table?.indexes.values() ?? [])].find(
    (other) => other.unique === index.unique && other.columns.join('\0') === index.columns.join('\0'),
  )
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
  const table = catalogue.table(index.table)
  const enforced = index.constraint === undefined ? undefined : table?.constraints.get(index.constraint)
  if (table !== undefined && enforced !== undefined) renameConstraintOf(catalogue, table, enforced, to.name)
}
