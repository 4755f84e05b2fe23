import type { CommonTableExpr, Node, RangeVar, WithClause } from 'libpg-query'
import type { TableUse } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import { allOf, as, tagOf, walk, type NodeTag } from './grammar.ts'
import { relationName, strings } from './names.ts'

/** A relation of a FROM list, or something that only looks like one (`table` undefined): a subquery, a CTE, a function. */
interface Source {
  readonly table: Name | undefined
  readonly called: string
  readonly columns: Set<string>
  star: boolean
  wholeRow: boolean
  natural: boolean
}

interface Scope {
  readonly sources: Source[]
  readonly outer: Scope | undefined
  readonly queries: ReadonlySet<string>
}

/** Fields whose inside names no column that is read. `relation` of a statement is its target. */
const notRead: ReadonlySet<string> = new Set([
  'lockingClause',
  'intoClause',
  'typeName',
  'withClause',
  'alias',
  'relation',
  'returningClause',
])

/** The tables that a query or the body of a data change reads, one entry a table, with the columns that it names. */
export function tablesRead(query: Node | undefined, target?: RangeVar): readonly TableUse[] {
  const all: Source[] = []
  if (query !== undefined) readStatement(query, undefined, new Set(), all, target)
  return merge(all)
}

function readStatement(
  node: Node,
  outer: Scope | undefined,
  queries: ReadonlySet<string>,
  all: Source[],
  target?: RangeVar,
): void {
  const held = statementOf(node)
  if (held === undefined) return
  const known = readWith(held.withClause, outer, queries, all)
  const scope: Scope = { sources: [], outer, queries: known }
  // The target of the data change can be named by its columns; it counts as read only where the caller asks for it.
  if (target !== undefined) scope.sources.push(sourceOf(target, new Set(), false))
  const select = as(node, 'SelectStmt')
  // Both sides of a UNION are queries of their own.
  readInside(select?.larg === undefined ? held : { ...select, larg: undefined, rarg: undefined }, scope, all)
  if (select?.larg !== undefined) readStatement({ SelectStmt: select.larg }, outer, known, all)
  if (select?.rarg !== undefined) readStatement({ SelectStmt: select.rarg }, outer, known, all)
}

function statementOf(node: Node): { readonly withClause?: WithClause } | undefined {
  return (
    as(node, 'SelectStmt') ??
    as(node, 'InsertStmt') ??
    as(node, 'UpdateStmt') ??
    as(node, 'DeleteStmt') ??
    as(node, 'MergeStmt')
  )
}

/** Reads the queries of WITH, and gives the names that stand for queries from here on. */
function readWith(
  clause: WithClause | undefined,
  outer: Scope | undefined,
  queries: ReadonlySet<string>,
  all: Source[],
): ReadonlySet<string> {
  const expressions: readonly CommonTableExpr[] = allOf(clause?.ctes, 'CommonTableExpr')
  if (expressions.length === 0) return queries
  const known = new Set(queries)
  const recursive = clause?.recursive === true
  if (recursive) for (const { ctename } of expressions) known.add(ctename ?? '')
  for (const { ctename, ctequery } of expressions) {
    if (ctequery !== undefined) readStatement(ctequery, outer, new Set(known), all)
    known.add(ctename ?? '')
  }
  return known
}

function readInside(held: object, scope: Scope, all: Source[]): void {
  const references: (readonly string[])[] = []
  const inner: Node[] = []
  let natural = false
  walk(
    held,
    (node, tag) => {
      if (tag === 'ColumnRef') {
        references.push(fieldsOf(node))
        return false
      }
      if (statementTags.has(tag)) {
        inner.push(node)
        return false
      }
      const join = as(node, 'JoinExpr')
      for (const column of strings(join?.usingClause)) references.push([column])
      // A NATURAL JOIN may compare any column.
      if (join?.isNatural === true) {
        references.push(['*'])
        natural = true
      }
      addSource(node, scope)
      return true
    },
    notRead,
  )
  for (const reference of references) resolve(reference, scope)
  for (const source of scope.sources) {
    source.natural ||= natural
    all.push(source)
  }
  for (const node of inner) readStatement(node, scope, scope.queries, all)
}

const statementTags: ReadonlySet<NodeTag> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
])

function addSource(node: Node, scope: Scope): void {
  const relation = as(node, 'RangeVar')
  if (relation !== undefined) scope.sources.push(sourceOf(relation, scope.queries, true))
  const sample = as(node, 'RangeTableSample')
  if (sample?.relation !== undefined) addSource(sample.relation, scope)
  const derived =
    as(node, 'RangeSubselect') ?? as(node, 'RangeFunction') ?? as(node, 'RangeTableFunc') ?? as(node, 'JsonTable')
  const called = derived?.alias?.aliasname
  if (called !== undefined)
    scope.sources.push({ table: undefined, called, columns: new Set(), star: false, wholeRow: false, natural: false })
}

function sourceOf(relation: RangeVar, queries: ReadonlySet<string>, countsAsRead: boolean): Source {
  const name = relationName(relation)
  const isQuery = name.schema === undefined && queries.has(name.name)
  return {
    table: isQuery || !countsAsRead ? undefined : name,
    called: relation.alias?.aliasname ?? name.name,
    columns: new Set(),
    star: false,
    wholeRow: false,
    natural: false,
  }
}

/** The parts of a reference; `*` for a star. */
function fieldsOf(node: Node): readonly string[] {
  return (as(node, 'ColumnRef')?.fields ?? []).map((field) =>
    tagOf(field) === 'A_Star' ? '*' : (as(field, 'String')?.sval ?? ''),
  )
}

function resolve(reference: readonly string[], scope: Scope): void {
  const column = reference.at(-1) ?? ''
  const qualifier = reference.at(-2)
  if (qualifier === undefined) return resolveBare(column, scope)
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const found = at.sources.filter(({ called }) => called === qualifier)
    for (const source of found) use(source, column)
    if (found.length > 0) return
  }
}

/** A bare name is a column of any table in reach, or the whole row of a table of that name. */
function resolveBare(column: string, scope: Scope): void {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    for (const source of at.sources) {
      if (column !== '*' && source.called === column) source.wholeRow = true
      use(source, column)
    }
    if (column === '*') return
  }
}

function use(source: Source, column: string): void {
  if (column === '*') source.star = true
  else source.columns.add(column)
}

function merge(sources: readonly Source[]): readonly TableUse[] {
  const merged = new Map<
    string,
    { readonly table: Name; readonly columns: Set<string>; star: boolean; wholeRow: boolean; natural: boolean }
  >()
  for (const { table, columns, star, wholeRow, natural } of sources) {
    if (table === undefined) continue
    const key = JSON.stringify([table.schema, table.name])
    const one = merged.get(key) ?? { table, columns: new Set<string>(), star: false, wholeRow: false, natural: false }
    for (const column of columns) one.columns.add(column)
    one.star ||= star
    one.wholeRow ||= wholeRow
    one.natural ||= natural
    merged.set(key, one)
  }
  return [...merged.values()].map(({ table, columns, star, wholeRow, natural }) => ({
    table,
    columns: [...columns],
    star: star || wholeRow,
    ...(wholeRow && !star ? { wholeRow: true as const } : {}),
    ...(natural ? { natural: true as const } : {}),
  }))
}
