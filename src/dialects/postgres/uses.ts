import type { Node, RangeVar } from 'libpg-query'
import type { Fact, TableUse } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import { functionText } from './expressions.ts'
import { as, walk } from './grammar.ts'
import { namedRelation } from './named-relations.ts'
import { strings } from './names.ts'
import { tablesRead } from './reads.ts'
import { typeOf } from './types.ts'

/** What an object uses, as parts of a fact; nothing where it uses nothing. */
export interface Uses {
  readonly uses?: readonly TableUse[]
  readonly calls?: readonly string[]
}

/** What conditions on the rows of a table use: those of a policy, or of a publication. */
export function usesOfConditions(table: RangeVar | undefined, ...conditions: readonly (Node | undefined)[]): Uses {
  if (table === undefined) return {}
  const uses = conditions.flatMap((condition) =>
    condition === undefined
      ? []
      : tablesRead({ SelectStmt: { fromClause: [{ RangeVar: table }], whereClause: condition } }),
  )
  return together(uses, conditions.flatMap(callsIn))
}

/** What statements that are kept use: those of a rule, or of a body in `BEGIN ATOMIC`. */
export function usesOfStatements(nodes: readonly Node[], factsOf: (node: Node) => readonly Fact[]): Uses {
  return together(
    [...nodes.flatMap(factsOf).flatMap(usesOfFact), ...nodes.flatMap(usesOfWhere)],
    nodes.flatMap(callsIn),
  )
}

/** The functions that a query calls. */
export function callsOfQuery(query: Node | undefined): Pick<Uses, 'calls'> {
  return together([], callsIn(query))
}

/** Relations that a query names by constants, as `nextval('s')` does. */
export function constantsOfQuery(query: Node | undefined): { readonly namedByConstants?: readonly Name[] } {
  const names: Name[] = []
  walk(query, (inner) => {
    const name = namedRelation(inner)
    if (name !== undefined) names.push(name)
  })
  return names.length === 0 ? {} : { namedByConstants: names }
}

/** The types that a query casts to. */
export function typesOfQuery(query: Node | undefined): { readonly types?: readonly Name[] } {
  const types = new Map<string, Name>()
  walk(query, (inner) => {
    const cast = as(inner, 'TypeCast')
    if (cast === undefined) return
    const { name, schema, sql } = typeOf(cast.typeName)
    types.set(sql, schema === undefined ? { name } : { schema, name })
  })
  return types.size === 0 ? {} : { types: [...types.values()] }
}

/** What `new.title` and `old.title` of a rule mean: columns of its own table. */
export function rowColumns(table: Name, nodes: readonly Node[]): TableUse {
  const columns = new Set<string>()
  for (const node of nodes) {
    walk(node, (inner) => {
      const [row, column] = strings(as(inner, 'ColumnRef')?.fields)
      if ((row === 'new' || row === 'old') && column !== undefined) columns.add(column)
    })
  }
  return { table, columns: [...columns], star: false }
}

/** The query of `RETURN expression`. */
export function asQuery(expression: Node): Node {
  return { SelectStmt: { targetList: [{ ResTarget: { val: expression } }] } }
}

function usesOfFact(fact: Fact): readonly TableUse[] {
  const reads = 'reads' in fact ? fact.reads : []
  if (fact.kind !== 'insert' && fact.kind !== 'update' && fact.kind !== 'delete') return reads
  const columns = fact.kind === 'delete' ? [] : fact.columns
  return [...reads, { table: fact.table, columns, star: false }]
}

/** The columns that a DELETE or UPDATE picks its rows by. */
function usesOfWhere(node: Node): readonly TableUse[] {
  const [deletes, updates] = [as(node, 'DeleteStmt'), as(node, 'UpdateStmt')]
  const { relation, whereClause } = deletes ?? updates ?? {}
  if (relation === undefined || whereClause === undefined) return []
  const others = deletes?.usingClause ?? updates?.fromClause ?? []
  return tablesRead({ SelectStmt: { fromClause: [{ RangeVar: relation }, ...others], whereClause } })
}

function callsIn(node: Node | undefined): readonly string[] {
  const calls: string[] = []
  walk(node, (inner) => {
    const call = as(inner, 'FuncCall')
    if (call !== undefined) calls.push(functionText(call))
  })
  return calls
}

export function together(uses: readonly TableUse[], calls: readonly string[]): Uses {
  return {
    ...(uses.length === 0 ? {} : { uses }),
    ...(calls.length === 0 ? {} : { calls: [...new Set(calls)] }),
  }
}
