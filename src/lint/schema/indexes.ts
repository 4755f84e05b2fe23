import type { AttachIndex, CreateIndex, DropIndex, Reindex } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { Index } from '../../model/schema.ts'
import { resolvedCalls } from './calls.ts'
import type { Catalogue } from './catalogue.ts'
import { columnsPart, freeRelationName } from './chosen-name.ts'
import { attachIndex, followIndex, renameConstraintOf } from './index-parts.ts'
import { ensureParts } from './keys.ts'
import { removeIndexWithParts } from './remove-constraints.ts'

export function createIndex(catalogue: Catalogue, fact: CreateIndex): void {
  const owner = catalogue.resolve(fact.table)
  // An index lives in the schema of its table.
  const given = fact.index === undefined ? undefined : { schema: owner.schema, name: fact.index }
  if (fact.ifNotExists && given !== undefined && catalogue.relationExists(given)) return
  const parts = {
    schema: owner.schema,
    table: owner.name,
    columns: columnsPart([...(fact.keyNames ?? fact.columns), ...fact.include]),
    label: 'idx',
  }
  const name = given ?? { schema: owner.schema, name: freeRelationName(catalogue, parts) }
  const keys = fact.columns.filter((column) => column !== '')
  const index: Index = {
    name,
    table: owner,
    unique: fact.unique,
    method: fact.method,
    columns: fact.columns,
    // What a key is called is settled when the index is made.
    keyNames: [...(fact.keyNames ?? fact.columns), ...fact.include],
    include: fact.include,
    usesColumns: [...new Set([...keys, ...fact.expressionColumns, ...fact.include])],
    functions: fact.functions === undefined ? undefined : resolvedCalls(catalogue, fact.functions),
    partial: fact.where !== undefined,
    plain: fact.plain,
    constraint: undefined,
  }
  catalogue.putIndex(index)
  if (!fact.only) ensureParts(catalogue, index)
}

export function attachIndexOf(catalogue: Catalogue, fact: AttachIndex): void {
  const [parent, index] = [catalogue.index(fact.index), catalogue.index(fact.partition)]
  if (parent !== undefined && index !== undefined) attachIndex(catalogue, parent, index)
}

export function dropIndex(catalogue: Catalogue, fact: DropIndex): void {
  const index = catalogue.index(fact.index)
  if (index !== undefined) removeIndexWithParts(catalogue, index)
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
  catalogue.replaceIndex(index.name, { ...index, name: to, constraint })
  followIndex(catalogue, index, to)
  const table = catalogue.table(index.table)
  const enforced = index.constraint === undefined ? undefined : table?.constraints.get(index.constraint)
  if (table !== undefined && enforced !== undefined) renameConstraintOf(catalogue, table, enforced, to.name)
}
