import type { Node } from 'libpg-query'
import type { QueryUse } from '../../../model/query-use.ts'
import { allOf, as, type NodeTag, tagOf, walk } from '../grammar.ts'
import { nameOf, strings } from '../names.ts'
import { parameterUses } from './parameter-uses.ts'
import { treeOf } from './shape.ts'

/** See `QueryReader.use`. */
export function useOf(sql: string): QueryUse {
  const statement = treeOf(sql)
  if (statement === undefined)
    return { kind: 'other', ordered: false, limited: false, star: false, functions: [], types: [], parameters: [] }
  const kind = kindOf(statement)
  const inner = kind === 'copied-query' ? (as(statement, 'CopyStmt')?.query ?? statement) : statement
  return {
    kind,
    ...orderOf(inner),
    star: hasStar(inner),
    ...namesIn(inner),
    parameters: parameterUses(inner),
  }
}

const kinds: Partial<Record<NodeTag, QueryUse['kind']>> = {
  InsertStmt: 'query',
  UpdateStmt: 'query',
  DeleteStmt: 'query',
  MergeStmt: 'query',
  TruncateStmt: 'command',
  LockStmt: 'command',
  CallStmt: 'command',
  RefreshMatViewStmt: 'command',
  TransactionStmt: 'session',
  VariableSetStmt: 'session',
  VariableShowStmt: 'session',
  DiscardStmt: 'session',
  DeallocateStmt: 'session',
  ListenStmt: 'session',
  UnlistenStmt: 'session',
  NotifyStmt: 'session',
  ConstraintsSetStmt: 'session',
  CheckPointStmt: 'session',
}

function kindOf(statement: Node): QueryUse['kind'] {
  const copy = as(statement, 'CopyStmt')
  if (copy !== undefined) return copy.query === undefined ? 'copy' : 'copied-query'
  const select = as(statement, 'SelectStmt')
  // SELECT … INTO makes a table.
  if (select !== undefined) return select.intoClause === undefined ? 'query' : 'other'
  return kinds[tagOf(statement)] ?? 'other'
}

function orderOf(statement: Node): Pick<QueryUse, 'ordered' | 'sortKeys' | 'limited'> {
  const select = as(statement, 'SelectStmt')
  const sorts = allOf(select?.sortClause, 'SortBy')
  const keys = sorts.flatMap(({ node }) => sortKey(node) ?? [])
  return {
    ordered: sorts.length > 0,
    limited: select?.limitCount !== undefined || select?.limitOffset !== undefined,
    ...(sorts.length > 0 && keys.length === sorts.length ? { sortKeys: keys } : {}),
  }
}

function sortKey(node: Node | undefined): string | number | undefined {
  const place = as(node, 'A_Const')?.ival?.ival
  return place ?? strings(as(node, 'ColumnRef')?.fields).at(-1)
}

function hasStar(statement: Node): boolean {
  const select = as(statement, 'SelectStmt')
  if (select?.larg !== undefined) return hasStar({ SelectStmt: select.larg })
  const changed = as(statement, 'InsertStmt') ?? as(statement, 'UpdateStmt') ?? as(statement, 'DeleteStmt')
  const list =
    select?.targetList ?? changed?.returningClause?.exprs ?? as(statement, 'MergeStmt')?.returningClause?.exprs
  return (list ?? []).some((target) => {
    const fields = as(as(target, 'ResTarget')?.val, 'ColumnRef')?.fields ?? []
    return fields.some((field) => tagOf(field) === 'A_Star')
  })
}

function namesIn(statement: Node): Pick<QueryUse, 'functions' | 'types'> {
  const functions = new Set<string>()
  const types = new Set<string>()
  walk(statement, (node) => {
    const call = as(node, 'FuncCall')
    if (call !== undefined) functions.add(nameOf(strings(call.funcname)).name)
  })
  walkTypes(statement, (name) => types.add(name))
  return { functions: [...functions], types: [...types] }
}

/** Names of types stand in fields as well as in nodes of their own. */
function walkTypes(value: unknown, found: (name: string) => void): void {
  const open: unknown[] = [value]
  while (open.length > 0) {
    const one = open.pop()
    if (typeof one !== 'object' || one === null) continue
    for (const [key, held] of Object.entries(one)) {
      if (key === 'names' && Array.isArray(held)) found(nameOf(strings(held)).name)
      open.push(held)
    }
  }
}
