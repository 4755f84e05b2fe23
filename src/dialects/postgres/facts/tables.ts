import type { CreateStmt, PartitionElem } from 'libpg-query'
import type { ColumnDefinition } from '../../../model/column.ts'
import type { ConstraintDefinition } from '../../../model/constraint.ts'
import type { CreateTable, Fact, TableLike } from '../../../model/fact.ts'
import { allOf, as } from '../grammar.ts'
import { listName, relationName } from '../names.ts'
import { storageOptions } from '../options.ts'
import { tablesRead } from '../reads.ts'
import type { Reading, StatementNode, StatementTable } from '../reading.ts'
import { callsOfQuery, constantsOfQuery, typesOfQuery } from '../uses.ts'
import { queryParts } from './query-columns.ts'
import { viewColumns } from './view-columns.ts'
import { columnDefinition } from './column-definitions.ts'
import { partitionBound } from './partition-bounds.ts'
import { constraintOf, constraintPlace } from './constraints.ts'

export const tableHandlers: StatementTable<'CreateStmt' | 'CreateForeignTableStmt' | 'CreateTableAsStmt'> = {
  CreateStmt: (node, reading) => [createTable(node, reading)],
  CreateForeignTableStmt: ({ base, servername }, reading) =>
    base === undefined ? [] : [{ ...createTable(base, reading), server: servername ?? '' }],
  CreateTableAsStmt: (node, reading) => createTableAs(node, reading),
}

function createTable(node: CreateStmt, reading: Reading): CreateTable {
  const constraints = tableConstraints(node, reading)
  const columns = withKeyColumnsNotNull(tableColumns(node, reading), constraints)
  const parents = allOf(node.inhRelations, 'RangeVar').map(relationName)
  const [parent] = parents
  const isPartition = node.partbound !== undefined
  return {
    kind: 'create-table',
    span: reading.span,
    table: relationName(node.relation),
    columns,
    constraints,
    ifNotExists: node.if_not_exists === true,
    temporary: node.relation?.relpersistence === 't',
    unlogged: node.relation?.relpersistence === 'u',
    ...(isPartition && parent !== undefined ? { partitionOf: parent } : {}),
    ...(node.partbound === undefined ? {} : { partitionBound: partitionBound(node.partbound) }),
    ...(node.partspec === undefined
      ? {}
      : {
          partitionBy: allOf(node.partspec.partParams, 'PartitionElem').map(
            (element: PartitionElem) => element.name ?? '',
          ),
        }),
    inherits: isPartition ? [] : parents,
    like: tableLikes(node),
    ...(node.ofTypename === undefined ? {} : { ofType: listName(node.ofTypename.names) }),
    options: storageOptions(node.options),
  }
}

function tableColumns(node: CreateStmt, reading: Reading): readonly ColumnDefinition[] {
  return allOf(node.tableElts, 'ColumnDef').map((column) => columnDefinition(column, reading))
}

/** `TableLikeOption` in `nodes/parsenodes.h`. */
const likeOptions = [
  ['constraints', 1 << 2],
  ['defaults', 1 << 3],
  ['generated', 1 << 4],
  ['identity', 1 << 5],
  ['indexes', 1 << 6],
  ['statistics', 1 << 7],
] as const

function tableLikes({ tableElts = [] }: CreateStmt): readonly TableLike[] {
  let at = 0
  return tableElts.flatMap((element): readonly TableLike[] => {
    if (as(element, 'ColumnDef') !== undefined) at += 1
    const like = as(element, 'TableLikeClause')
    if (like === undefined) return []
    const bits = like.options ?? 0
    const including = likeOptions.flatMap(([option, bit]) => ((bits & bit) === 0 ? [] : [option]))
    return [{ table: relationName(like.relation), at, including }]
  })
}

function tableConstraints(node: CreateStmt, reading: Reading): readonly ConstraintDefinition[] {
  return allOf(node.tableElts, 'Constraint').flatMap((constraint) => {
    const definition = constraintOf(constraint, constraintPlace(constraint, reading), reading)
    return definition === undefined ? [] : [definition]
  })
}

/** PRIMARY KEY (a, b) makes its columns NOT NULL, as does a NOT NULL constraint of the table. */
function withKeyColumnsNotNull(
  columns: readonly ColumnDefinition[],
  constraints: readonly ConstraintDefinition[],
): readonly ColumnDefinition[] {
  const named = new Set<string>()
  for (const constraint of constraints) {
    if (constraint.type === 'primary-key') for (const column of constraint.columns) named.add(column)
    if (constraint.type === 'not-null') named.add(constraint.column)
  }
  if (named.size === 0) return columns
  return columns.map((column) => (named.has(column.name) ? { ...column, notNull: true } : column))
}

function createTableAs(node: StatementNode<'CreateTableAsStmt'>, reading: Reading): readonly Fact[] {
  const { query, into } = node
  const name = relationName(into?.rel)
  const ifNotExists = node.if_not_exists === true
  const temporary = into?.rel?.relpersistence === 't'
  const withData = into?.skipData !== true
  const reads = tablesRead(query)
  const inner = query === undefined || as(query, 'SelectStmt') !== undefined ? [] : reading.factsOf(query)
  if (node.objtype !== 'OBJECT_MATVIEW') {
    return [
      {
        kind: 'create-table-as',
        span: reading.span,
        table: name,
        ifNotExists,
        temporary,
        withData,
        reads,
        ...queryParts(into?.colNames, query),
      },
      ...inner,
    ]
  }
  return [
    {
      kind: 'create-view',
      span: reading.span,
      view: name,
      materialized: true,
      replace: false,
      temporary: false,
      ifNotExists,
      withData,
      reads,
      ...callsOfQuery(query),
      ...typesOfQuery(query),
      ...constantsOfQuery(query),
      ...viewColumns(into?.colNames, query),
      securityInvoker: false,
    },
  ]
}
