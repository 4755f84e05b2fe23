import type { Node } from 'libpg-query'
import { allOf, as, tagOf } from '../grammar.ts'
import { strings } from '../names.ts'

/**
 * The name of an output column without AS, as PostgreSQL gives it (`FigureColname` in `parse_target.c`). Undefined where
 * that is not known here: of `*`, of what later versions may name otherwise, and of a query whose first column has none.
 */
export function outputName(value: Node | undefined): string | undefined {
  const figured = figure(value)
  return figured === undefined ? undefined : figured.name
}

/** A weak name gives way to that of a type around it. */
interface Figured {
  readonly name: string
  readonly strong: boolean
}

const nameless: Figured = { name: '?column?', strong: false }
const strong = (name: string): Figured => ({ name, strong: true })

function figure(node: Node | undefined): Figured | undefined {
  const reference = as(node, 'ColumnRef')
  if (reference !== undefined) {
    const last = reference.fields?.at(-1)
    return last !== undefined && tagOf(last) === 'A_Star' ? undefined : strong(strings(reference.fields).at(-1) ?? '')
  }
  const cast = as(node, 'TypeCast')
  if (cast !== undefined) return strongOr(figure(cast.arg), strings(cast.typeName?.names).at(-1))
  const choice = as(node, 'CaseExpr')
  if (choice !== undefined)
    return strongOr(choice.defresult === undefined ? nameless : figure(choice.defresult), 'case')
  const collated = as(node, 'CollateClause')
  if (collated !== undefined) return figure(collated.arg)
  const call = as(node, 'FuncCall')
  if (call !== undefined) return strong(strings(call.funcname).at(-1) ?? '')
  if (as(node, 'A_Expr')?.kind === 'AEXPR_NULLIF') return strong('nullif')
  const subscripted = as(node, 'A_Indirection')
  if (subscripted !== undefined) {
    const last = subscripted.indirection?.at(-1)
    if (last !== undefined && tagOf(last) === 'A_Star') return undefined
    const field = strings(subscripted.indirection).at(-1)
    return field === undefined ? figure(subscripted.arg) : strong(field)
  }
  const most = as(node, 'MinMaxExpr')
  if (most !== undefined) return strong(most.op === 'IS_LEAST' ? 'least' : 'greatest')
  const word = as(node, 'SQLValueFunction')?.op
  if (word !== undefined) return strong(wordOf(word))
  const query = as(node, 'SubLink')
  if (query !== undefined) return ofQuery(query.subLinkType, query.subselect)
  const tag = node === undefined ? undefined : tagOf(node)
  if (tag === undefined) return undefined
  const own = named.get(tag)
  if (own !== undefined) return strong(own)
  return hasNone.has(tag) ? nameless : undefined
}

/** `current_date` and the like: a precision behind it does not count. */
export function wordOf(op: string): string {
  return op.replace('SVFOP_', '').replace(/_N$/, '').toLowerCase()
}

function strongOr(inner: Figured | undefined, name: string | undefined): Figured | undefined {
  if (inner === undefined || inner.strong || name === undefined) return inner
  return { name, strong: false }
}

function ofQuery(kind: string | undefined, query: Node | undefined): Figured | undefined {
  if (kind === 'EXISTS_SUBLINK') return strong('exists')
  if (kind === 'ARRAY_SUBLINK') return strong('array')
  if (kind !== 'EXPR_SUBLINK') return nameless
  let select = as(query, 'SelectStmt')
  while (select?.larg !== undefined) select = select.larg
  const [target] = allOf(select?.targetList, 'ResTarget')
  if (select?.valuesLists !== undefined) return strong('column1')
  const name = target?.name ?? figure(target?.val)?.name
  return name === undefined ? undefined : strong(name)
}

const named: ReadonlyMap<string, string> = new Map([
  ['A_ArrayExpr', 'array'],
  ['RowExpr', 'row'],
  ['CoalesceExpr', 'coalesce'],
  ['GroupingFunc', 'grouping'],
])

const hasNone: ReadonlySet<string> = new Set(['A_Const', 'A_Expr', 'BoolExpr', 'BooleanTest', 'NullTest', 'ParamRef'])
