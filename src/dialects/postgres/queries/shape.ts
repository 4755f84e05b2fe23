import type { Node, RangeVar } from 'libpg-query'
import type { Name } from '../../../model/name.ts'
import type { QueryShape } from '../../../model/query.ts'
import { lex } from '../../../sql/lexer.ts'
import { as, parseTree, tagOf, walk } from '../grammar.ts'
import { isTooDeep } from '../nesting.ts'
import { touchesOf } from './touches.ts'

const queryTags: ReadonlySet<string> = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])

/** What one statement is; undefined where the grammar refuses it or it is not exactly one. */
export function shapeOf(sql: string): QueryShape | undefined {
  const node = treeOf(sql)
  if (node === undefined) return undefined
  const code = lex(sql).filter(({ kind }) => kind !== 'comment')
  const last = code.findLast(({ start, end }) => sql.slice(start, end) !== ';')
  const [first] = code
  if (first === undefined || last === undefined) return undefined
  const text = sql.slice(first.start, last.end)
  const relations = relationsOf(node)
  const isQuery = queryTags.has(tagOf(node)) && as(node, 'SelectStmt')?.intoClause === undefined
  return {
    sql: text,
    kind: isQuery ? 'query' : 'utility',
    verb: /[a-z]+/i.exec(text)?.[0].toLowerCase() ?? '',
    relations,
    touches: touchesOf(node, relations),
    parameters: Math.max(0, ...parametersOf(node)),
  }
}

/** The tree of a text that holds exactly one statement, which the grammar accepts. */
export function treeOf(sql: string): Node | undefined {
  if (!/\S/.test(sql) || sql.includes('\0') || isTooDeep(sql)) return undefined
  const answer = parseTree(sql)
  if (!answer.accepted || answer.statements.length !== 1) return undefined
  return answer.statements[0]?.stmt
}

function relationsOf(root: Node): readonly Name[] {
  const defined = new Set<string>()
  const found = new Map<string, Name>()
  walk(root, (node) => {
    const name = as(node, 'CommonTableExpr')?.ctename
    if (name !== undefined) defined.add(name)
  })
  const add = (schema: string | undefined, name: string | undefined): void => {
    if (name === undefined || (schema === undefined && defined.has(name))) return
    found.set(`${schema ?? ''}.${name}`, schema === undefined ? { name } : { schema, name })
  }
  walk(root, (node) => {
    const range = as(node, 'RangeVar') ?? targetOf(node)
    if (range !== undefined) add(range.schemaname, range.relname)
  })
  return [...found.values()]
}

/** The target of a data change is a field of its own, not a node. */
function targetOf(node: Node): RangeVar | undefined {
  const change = as(node, 'InsertStmt') ?? as(node, 'UpdateStmt') ?? as(node, 'DeleteStmt') ?? as(node, 'MergeStmt')
  return change?.relation
}

function parametersOf(root: Node): readonly number[] {
  const numbers: number[] = []
  walk(root, (node) => {
    const parameter = as(node, 'ParamRef')
    if (parameter !== undefined) numbers.push(parameter.number ?? 0)
  })
  return numbers
}
