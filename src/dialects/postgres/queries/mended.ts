import type { Node } from 'libpg-query'
import type { RewrittenQuery } from '../../../model/query.ts'
import { lex, type Token } from '../../../sql/lexer.ts'
import { offsetsOf } from '../../../sql/offsets.ts'
import { as, walk } from '../grammar.ts'
import { constantsOf } from './constants.ts'
import type { Constant } from './constants.ts'
import type { Edit } from './edits.ts'
import { edited, renumbered } from './edits.ts'
import { sharedValues } from './same-expressions.ts'
import { treeOf } from './shape.ts'
import { asCast } from './typed-values.ts'
import { withoutConstants } from './without-constants.ts'

/**
 * A statement as pg_stat_statements shows it, mended where it certainly was another one before its constants were taken
 * out: `interval $1`, `extract($1 from x)` and grouping by an expression with a constant are refused by every server.
 * What constants it still has become
 * parameters too. Undefined where even so the grammar does not accept it.
 */
export function mended(sql: string): RewrittenQuery | undefined {
  const tree = treeOf(sql)
  if (tree === undefined) return undefined
  const changes = new Set<string>()
  const edits = [...listEdits(sql, changes), ...typeEdits(sql, tree, changes)]
  const text = together(edited(sql, edits), changes)
  const rest = withoutConstants(text)
  return rest === undefined ? undefined : { ...rest, changes: [...changes, ...rest.changes] }
}

// Version 18 shows a list of constants as its first: in ($1 /*, ... */)
function listEdits(sql: string, changes: Set<string>): readonly Edit[] {
  const cut = lex(sql).filter(({ kind, start, end }) => kind === 'comment' && sql.slice(start, end) === '/*, ... */')
  if (cut.length > 0) changes.add('a list had one element left')
  return cut.map(({ start, end }) => ({ start: sql.slice(0, start).trimEnd().length, end, text: '' }))
}

function typeEdits(sql: string, tree: Node, changes: Set<string>): readonly Edit[] {
  const offsets = offsetsOf(sql)
  const tokens = lex(sql).filter(({ kind }) => kind !== 'comment')
  const edits: Edit[] = []
  walk(tree, (node) => {
    const cast = as(node, 'TypeCast')
    const value = as(cast?.arg, 'ParamRef')
    if (value !== undefined && cast?.location === -1) {
      const token = tokens.find(({ start }) => start === offsets.fromByte(value.location ?? 0))
      const type = offsets.fromByte(cast.typeName?.location ?? 0)
      if (token !== undefined) edits.push(asCast(sql, type, token, sql.slice(token.start, token.end)))
      changes.add('a type before its constant became a cast')
    }
    const call = as(node, 'FuncCall')
    if (call === undefined || as(call.args?.[0], 'ParamRef') === undefined) return
    const extract = extractEdits(sql, tokens, offsets.fromByte(call.location ?? 0))
    if (extract.length > 0) changes.add('EXTRACT became a call')
    edits.push(...extract)
  })
  return edits
}

/** `extract($1 from x)` as `pg_catalog.extract($1, x)`, which is the same function. */
function extractEdits(sql: string, tokens: readonly Token[], start: number): readonly Edit[] {
  const first = tokens.findIndex((token) => token.start === start)
  const [name, open, field, from] = tokens.slice(first, first + 4)
  if (name === undefined || open === undefined || field?.kind !== 'parameter' || from === undefined) return []
  const words = [name, from].map((token) => sql.slice(token.start, token.end).toLowerCase())
  if (words.join() !== 'extract,from') return []
  return [
    { start, end: start, text: 'pg_catalog.' },
    { start: field.end, end: from.end, text: ',' },
  ]
}

interface Shared {
  readonly numbers: Set<number>
  readonly constants: Constant[]
}

/**
 * Values that must be one and the same become one parameter, and all are numbered anew. Of an expression that stands
 * twice the server keeps one, so that only there its constant is taken out.
 */
function together(sql: string, changes: Set<string>): string {
  const tree = treeOf(sql)
  if (tree === undefined) return sql
  const groups = groupsOf(sql, tree).filter(isCertain)
  if (groups.length === 0) return sql
  changes.add('what is selected and grouped by became the same')
  const one = new Map<number, number>()
  for (const { numbers } of groups) for (const number of numbers) one.set(number, Math.min(...numbers))
  const text = edited(
    sql,
    groups.flatMap(({ numbers, constants }) =>
      constants.map(({ start, end }) => ({ start, end, text: `$${Math.min(...numbers)}` })),
    ),
  )
  const kept = [...new Set(parameterNumbers(text).map((number) => one.get(number) ?? number))].toSorted((a, b) => a - b)
  return renumbered(text, (number) => kept.indexOf(one.get(number) ?? number) + 1)
}

/** A constant that stayed is that of one selected expression; where there are several nobody knows of which. */
function isCertain({ numbers, constants }: Shared): boolean {
  return constants.length === 0 ? numbers.size > 1 : numbers.size === 1
}

function groupsOf(sql: string, tree: Node): readonly Shared[] {
  const constants = new Map(constantsOf(sql, tree).map((constant) => [constant.node, constant]))
  const groups = new Map<string, Shared>()
  for (const [value, share] of sharedValues(tree, 'values are lost')) {
    const group = groups.get(share) ?? { numbers: new Set(), constants: [] }
    groups.set(share, group)
    const constant = constants.get(value)
    if (constant !== undefined) group.constants.push(constant)
    else if ('number' in value && value.number !== undefined) group.numbers.add(value.number)
  }
  return [...groups.values()]
}

function parameterNumbers(sql: string): readonly number[] {
  return lex(sql)
    .filter(({ kind }) => kind === 'parameter')
    .map(({ start, end }) => Number(sql.slice(start + 1, end)))
}
