import type { IndexElem } from 'libpg-query'
import type { CreateIndex, Fact, Reindex } from '../../../model/fact.ts'
import { expressionOf } from '../expressions.ts'
import { allOf } from '../grammar.ts'
import { relationName } from '../names.ts'
import { isOn } from '../options.ts'
import type { Reading, StatementNode, StatementTable } from '../reading.ts'
import { indexKeys } from './index-keys.ts'

export const indexHandlers: StatementTable<'IndexStmt' | 'ReindexStmt'> = {
  IndexStmt: (node, reading) => [createIndex(node, reading)],
  ReindexStmt: (node, reading) => [reindex(node, reading)],
}

function createIndex(node: StatementNode<'IndexStmt'>, reading: Reading): CreateIndex {
  const keys = allOf(node.indexParams, 'IndexElem')
  const where = node.whereClause === undefined ? undefined : expressionOf(node.whereClause, predicateText(reading))
  const { columns, keyNames, expressionColumns, functions } = indexKeys(keys, node.whereClause)
  return {
    kind: 'create-index',
    span: reading.span,
    table: relationName(node.relation),
    ...(node.idxname === undefined ? {} : { index: node.idxname }),
    concurrently: node.concurrent === true,
    unique: node.unique === true,
    ifNotExists: node.if_not_exists === true,
    only: node.relation?.inh !== true,
    method: node.accessMethod ?? 'btree',
    columns,
    ...(keyNames === undefined ? {} : { keyNames }),
    expressionColumns,
    ...(functions.length === 0 ? {} : { functions }),
    include: allOf(node.indexIncludingParams, 'IndexElem').map(({ name }) => name ?? ''),
    ...(where === undefined ? {} : { where }),
    plain: isPlain(node, keys),
  }
}

/** Whether the index can be written again from the names of its columns. */
function isPlain(node: StatementNode<'IndexStmt'>, keys: readonly IndexElem[]): boolean {
  const lists = [node.indexIncludingParams, node.options]
  if (node.whereClause !== undefined || node.tableSpace !== undefined || node.nulls_not_distinct === true) return false
  return lists.every((list) => (list ?? []).length === 0) && keys.every(isPlainKey)
}

function isPlainKey(key: IndexElem): boolean {
  const lists = [key.collation, key.opclass, key.opclassopts]
  return (
    key.name !== undefined &&
    lists.every((list) => (list ?? []).length === 0) &&
    (key.ordering ?? 'SORTBY_DEFAULT') === 'SORTBY_DEFAULT' &&
    (key.nulls_ordering ?? 'SORTBY_NULLS_DEFAULT') === 'SORTBY_NULLS_DEFAULT'
  )
}

/** WHERE is the last clause of CREATE INDEX. */
function predicateText({ text }: Reading): string {
  const start = text.afterWord('where', text.start)
  return start === undefined ? '' : text.slice(start, text.end)
}

const reindexTargets: ReadonlyMap<string, Reindex['target']> = new Map([
  ['REINDEX_OBJECT_INDEX', 'index'],
  ['REINDEX_OBJECT_TABLE', 'table'],
  ['REINDEX_OBJECT_SCHEMA', 'schema'],
  ['REINDEX_OBJECT_DATABASE', 'database'],
  ['REINDEX_OBJECT_SYSTEM', 'system'],
])

function reindex(node: StatementNode<'ReindexStmt'>, reading: Reading): Fact {
  const name = node.relation === undefined ? undefined : relationName(node.relation)
  const other = node.name === undefined ? undefined : { name: node.name }
  const found = name ?? other
  return {
    kind: 'reindex',
    span: reading.span,
    target: reindexTargets.get(node.kind ?? '') ?? 'table',
    ...(found === undefined ? {} : { name: found }),
    concurrently: isOn(node.params, 'concurrently'),
  }
}
