import type { IndexElem, Node } from 'libpg-query'
import type { CreateIndex } from '../../../model/fact.ts'
import { expressionOf } from '../expressions.ts'
import { as } from '../grammar.ts'
import { strings } from '../names.ts'

/** What an index, or the index of a constraint, is made over. */
export function indexKeys(
  keys: readonly IndexElem[],
  where: Node | undefined,
): Required<Pick<CreateIndex, 'columns' | 'expressionColumns' | 'functions'>> & Pick<CreateIndex, 'keyNames'> {
  const written = [...keys.map(({ expr }) => expr), where]
  const expressions = written.flatMap((one) => (one === undefined ? [] : [expressionOf(one, '')]))
  return {
    columns: keys.map(({ name }) => name ?? ''),
    ...keyNames(keys),
    expressionColumns: [...new Set(expressions.flatMap((expression) => expression.columns))],
    functions: [...new Set(expressions.flatMap((expression) => expression.functions))],
  }
}

/** Names after which the server would call an output column (FigureIndexColname), where an expression has one. */
function keyNames(keys: readonly IndexElem[]): { readonly keyNames?: readonly string[] } {
  if (!keys.some(({ expr }) => expressionName(expr) !== undefined)) return {}
  return { keyNames: keys.map(({ name, expr }) => name ?? expressionName(expr) ?? '') }
}

function expressionName(node: Node | undefined): string | undefined {
  const call = as(node, 'FuncCall')
  if (call !== undefined) return strings(call.funcname).at(-1)
  if (as(node, 'CoalesceExpr') !== undefined) return 'coalesce'
  const collated = as(node, 'CollateClause')
  if (collated !== undefined) return expressionName(collated.arg)
  const column = as(node, 'ColumnRef')
  if (column !== undefined) return strings(column.fields).at(-1)
  const cast = as(node, 'TypeCast')
  return cast === undefined ? undefined : (expressionName(cast.arg) ?? strings(cast.typeName?.names).at(-1))
}
