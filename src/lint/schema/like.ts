import type { TableLike } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { Column, ViewColumn } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { freeRelationName } from './chosen-name.ts'
import { putConstraints } from './constraints.ts'
import { nameOfNotNull } from './not-null.ts'
import { copyIndex, copyKey, isKey } from './keys.ts'
import { statisticsName } from './named-objects.ts'
import { columnsOfRelation } from './query-columns.ts'

/** The columns of a table, view or composite type with their names, types and NOT NULL, as far as they are known. */
function plainColumns(catalogue: Catalogue, source: Name): readonly Column[] {
  const table = catalogue.table(source)
  if (table === undefined)
    return columnsOfRelation(catalogue, source)?.map(columnFrom) ?? attributesOf(catalogue, source)
  return [...table.columns.values()].map((column) => ({ ...columnFrom(column), notNull: column.notNull }))
}

/** Whether a relation has columns of which the history does not tell. */
export function isKnownInPart(catalogue: Catalogue, source: Name): boolean {
  const table = catalogue.table(source)
  if (table !== undefined) return table.moreColumns === true
  return catalogue.view(source) !== undefined && columnsOfRelation(catalogue, source) === undefined
}

/** A column of a new table, of which nothing but name, type and collation comes from elsewhere. */
export function columnFrom({ name, type, collation }: ViewColumn): Column {
  return { name, type, notNull: false, default: undefined, identity: undefined, generated: undefined, collation }
}

/** As the columns of a table that is made of it. */
export function attributesOf(catalogue: Catalogue, type: Name): readonly Column[] {
  const attributes = catalogue.object('type', type)?.attributes ?? []
  return attributes.map(columnFrom)
}

/** The columns that LIKE brings, as far as they are the column's own: see `copyFromLike`. */
export function putLikeColumns(
  catalogue: Catalogue,
  columns: Map<string, Column>,
  { table, including }: TableLike,
): void {
  for (const column of plainColumns(catalogue, table)) {
    const source = catalogue.table(table)?.columns.get(column.name)
    const { generated, functions, computedFrom, identity } = source ?? column
    const isCopied = including.includes(generated === undefined ? 'defaults' : 'generated')
    const from = catalogue.table(table)
    columns.set(column.name, {
      ...column,
      notNullName: from === undefined ? undefined : nameOfNotNull(from, column.name),
      default: isCopied ? source?.default : undefined,
      ...(isCopied ? { generated, functions, computedFrom } : {}),
      identity: including.includes('identity') ? identity : undefined,
    })
  }
}

/** What LIKE … INCLUDING adds to the new table, once that is there. */
export function copyFromLike(catalogue: Catalogue, { table, including }: TableLike, to: Required<Name>): void {
  const source = catalogue.table(table)
  if (source === undefined) return
  if (including.includes('identity'))
    for (const column of source.columns.values()) putSequenceLike(catalogue, column, to)
  const constraints = [...source.constraints.values()]
  if (including.includes('constraints'))
    putConstraints(
      catalogue,
      to,
      // What is new is empty, so that what is enforced holds.
      constraints.flatMap((one) => (one.type === 'check' ? [{ ...one, valid: one.enforced }] : [])),
    )
  if (including.includes('indexes')) {
    for (const index of source.indexes.values()) {
      const key = index.constraint === undefined ? undefined : source.constraints.get(index.constraint)
      const table = catalogue.table(to)
      if (key === undefined) copyIndex(catalogue, { ...index, valid: undefined }, to)
      else if (table !== undefined && isKey(key)) copyKey(catalogue, key, index, { table })
    }
  }
  if (including.includes('statistics')) copyStatistics(catalogue, source.name, to)
}

function putSequenceLike(catalogue: Catalogue, { name: column, type, identity }: Column, table: Required<Name>): void {
  if (identity === undefined) return
  const parts = { schema: table.schema, table: table.name, columns: column, label: 'seq' }
  catalogue.putSequence({
    name: { schema: table.schema, name: freeRelationName(catalogue, parts) },
    type: type?.name ?? '',
    ownedBy: { table, column },
    ofIdentity: true,
  })
}

function copyStatistics(catalogue: Catalogue, from: Required<Name>, to: Required<Name>): void {
  for (const object of catalogue.objectsOn(from)) {
    const [use] = object.uses
    if (object.object !== 'statistics' || use === undefined || object.namedAfter === undefined) continue
    const columns = [...(catalogue.table(from)?.columns.keys() ?? [])]
    // The server has columns in the table's order, and then expressions.
    const place = (name: string): number => (name === '' ? columns.length : columns.indexOf(name))
    const namedAfter = object.namedAfter.toSorted((a, b) => place(a) - place(b))
    const name = statisticsName(catalogue, to, namedAfter)
    catalogue.putObject({ ...object, name, namedAfter, uses: [{ ...use, table: to }] })
  }
}
