import type { InsertStmt, Node, RangeVar, ResTarget } from 'libpg-query'
import type { Name } from '../../../model/name.ts'
import type { ParameterColumn, ParameterUse } from '../../../model/query-use.ts'
import { allOf, as, walk } from '../grammar.ts'
import { relationName, strings } from '../names.ts'

/** What each parameter of a statement is used for, in the order of their numbers. */
export function parameterUses(statement: Node): readonly ParameterUse[] {
  const found = new Map<number, ParameterUse>()
  const note = (within: object | undefined, use: Omit<ParameterUse, 'number'>): void => {
    for (const number of parametersIn(within)) {
      const known = found.get(number)
      if (known === undefined || known.role === 'other') found.set(number, { number, ...use })
    }
  }
  const relations = relationsIn(statement)
  walk(statement, (node) => {
    noteAssigned(node, note)
    noteCompared(node, relations, note)
    const select = as(node, 'SelectStmt')
    note(select?.limitCount, { role: 'limit' })
    note(select?.limitOffset, { role: 'offset' })
  })
  note(statement, { role: 'other' })
  return [...found.values()].toSorted((a, b) => a.number - b.number)
}

type Note = (within: object | undefined, use: Omit<ParameterUse, 'number'>) => void

function parametersIn(within: object | undefined): readonly number[] {
  const numbers: number[] = []
  walk(within, (node) => {
    const number = as(node, 'ParamRef')?.number
    if (number !== undefined) numbers.push(number)
  })
  return numbers
}

function noteAssigned(node: Node, note: Note): void {
  const insert = as(node, 'InsertStmt')
  if (insert !== undefined) return noteInsert(insert, note)
  const update = as(node, 'UpdateStmt')
  if (update !== undefined) noteSet(update.targetList, update.relation, note)
  const merge = as(node, 'MergeStmt')
  if (merge === undefined) return
  for (const clause of allOf(merge.mergeWhenClauses, 'MergeWhenClause')) {
    noteSet(clause.targetList, merge.relation, note)
    noteRow(clause.values ?? [], allOf(clause.targetList, 'ResTarget'), merge.relation, note)
  }
}

function noteInsert({ cols, selectStmt, relation, onConflictClause }: InsertStmt, note: Note): void {
  const columns = allOf(cols, 'ResTarget')
  const select = as(selectStmt, 'SelectStmt')
  for (const row of allOf(select?.valuesLists, 'List')) noteRow(row.items ?? [], columns, relation, note)
  const values = allOf(select?.targetList, 'ResTarget').map(({ val }) => val)
  noteRow(values, columns, relation, note)
  noteSet(onConflictClause?.targetList, relation, note)
}

function noteRow(
  values: readonly (Node | undefined)[],
  columns: readonly ResTarget[],
  relation: RangeVar | undefined,
  note: Note,
): void {
  for (const [index, value] of values.entries()) {
    const column = columns[index]?.name ?? index + 1
    note(value, { role: 'assigned', column: { tables: [relationName(relation)], column } })
  }
}

function noteSet(targets: readonly Node[] | undefined, relation: RangeVar | undefined, note: Note): void {
  for (const { name, val } of allOf(targets, 'ResTarget')) {
    // (a, b) = ($1, $2): each target points into the same row.
    const part = as(val, 'MultiAssignRef')
    const row = as(part?.source, 'RowExpr')
    const value = row === undefined ? val : row.args?.[(part?.colno ?? 1) - 1]
    note(value, { role: 'assigned', column: { tables: [relationName(relation)], column: name ?? '' } })
  }
}

function noteCompared(node: Node, relations: Relations, note: Note): void {
  const comparison = as(node, 'A_Expr')
  if (comparison === undefined) return
  for (const [side, other] of [
    [comparison.lexpr, comparison.rexpr],
    [comparison.rexpr, comparison.lexpr],
  ]) {
    const column = columnIn(other, relations)
    if (column !== undefined) note(side, { role: 'compared', column })
  }
}

type Relations = readonly { readonly name: Name; readonly called: string }[]

function relationsIn(statement: Node): Relations {
  const found: { name: Name; called: string }[] = []
  const add = (relation: RangeVar | undefined): void => {
    if (relation === undefined) return
    const name = relationName(relation)
    found.push({ name, called: relation.alias?.aliasname ?? name.name })
  }
  walk(statement, (node) => {
    add(as(node, 'RangeVar'))
    // The target of a data change is held without a node around it.
    add((as(node, 'InsertStmt') ?? as(node, 'UpdateStmt') ?? as(node, 'DeleteStmt') ?? as(node, 'MergeStmt'))?.relation)
  })
  return found
}

/** The first column that an expression names: of the relation that it is written with, or of any. */
function columnIn(expression: Node | undefined, relations: Relations): ParameterColumn | undefined {
  let fields: readonly string[] = []
  walk(expression, (node) => {
    const reference = as(node, 'ColumnRef')
    if (reference !== undefined && fields.length === 0) fields = strings(reference.fields)
  })
  const column = fields.at(-1)
  if (column === undefined) return undefined
  const qualifier = fields.at(-2)
  const named = relations.filter(({ called }) => qualifier === undefined || called === qualifier)
  return { tables: (named.length > 0 ? named : relations).map(({ name }) => name), column }
}
