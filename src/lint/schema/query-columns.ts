import type { CommonTable, FromItem, Join, Output, OutputValue, QueryColumns } from '../../model/facts/query-columns.ts'
import { nameText } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import type { Column, ViewColumn } from '../../model/schema.ts'
import { builtIn, commonOf, sameColumn, textLike } from './common-type.ts'
import type { Catalogue } from './catalogue.ts'
import { withSchema } from './type-columns.ts'

/** Columns that are known; undefined: there are some, but not which. */
type Columns = readonly ViewColumn[] | undefined

/** Queries of WITH by their names. */
type Queries = ReadonlyMap<string, Columns>

/** Where a query stands. */
interface Place {
  readonly queries: Queries
  /** It can name columns of a query around it. */
  readonly inner: boolean
}

/** What a name in a query can mean. */
interface Scope {
  /** Each of FROM, with the columns that a bare name finds in it. */
  readonly bare: readonly Columns[]
  /** Relations by what they are called; two of one name are told apart by their schemas, and not here. */
  readonly called: ReadonlyMap<string, Columns>
  /** Relations whose whole rows can be meant, by what they are called. */
  readonly rows: ReadonlyMap<string, Required<Name>>
  readonly place: Place
}

/** The columns that a query gives, the first of them with other names; undefined where the history does not tell them. */
export function columnsOfQuery(
  catalogue: Catalogue,
  query: QueryColumns | undefined,
  names: readonly string[] = [],
): Columns {
  const columns = query === undefined ? undefined : resolved(catalogue, query, { queries: new Map(), inner: false })
  return renamed(columns?.map(settled), names)
}

/** The columns of a relation, as a query finds them. */
export function columnsOfRelation(catalogue: Catalogue, name: Name): Columns {
  const table = catalogue.table(name)
  if (table !== undefined) {
    const isKnown = table.columns.size > 0 && table.moreColumns !== true
    return isKnown ? [...table.columns.values()].map(plain) : undefined
  }
  const view = catalogue.view(name)
  return view?.columns?.map((column, at) => view.columnTypes?.[at] ?? { name: column, type: undefined })
}

function plain({ name, type, collation }: Column): ViewColumn {
  return { name, type, collation }
}

/** A string without a type is text in the end. */
function settled({ name, type, collation, untyped }: ViewColumn): ViewColumn {
  return untyped === true ? { name, type: builtIn('text') } : { name, type, collation }
}

function resolved(catalogue: Catalogue, query: QueryColumns, around: Place): Columns {
  const place = query.with === undefined ? around : withQueries(catalogue, query.with, around)
  if (query.sides !== undefined) {
    const [left, right] = query.sides.map((side) => resolved(catalogue, side, place))
    return left?.map((column, at) => ({ ...commonOf([column, right?.[at]]), name: column.name }))
  }
  const scope = scopeOf(catalogue, query.from, place)
  const columns: ViewColumn[] = []
  for (const output of query.outputs) {
    const own = columnsOfOutput(catalogue, output, scope)
    if (own === undefined) return undefined
    columns.push(...own)
  }
  return columns
}

function withQueries(catalogue: Catalogue, tables: readonly CommonTable[], around: Place): Place {
  const queries = new Map(around.queries)
  if (tables.some(({ recursive }) => recursive)) for (const { called } of tables) queries.set(called, undefined)
  for (const { called, names, query, recursive } of tables) {
    // The types are those of the part that does not name itself.
    const start = recursive ? (query?.sides?.[0] ?? query) : query
    const columns = start === undefined ? undefined : resolved(catalogue, start, { ...around, queries })
    queries.set(called, renamed(columns?.map(settled), names))
  }
  return { ...around, queries }
}

function renamed(columns: Columns, names: readonly string[]): Columns {
  return names.length === 0 ? columns : columns?.map((column, at) => ({ ...column, name: names[at] ?? column.name }))
}

function scopeOf(catalogue: Catalogue, from: readonly FromItem[], place: Place): Scope {
  const called = new Map<string, Columns>()
  const rows = new Map<string, Required<Name>>()
  const bare = from.map((item) => columnsOfItem(catalogue, item, { called, rows, place }))
  // A column of a query around it would be found before a whole row.
  return { bare, called, rows: place.inner ? new Map() : rows, place }
}

interface Naming {
  readonly called: Map<string, Columns>
  readonly rows: Map<string, Required<Name>>
  readonly place: Place
}

/** The columns of one of FROM; those in it are noted by what they are called. */
function columnsOfItem(catalogue: Catalogue, item: FromItem, naming: Naming): Columns {
  const columns = renamed(bareColumns(catalogue, item, naming), item.names)
  if (item.called !== undefined) {
    const isTwice = naming.called.has(item.called)
    naming.called.set(item.called, isTwice ? undefined : columns)
    const relation = isTwice ? undefined : relationOf(catalogue, item, naming.place.queries)
    if (relation === undefined) naming.rows.delete(item.called)
    else naming.rows.set(item.called, relation)
  }
  return columns
}

function bareColumns(catalogue: Catalogue, item: FromItem, naming: Naming): Columns {
  const { relation, query, join, called } = item
  const { place } = naming
  if (query !== undefined)
    return resolved(catalogue, query, item.lateral === true ? { ...place, inner: true } : place)?.map(settled)
  // What a join with a name of its own is made of is not seen any more.
  if (join !== undefined)
    return joined(catalogue, join, called === undefined ? naming : { ...naming, called: new Map(), rows: new Map() })
  if (relation === undefined) return undefined
  if (relation.schema === undefined && place.queries.has(relation.name)) return place.queries.get(relation.name)
  return columnsOfRelation(catalogue, relation)
}

function relationOf(catalogue: Catalogue, { relation }: FromItem, queries: Queries): Required<Name> | undefined {
  if (relation === undefined || (relation.schema === undefined && queries.has(relation.name))) return undefined
  return (catalogue.table(relation) ?? catalogue.view(relation))?.name
}

/** Columns that both sides share come first, once; then the others of the left side and of the right one. */
function joined(catalogue: Catalogue, { left, right, using }: Join, naming: Naming): Columns {
  const [own, other] = [columnsOfItem(catalogue, left, naming), columnsOfItem(catalogue, right, naming)]
  if (own === undefined || other === undefined) return undefined
  const shared = using ?? own.flatMap(({ name }) => (other.some((column) => column.name === name) ? [name] : []))
  const rest = (columns: readonly ViewColumn[]): readonly ViewColumn[] =>
    columns.filter(({ name }) => !shared.includes(name))
  const merged = shared.map((name) => ({
    ...commonOf([own.find((column) => column.name === name), other.find((column) => column.name === name)]),
    name,
  }))
  return [...merged, ...rest(own), ...rest(other)]
}

function columnsOfOutput(catalogue: Catalogue, output: Output, scope: Scope): Columns {
  if (output.star !== true) {
    const column = columnOf(catalogue, output.value, scope)
    return [{ ...column, name: output.name ?? '' }]
  }
  if (output.of !== undefined) return scope.called.get(output.of)
  const all: ViewColumn[] = []
  for (const columns of scope.bare) {
    if (columns === undefined) return undefined
    all.push(...columns)
  }
  return all
}

const notTold: ViewColumn = { name: '', type: undefined }

function columnOf(catalogue: Catalogue, value: OutputValue, scope: Scope): ViewColumn {
  const { type, either, query, untyped } = value
  const own = ((): ViewColumn => {
    if (type !== undefined) return castTo(catalogue, value, scope)
    if (untyped === true) return { ...notTold, untyped }
    if (either !== undefined) return commonOf(either.map((one) => columnOf(catalogue, one, scope)))
    if (query !== undefined) {
      const [first] = resolved(catalogue, query, { ...scope.place, inner: true }) ?? []
      return first === undefined ? notTold : settled(first)
    }
    return value.column === undefined ? notTold : named(value.column, value.of, scope)
  })()
  if (value.collation === undefined || type !== undefined) return own
  return { ...settled(own), collation: value.collation }
}

function castTo(catalogue: Catalogue, { type, casts, collation }: OutputValue, scope: Scope): ViewColumn {
  if (type === undefined) return notTold
  const to = withSchema(catalogue, { type }).type
  const inner = casts === undefined || !textLike(to) ? undefined : columnOf(catalogue, casts, scope).collation
  return { name: '', type: to, collation: collation ?? inner }
}

/** A column by its name, else the whole row of a relation that is called so. */
function named(column: string, of: string | undefined, { bare, called, rows }: Scope): ViewColumn {
  const places = of === undefined ? bare : [called.get(of)]
  const found = places.flatMap((columns) => columns?.filter(({ name }) => name === column) ?? [])
  const [first] = found
  if (first !== undefined) return found.every((one) => sameColumn(one, first)) ? first : notTold
  const row = of === undefined && !places.includes(undefined) ? rows.get(column) : undefined
  if (row === undefined) return notTold
  return { name: column, type: { ...row, modifiers: [], array: false, sql: nameText(row) } }
}
