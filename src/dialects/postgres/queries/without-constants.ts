import type { A_Const, Node } from 'libpg-query'
import type { RewrittenQuery } from '../../../model/query.ts'
import { lex } from '../../../sql/lexer.ts'
import { as, mapNodes, sameTree } from '../grammar.ts'
import { constantsOf } from './constants.ts'
import type { Constant } from './constants.ts'
import type { Edit } from './edits.ts'
import { edited } from './edits.ts'
import { sharedValues } from './same-expressions.ts'
import { shapeOf, treeOf } from './shape.ts'
import { asCast } from './typed-values.ts'

/**
 * A statement with a parameter in the place of each constant that may be somebody's data. Undefined where that cannot be
 * done exactly: what comes out is read again and must be the same statement, and no string may be left in it. Comments
 * go too: programs write into them who called what.
 */
export function withoutConstants(given: string): RewrittenQuery | undefined {
  const sql = withoutComments(given)
  const tree = treeOf(sql)
  const shape = shapeOf(sql)
  if (tree === undefined || shape === undefined) return undefined
  const constants = constantsOf(sql, tree)
  const { numbers, types } = numbered(constants, sharedValues(tree, 'values count'), shape.parameters)
  const text = edited(
    sql,
    constants.map((constant) => editOf(sql, constant, `$${numbers.get(constant.node) ?? 0}`)),
  )
  const again = treeOf(text)
  if (again === undefined || holdsStrings(text) || !sameTree(again, withParameters(tree, numbers))) return undefined
  return { sql: text, types, changes: constants.length === 0 ? [] : ['constants became parameters'] }
}

function withoutComments(sql: string): string {
  const comments = lex(sql).filter(({ kind }) => kind === 'comment')
  return edited(
    sql,
    comments.map(({ start, end }) => ({ start, end, text: ' ' })),
  ).trim()
}

interface Numbering {
  readonly numbers: ReadonlyMap<A_Const, number>
  readonly types: readonly (string | null)[]
}

function numbered(constants: readonly Constant[], shared: ReturnType<typeof sharedValues>, taken: number): Numbering {
  const types: (string | null)[] = Array.from({ length: taken }, () => null)
  const numbers = new Map<A_Const, number>()
  const known = new Map<string, number>()
  for (const { node, type } of constants) {
    const share = shared.get(node)
    const number = (share === undefined ? undefined : known.get(share)) ?? types.push(type)
    numbers.set(node, number)
    if (share !== undefined) known.set(share, number)
  }
  return { numbers, types }
}

function editOf(sql: string, { start, end, typed }: Constant, parameter: string): Edit {
  return typed === undefined
    ? { start, end, text: spaced(sql, start, parameter) }
    : asCast(sql, typed, { start, end }, parameter)
}

/** `limit-1`, `in'x'`: what stood for itself beside a word must not become one with it. */
function spaced(sql: string, start: number, parameter: string): string {
  return /[\w$\u0080-\uffff]/.test(sql.charAt(start - 1)) ? ` ${parameter}` : parameter
}

function holdsStrings(sql: string): boolean {
  return lex(sql).some(({ kind }) => kind === 'string')
}

function withParameters(tree: Node, numbers: ReadonlyMap<A_Const, number>): Node {
  return mapNodes(tree, (node) => {
    const constant = as(node, 'A_Const')
    const number = constant === undefined ? undefined : numbers.get(constant)
    return number === undefined ? undefined : { ParamRef: { number } }
  })
}
