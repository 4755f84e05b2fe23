import type { Node, ResTarget, WithClause } from 'libpg-query'
import type { Fact, Insert, RowFilter, Update } from '../../../model/fact.ts'
import type { Name } from '../../../model/name.ts'
import { isHarmlessFunction } from '../built-in-functions.ts'
import { comparisonsOf } from '../comparisons.ts'
import { copiesAll } from '../copies-all.ts'
import { functionText } from '../expressions.ts'
import { allOf, as, walk } from '../grammar.ts'
import { nameOf, relationName, strings } from '../names.ts'
import { queryParts } from './query-columns.ts'
import { tablesRead } from '../reads.ts'
import type { Reading, StatementNode, StatementTable } from '../reading.ts'
import { accumulatedColumns, comparedColumns } from './assignments.ts'
import { configSettings } from './sessions.ts'

export const dataHandlers: StatementTable<
  'SelectStmt' | 'InsertStmt' | 'UpdateStmt' | 'DeleteStmt' | 'MergeStmt' | 'CopyStmt' | 'TruncateStmt'
> = {
  SelectStmt: (node, reading) => [
    ...changesIn(node.withClause, reading),
    select(node, reading),
    ...configSettings(node, reading.span),
  ],
  InsertStmt: (node, reading) => [...changesIn(node.withClause, reading), insert(node, reading)],
  UpdateStmt: (node, reading) => [...changesIn(node.withClause, reading), update(node, reading)],
  DeleteStmt: (node, reading) => [
    ...changesIn(node.withClause, reading),
    {
      kind: 'delete',
      span: reading.span,
      table: relationName(node.relation),
      ...rowsOf(node.whereClause),
      reads: tablesRead({ DeleteStmt: node }, node.relation),
    },
  ],
  MergeStmt: (node, reading) => [
    ...changesIn(node.withClause, reading),
    {
      kind: 'merge',
      span: reading.span,
      table: relationName(node.relation),
      reads: tablesRead({ MergeStmt: node }, node.relation),
    },
  ],
  CopyStmt: (node, reading) => copy(node, reading),
  TruncateStmt: (node, { span }) => [
    {
      kind: 'truncate',
      span,
      tables: allOf(node.relations, 'RangeVar').map(relationName),
      cascade: node.behavior === 'DROP_CASCADE',
    },
  ],
}

/** INSERT, UPDATE, DELETE and MERGE inside WITH run, whether or not their result is used. */
function changesIn(clause: WithClause | undefined, reading: Reading): readonly Fact[] {
  const queries = allOf(clause?.ctes, 'CommonTableExpr')
  const names = new Set(queries.map(({ ctename }) => ctename ?? ''))
  return queries.flatMap(({ ctequery }) => {
    if (ctequery === undefined) return []
    const nested = as(ctequery, 'SelectStmt')
    const facts = nested === undefined ? reading.factsOf(ctequery) : changesIn(nested.withClause, reading)
    return facts.map((fact) => withoutQueries(fact, names))
  })
}

/** A query of WITH that another one reads is not a table. */
function withoutQueries(fact: Fact, names: ReadonlySet<string>): Fact {
  if (!('reads' in fact)) return fact
  return { ...fact, reads: fact.reads.filter(({ table }) => table.schema !== undefined || !names.has(table.name)) }
}

function select(node: StatementNode<'SelectStmt'>, { span }: Reading): Fact {
  const reads = tablesRead({ SelectStmt: node })
  // SELECT … INTO makes a table; of a UNION it stands in the first query.
  let first = node
  while (first.larg !== undefined) first = first.larg
  const into = first.intoClause?.rel
  if (into === undefined) {
    const functions = effectfulFunctions(node)
    const sequences = functions.includes('setval') ? sequencesSet(node) : []
    return { kind: 'select', span, reads, functions, ...(sequences.length === 0 ? {} : { setsSequences: sequences }) }
  }
  const temporary = into.relpersistence === 't'
  return {
    kind: 'create-table-as',
    span,
    table: relationName(into),
    ifNotExists: false,
    temporary,
    withData: true,
    reads,
    ...queryParts(undefined, { SelectStmt: node }),
  }
}

function effectfulFunctions(node: object): readonly string[] {
  const functions = new Set<string>()
  walk(node, (inner) => {
    const call = as(inner, 'FuncCall')
    if (call === undefined) return
    const { schema, name } = nameOf(strings(call.funcname))
    if (!isHarmlessFunction(schema, name)) functions.add(functionText(call))
  })
  return [...functions]
}

/** Sequences that `setval` gives a number which is written there; a number from a query follows the rows. */
function sequencesSet(node: object): readonly Name[] {
  const names: Name[] = []
  walk(node, (inner) => {
    const call = as(inner, 'FuncCall')
    if (call === undefined || functionText(call) !== 'setval') return
    const [sequence, value] = call.args ?? []
    const text = textOf(sequence)
    if (text !== undefined && as(value, 'A_Const') !== undefined) names.push(nameOf(text.toLowerCase().split('.')))
  })
  return names
}

/** A string, also with a cast: `'books_id_seq'::regclass`. */
function textOf(node: Node | undefined): string | undefined {
  const cast = as(node, 'TypeCast')
  return cast === undefined ? as(node, 'A_Const')?.sval?.sval : textOf(cast.arg)
}

function insert(node: StatementNode<'InsertStmt'>, { span }: Reading): Fact {
  const targets = allOf(node.cols, 'ResTarget')
  return {
    kind: 'insert',
    span,
    table: relationName(node.relation),
    columns: targets.map(({ name }) => name ?? ''),
    ...repeated(targets),
    ...(copiesAll(as(node.selectStmt, 'SelectStmt')) ? { copiesAll: true } : {}),
    source: insertSource(node.selectStmt),
    onConflict: onConflict(node),
    reads: tablesRead({ InsertStmt: node }),
  }
}

function insertSource(query: Node | undefined): Insert['source'] {
  if (query === undefined) return 'default-values'
  return as(query, 'SelectStmt')?.valuesLists === undefined ? 'select' : 'values'
}

function onConflict(node: StatementNode<'InsertStmt'>): Insert['onConflict'] {
  if (node.onConflictClause === undefined) return 'none'
  return node.onConflictClause.action === 'ONCONFLICT_UPDATE' ? 'update' : 'nothing'
}

function update(node: StatementNode<'UpdateStmt'>, { span }: Reading): Fact {
  const targets = allOf(node.targetList, 'ResTarget')
  const [accumulates, whereColumns] = [accumulatedColumns(node), comparedColumns(node)]
  return {
    kind: 'update',
    span,
    table: relationName(node.relation),
    columns: targets.map(({ name }) => name ?? ''),
    ...rowsOf(node.whereClause),
    ...repeated(targets),
    ...(accumulates.length === 0 ? {} : { accumulates }),
    ...(whereColumns.length === 0 ? {} : { whereColumns }),
    reads: tablesRead({ UpdateStmt: node }, node.relation),
  }
}

/** An element of an array or a field of a composite value may be assigned beside another one. */
function repeated(targets: readonly ResTarget[]): Pick<Update, 'repeatedColumns'> {
  const whole = targets.filter(({ indirection }) => (indirection ?? []).length === 0).map(({ name }) => name ?? '')
  const repeatedColumns = [...new Set(whole.filter((name, index) => name !== '' && whole.indexOf(name) !== index))]
  return repeatedColumns.length === 0 ? {} : { repeatedColumns }
}

function rowsOf(where: Node | undefined): Pick<Update, 'where' | 'picksRows'> {
  const picksRows = comparisonsOf(where).some(
    ({ operator, values }) =>
      (operator === '=' || operator === 'in') && values.every((value) => value !== 'true' && value !== 'false'),
  )
  return { where: rowFilter(where), ...(picksRows ? { picksRows } : {}) }
}

function rowFilter(where: Node | undefined): RowFilter {
  if (where === undefined) return 'none'
  return isAlwaysTrue(where) ? 'always-true' : 'condition'
}

/** `true`, `1 = 1`, `'a' = 'a'`: what people write to satisfy a check for a missing WHERE. */
function isAlwaysTrue(condition: Node): boolean {
  const cast = as(condition, 'TypeCast')
  if (cast?.arg !== undefined) return isAlwaysTrue(cast.arg)
  const constant = as(condition, 'A_Const')
  if (constant !== undefined) return constant.boolval?.boolval === true || constant.sval?.sval === 't'
  const both = as(condition, 'BoolExpr')
  if (both?.boolop === 'AND_EXPR') return (both.args ?? []).every(isAlwaysTrue)
  if (both?.boolop === 'OR_EXPR') return (both.args ?? []).some(isAlwaysTrue)
  const comparison = as(condition, 'A_Expr')
  if (comparison?.kind !== 'AEXPR_OP' || strings(comparison.name).join('.') !== '=') return false
  const left = constantText(comparison.lexpr)
  return left !== undefined && left === constantText(comparison.rexpr)
}

function constantText(node: Node | undefined): string | undefined {
  const constant = as(node, 'A_Const')
  if (constant === undefined || constant.isnull === true) return undefined
  const { location: _, ...value } = constant
  return JSON.stringify(value)
}

function copy(node: StatementNode<'CopyStmt'>, reading: Reading): readonly Fact[] {
  const inner = node.query === undefined ? [] : reading.factsOf(node.query)
  const copied: Fact = {
    kind: 'copy',
    span: reading.span,
    ...(node.relation === undefined ? {} : { table: relationName(node.relation) }),
    direction: node.is_from === true ? 'from' : 'to',
    columns: strings(node.attlist),
  }
  return [copied, ...inner]
}
