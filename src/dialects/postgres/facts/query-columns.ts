import type { Node } from 'libpg-query'
import type { CommonTable, FromItem, Output, OutputValue, QueryColumns } from '../../../model/facts/query-columns.ts'
import { builtInType } from './built-in-type.ts'
import type { NodeOf } from '../grammar.ts'
import { allOf, as, tagOf } from '../grammar.ts'
import { relationName, strings } from '../names.ts'
import { typeOf } from '../types.ts'
import { outputName, wordOf } from './output-names.ts'

/** The same as parts of a fact, with the names of a list in front of the query. */
export function queryParts(
  listed: readonly Node[] | undefined,
  query: Node | undefined,
): { readonly query?: QueryColumns; readonly columnNames?: readonly string[] } {
  const [columns, names] = [queryColumns(query), strings(listed)]
  return { ...(columns === undefined ? {} : { query: columns }), ...(names.length === 0 ? {} : { columnNames: names }) }
}

/** The output columns of a query as its words give them; undefined where those do not tell their names. */
export function queryColumns(query: Node | undefined): QueryColumns | undefined {
  const select = as(query, 'SelectStmt')
  return select === undefined ? undefined : columnsOfSelect(select)
}

function columnsOfSelect(select: NodeOf<'SelectStmt'>): QueryColumns | undefined {
  const own = bareColumns(select)
  if (own === undefined || select.withClause === undefined) return own
  return { ...own, with: allOf(select.withClause.ctes, 'CommonTableExpr').map((one) => commonTable(one, select)) }
}

function bareColumns(select: NodeOf<'SelectStmt'>): QueryColumns | undefined {
  const { larg, rarg } = select
  if (larg !== undefined && rarg !== undefined) {
    const [left, right] = [columnsOfSelect(larg), columnsOfSelect(rarg)]
    return left === undefined || right === undefined ? undefined : { sides: [left, right], from: [], outputs: [] }
  }
  if (select.valuesLists !== undefined) return { from: [], outputs: valueOutputs(select.valuesLists) }
  const outputs: Output[] = []
  for (const target of allOf(select.targetList, 'ResTarget')) {
    const output = outputOf(target)
    if (output === undefined) return undefined
    outputs.push(output)
  }
  return { from: (select.fromClause ?? []).map(fromItem), outputs }
}

function commonTable(table: NodeOf<'CommonTableExpr'>, { withClause }: NodeOf<'SelectStmt'>): CommonTable {
  // SEARCH and CYCLE add columns.
  const isPlain = table.search_clause === undefined && table.cycle_clause === undefined
  const query = isPlain ? queryColumns(table.ctequery) : undefined
  return {
    called: table.ctename ?? '',
    names: strings(table.aliascolnames),
    ...(query === undefined ? {} : { query }),
    recursive: withClause?.recursive === true,
  }
}

function valueOutputs(lists: readonly Node[]): readonly Output[] {
  const rows = allOf(lists, 'List').map(({ items = [] }) => items)
  return (rows[0] ?? []).map((_, at) => ({
    name: `column${at + 1}`,
    value: { either: rows.map((row) => valueOf(row[at])) },
  }))
}

function outputOf({ name, val }: NodeOf<'ResTarget'>): Output | undefined {
  const fields = as(val, 'ColumnRef')?.fields
  const last = fields?.at(-1)
  if (last !== undefined && tagOf(last) === 'A_Star') {
    const of = strings(fields).at(-1)
    return of === undefined ? { star: true } : { star: true, of }
  }
  const own = name ?? outputName(val)
  return own === undefined ? undefined : { name: own, value: valueOf(val) }
}

function fromItem(node: Node): FromItem {
  const relation = as(node, 'RangeVar')
  if (relation !== undefined)
    return {
      called: relation.alias?.aliasname ?? relation.relname ?? '',
      names: strings(relation.alias?.colnames),
      relation: relationName(relation),
    }
  const sample = as(node, 'RangeTableSample')
  if (sample?.relation !== undefined) return fromItem(sample.relation)
  const inner = as(node, 'RangeSubselect')
  if (inner !== undefined) {
    const query = queryColumns(inner.subquery)
    const lateral = inner.lateral === true ? { lateral: true as const } : {}
    return { ...aliasOf(inner.alias), ...lateral, ...(query === undefined ? {} : { query }) }
  }
  const join = as(node, 'JoinExpr')
  if (join?.larg !== undefined && join.rarg !== undefined && join.join_using_alias === undefined) {
    const sides = { left: fromItem(join.larg), right: fromItem(join.rarg) }
    const using = join.isNatural === true ? {} : { using: strings(join.usingClause) }
    return { ...aliasOf(join.alias), join: { ...sides, ...using } }
  }
  const other = as(node, 'RangeFunction') ?? as(node, 'RangeTableFunc') ?? as(node, 'JsonTable')
  return aliasOf(other?.alias)
}

function aliasOf(alias: NodeOf<'Alias'> | undefined): Pick<FromItem, 'called' | 'names'> {
  return { ...(alias?.aliasname === undefined ? {} : { called: alias.aliasname }), names: strings(alias?.colnames) }
}

/** What is known of the type of a value: nothing where a function or an operator gives it. */
function valueOf(node: Node | undefined): OutputValue {
  const fields = as(node, 'ColumnRef')?.fields
  if (fields !== undefined) return columnValue(strings(fields))
  const cast = as(node, 'TypeCast')
  if (cast !== undefined) {
    const casts = valueOf(cast.arg)
    const mayHaveCollation = casts.column !== undefined || casts.collation !== undefined || casts.casts !== undefined
    return { type: typeOf(cast.typeName), ...(mayHaveCollation ? { casts } : {}) }
  }
  const constant = as(node, 'A_Const')
  if (constant !== undefined) return constantValue(constant)
  const collated = as(node, 'CollateClause')
  if (collated !== undefined) return { ...valueOf(collated.arg), collation: strings(collated.collname).at(-1) ?? '' }
  const tag = node === undefined ? undefined : tagOf(node)
  if (tag === 'BoolExpr' || tag === 'NullTest' || tag === 'BooleanTest') return { type: builtInType('boolean') }
  const word = as(node, 'SQLValueFunction')?.op
  if (word !== undefined && !word.endsWith('_N')) return { type: builtInType(typesOfWords.get(wordOf(word)) ?? 'name') }
  const either = as(node, 'CoalesceExpr')?.args ?? as(node, 'MinMaxExpr')?.args ?? branches(as(node, 'CaseExpr'))
  if (either !== undefined) return { either: either.map(valueOf) }
  const link = as(node, 'SubLink')
  if (link?.subLinkType === 'EXISTS_SUBLINK') return { type: builtInType('boolean') }
  const query = link?.subLinkType === 'EXPR_SUBLINK' ? queryColumns(link.subselect) : undefined
  return query === undefined ? {} : { query }
}

function columnValue(parts: readonly string[]): OutputValue {
  const [column, of] = [parts.at(-1) ?? '', parts.at(-2)]
  return of === undefined ? { column } : { column, of }
}

function branches(choice: NodeOf<'CaseExpr'> | undefined): readonly (Node | undefined)[] | undefined {
  if (choice === undefined) return undefined
  const results = allOf(choice.args, 'CaseWhen').map(({ result }) => result)
  // Without ELSE the last one is NULL.
  return [...results, choice.defresult ?? nullConstant]
}

/** Others are names of roles and the like. */
const typesOfWords: ReadonlyMap<string, string> = new Map([
  ['current_date', 'date'],
  ['current_time', 'time with time zone'],
  ['current_timestamp', 'timestamp with time zone'],
  ['localtime', 'time without time zone'],
  ['localtimestamp', 'timestamp without time zone'],
])

const nullConstant: Node = { A_Const: { isnull: true } }

/** As the server types numbers that are written bare (`make_const` in `parse_node.c`). */
function constantValue(constant: NodeOf<'A_Const'>): OutputValue {
  if (constant.ival !== undefined) return { type: builtInType('integer') }
  if (constant.boolval !== undefined) return { type: builtInType('boolean') }
  const { fval } = constant.fval ?? {}
  if (fval !== undefined) return /^\d{1,18}$/.test(fval) ? { type: builtInType('bigint') } : numeric(fval)
  return constant.isnull === true || constant.sval !== undefined ? { untyped: true } : {}
}

/** Of nineteen digits some are no bigint; other ways to write a number are told apart by no rule. */
function numeric(written: string): OutputValue {
  return /^\d*\.\d*$/.test(written) || /^\d{20,}$/.test(written) ? { type: builtInType('numeric') } : {}
}
