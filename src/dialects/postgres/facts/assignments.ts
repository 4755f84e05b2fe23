import type { Node, UpdateStmt } from 'libpg-query'
import { functionText } from '../expressions.ts'
import { allOf, as, walk } from '../grammar.ts'
import { strings } from '../names.ts'

/** Operators that give another value when they are applied to their own result; `|` and `%` do not. */
const accumulating: ReadonlySet<string> = new Set(['+', '-', '*', '/', '^', '||'])
const accumulatingFunctions: ReadonlySet<string> = new Set([
  'array_append',
  'array_cat',
  'array_prepend',
  'concat',
  'concat_ws',
])

/** See `Update.accumulates`. */
export function accumulatedColumns(update: UpdateStmt): readonly string[] {
  const called = update.relation?.alias?.aliasname ?? update.relation?.relname ?? ''
  return allOf(update.targetList, 'ResTarget').flatMap(({ name, val }) => {
    if (name === undefined || val === undefined) return []
    let found = false
    walk(val, (node) => {
      found ||= accumulates(node) && names(node, name, called)
      return !found
    })
    return found ? [name] : []
  })
}

/** See `Update.whereColumns`. */
export function comparedColumns({ whereClause }: UpdateStmt): readonly string[] {
  const columns = new Set<string>()
  if (whereClause === undefined) return []
  walk(whereClause, (node) => {
    if (as(node, 'NullTest') !== undefined) return false
    const column = strings(as(node, 'ColumnRef')?.fields).at(-1)
    if (column !== undefined) columns.add(column)
    return true
  })
  return [...columns]
}

function accumulates(node: Node): boolean {
  const operation = as(node, 'A_Expr')
  if (operation !== undefined)
    return operation.kind === 'AEXPR_OP' && accumulating.has(strings(operation.name).at(-1) ?? '')
  const call = as(node, 'FuncCall')
  return call !== undefined && accumulatingFunctions.has(functionText(call))
}

/** Whether the target's own column stands anywhere in it. */
function names(expression: Node, column: string, called: string): boolean {
  let found = false
  walk(expression, (node) => {
    const path = strings(as(node, 'ColumnRef')?.fields)
    const own = path.length < 2 || path.at(-2) === called
    found ||= own && path.at(-1) === column
    return !found
  })
  return found
}
