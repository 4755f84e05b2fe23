import type { Node, RangeVar, SelectStmt } from 'libpg-query'
import { ToolkitError } from '../../core/errors.ts'
import { aggregateFunctions } from './aggregates.ts'
import { allOf, as, parseTree, sameTree, tagOf, walk } from './grammar.ts'
import { addToWhere, keyRange } from './key-range.ts'
import { nameOf, relationName, strings } from './names.ts'

/** `table` and `key` as the directive writes them: SQL, so that quotes keep capital letters. */
export interface Cut {
  readonly table: string
  readonly key: string
}

/** See `Dialect.boundByKey`. */
export async function boundByKey(sql: string, cut: Cut): Promise<string> {
  const statement = onlyStatement(sql)
  refuseParameters(statement)
  refuseChangesInWith(statement)
  const bounded = bound(statement, cut)
  refuseLimits(statement)
  const { deparseSync } = await import('pgsql-deparser')
  const text = deparseSync(bounded)
  // What runs is the text; it must say what the tree says.
  const answer = parseTree(text)
  const [again] = answer.accepted ? answer.statements : []
  if (again?.stmt === undefined || !sameTree(again.stmt, bounded))
    throw invalid(
      `It cannot be written back as SQL that means the same: ${text}.`,
      'Write its expressions another way.',
    )
  return text
}

function bound(statement: Node, cut: Cut): Node {
  const table = tableNamed(cut.table)
  const update = as(statement, 'UpdateStmt')
  if (update !== undefined)
    return {
      UpdateStmt: { ...update, whereClause: addToWhere(update.whereClause, targetRange(update.relation, table, cut)) },
    }
  const remove = as(statement, 'DeleteStmt')
  if (remove !== undefined)
    return {
      DeleteStmt: { ...remove, whereClause: addToWhere(remove.whereClause, targetRange(remove.relation, table, cut)) },
    }
  const insert = as(statement, 'InsertStmt')
  const select = as(insert?.selectStmt, 'SelectStmt')
  if (insert === undefined || select === undefined || select.valuesLists !== undefined)
    throw invalid(
      'It is not an UPDATE, a DELETE or an INSERT … SELECT.',
      'Write one such statement, or leave the directive out.',
    )
  refuseUncuttable(select)
  const source = sourceNamed(select, table, cut)
  const whereClause = addToWhere(select.whereClause, keyRange(calledName(source), keyName(cut.key)))
  return { InsertStmt: { ...insert, selectStmt: { SelectStmt: { ...select, whereClause } } } }
}

function onlyStatement(sql: string): Node {
  const answer = /\S/.test(sql) ? parseTree(sql) : undefined
  if (answer?.accepted === false) throw invalid(`The grammar refuses it: ${answer.message}.`, 'Correct the statement.')
  const statements = answer?.statements ?? []
  const [only] = statements
  if (only?.stmt === undefined || statements.length > 1)
    throw invalid(`It has ${statements.length} statements.`, 'Write one UPDATE, DELETE or INSERT … SELECT.')
  return only.stmt
}

function refuseParameters(statement: Node): void {
  walk(statement, (_, tag) => {
    if (tag === 'ParamRef') throw invalid('It has parameters of its own.', 'Write the values into the statement.')
  })
}

/** They would run whole for every batch. */
function refuseChangesInWith(statement: Node): void {
  walk(statement, (node) => {
    const query = as(node, 'CommonTableExpr')?.ctequery
    if (query !== undefined && tagOf(query) !== 'SelectStmt')
      throw invalid(
        'A query in its WITH changes data, and would do so for each batch.',
        'Write a backfill of its own for it.',
      )
  })
}

/** Which rows a LIMIT takes may depend on what the batches before have changed: `id in (select … limit 1000)`. */
function refuseLimits(statement: Node): void {
  walk(statement, (node) => {
    const select = as(node, 'SelectStmt')
    if (select?.limitCount === undefined && select?.limitOffset === undefined) return
    throw invalid(
      'It has LIMIT or OFFSET in a subquery, which may give each batch other rows.',
      'Leave it out, as batches are made anyway; for one row of several write DISTINCT ON, min() or max().',
    )
  })
}

function targetRange(target: RangeVar | undefined, table: RangeVar, { table: written, key }: Cut): readonly Node[] {
  if (target === undefined || !isSame(target, table))
    throw invalid(
      `It changes ${relationName(target).name}, not ${written}.`,
      'Name the table that the statement changes.',
    )
  return keyRange(calledName(target), keyName(key))
}

/** Clauses whose result over the parts is not the result over the whole. */
function refuseUncuttable(select: SelectStmt): void {
  const lists: readonly (readonly [string, readonly Node[] | undefined])[] = [
    ['DISTINCT', select.distinctClause],
    ['GROUP BY', select.groupClause],
    ['WINDOW', select.windowClause],
  ]
  for (const [clause, list] of lists) if ((list ?? []).length > 0) throw uncuttable(clause)
  if (select.larg !== undefined) throw uncuttable('UNION, INTERSECT or EXCEPT')
  if (select.havingClause !== undefined) throw uncuttable('HAVING')
  if (select.limitCount !== undefined || select.limitOffset !== undefined) throw uncuttable('LIMIT or OFFSET')
  for (const target of allOf(select.targetList, 'ResTarget')) walk(target, refuseAggregates)
}

function refuseAggregates(node: Node): boolean {
  if (as(node, 'SubLink') !== undefined) return false
  const call = as(node, 'FuncCall')
  if (call === undefined) return true
  if (call.over !== undefined) throw uncuttable('a window function')
  const { name } = nameOf(strings(call.funcname))
  const looksLikeOne = call.agg_star === true || call.agg_distinct === true || call.agg_filter !== undefined
  if (looksLikeOne || call.agg_order !== undefined || aggregateFunctions.has(name))
    throw uncuttable(`the aggregate ${name}()`)
  return true
}

/** The item of FROM that is `table`, where each of its rows gives its rows of the result whatever the others are. */
function sourceNamed(select: SelectStmt, table: RangeVar, { table: written }: Cut): RangeVar {
  const queries = new Set(allOf(select.withClause?.ctes, 'CommonTableExpr').map(({ ctename }) => ctename))
  const found = (select.fromClause ?? []).flatMap((item) => preserved(item)).find((item) => isSame(item, table))
  if (found !== undefined && (found.schemaname !== undefined || !queries.has(found.relname))) return found
  throw invalid(
    `Its FROM does not name ${written}, or names it where an outer join fills in NULLs.`,
    'Name a table that each inserted row comes from.',
  )
}

/** Tables of a FROM item, left out those on the side of an outer join that may have no row. */
function preserved(item: Node): readonly RangeVar[] {
  const relation = as(item, 'RangeVar')
  if (relation !== undefined) return [relation]
  const join = as(item, 'JoinExpr')
  // An alias for the whole join hides the names inside.
  if (join === undefined || join.alias !== undefined) return []
  const left = join.jointype === 'JOIN_INNER' || join.jointype === 'JOIN_LEFT'
  const right = join.jointype === 'JOIN_INNER' || join.jointype === 'JOIN_RIGHT'
  return [
    ...(left && join.larg !== undefined ? preserved(join.larg) : []),
    ...(right && join.rarg !== undefined ? preserved(join.rarg) : []),
  ]
}

function isSame(relation: RangeVar, table: RangeVar): boolean {
  if (relation.relname !== table.relname) return false
  const bare = relation.schemaname === undefined || table.schemaname === undefined
  return bare || relation.schemaname === table.schemaname
}

function calledName(relation: RangeVar): string {
  return relation.alias?.aliasname ?? relation.relname ?? ''
}

/** The name of a table as SQL writes it. */
function tableNamed(written: string): RangeVar {
  const answer = parseTree(`table ${written}`)
  const [only, more] = answer.accepted ? answer.statements : []
  const relation = as(as(only?.stmt, 'SelectStmt')?.fromClause?.[0], 'RangeVar')
  if (relation === undefined || more !== undefined)
    throw invalid(`"${written}" is not the name of a table.`, 'Write table:users or table:app.users.')
  return relation
}

/** As SQL reads an identifier: bare ones in lower case, quoted ones as they are. */
function keyName(written: string): string {
  const quoted = /^"(.*)"$/s.exec(written)?.[1]
  return quoted === undefined ? written.toLowerCase() : quoted.replaceAll('""', '"')
}

function uncuttable(clause: string): ToolkitError {
  return invalid(
    `It has ${clause}, which over batches gives another result.`,
    'Write the change without it, or as an ordinary migration.',
  )
}

function invalid(why: string, hint: string): ToolkitError {
  return new ToolkitError({
    code: 'backfill-invalid',
    message: `The backfill cannot be cut into batches. ${why}`,
    hint,
  })
}
