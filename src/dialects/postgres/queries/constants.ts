import type { A_Const, Node } from 'libpg-query'
import type { Span } from '../../../core/span.ts'
import { lex, type Token } from '../../../sql/lexer.ts'
import { offsetsOf } from '../../../sql/offsets.ts'
import { as, walk } from '../grammar.ts'

/** A constant of a statement, where it stands. */
export interface Constant extends Span {
  readonly node: A_Const
  /** The type of a parameter that the server would treat the same; null: a string, whose type it deduces. */
  readonly type: string | null
  /** Where the name of its type starts, in `date '2026-01-01'`. */
  readonly typed: number | undefined
}

/** Values that say which column or which part is meant: as a parameter they would mean something else. */
const notValues: ReadonlySet<string> = new Set(['typmods', 'arrayBounds', 'pathspec'])

/** The constants of a statement that are written as a string or a number, in the order of the text. */
export function constantsOf(sql: string, root: Node): readonly Constant[] {
  const offsets = offsetsOf(sql)
  const tokens = lex(sql).filter(({ kind }) => kind !== 'comment')
  const places = positionsIn(root)
  const typed = new Map<A_Const, number>()
  const found: Constant[] = []
  const visit = (node: Node): void => {
    const cast = as(node, 'TypeCast')
    const inside = as(cast?.arg, 'A_Const')
    // Only a type before its constant is a cast without a place.
    if (inside !== undefined && cast?.location === -1) typed.set(inside, offsets.fromByte(cast.typeName?.location ?? 0))
    const constant = as(node, 'A_Const')
    if (constant === undefined || places.has(constant)) return
    const span = spanOf(sql, tokens, offsets.fromByte(constant.location ?? 0))
    if (span !== undefined) found.push({ node: constant, ...span, type: typeOf(constant), typed: typed.get(constant) })
  }
  walk(root, visit, notValues)
  return found.toSorted((a, b) => a.start - b.start)
}

/** `ORDER BY 1` and `GROUP BY 1` name a column of the result, and `EXTRACT('year' FROM …)` a field. */
function positionsIn(root: Node): ReadonlySet<A_Const> {
  const found = new Set<A_Const>()
  walk(root, (node) => {
    const select = as(node, 'SelectStmt')
    const named = [
      as(node, 'SortBy')?.node,
      ...(as(node, 'GroupingSet')?.content ?? []),
      ...(select?.groupClause ?? []),
      ...(select?.distinctClause ?? []),
    ]
    for (const one of named) {
      const constant = as(one, 'A_Const')
      if (constant?.ival !== undefined) found.add(constant)
    }
    const call = as(node, 'FuncCall')
    const field = call?.funcformat === 'COERCE_SQL_SYNTAX' ? as(call.args?.[0], 'A_Const') : undefined
    if (field !== undefined && as(call?.funcname?.at(-1), 'String')?.sval === 'extract') found.add(field)
  })
  return found
}

function typeOf({ ival, fval, bsval }: A_Const): string | null {
  if (ival !== undefined) return 'int4'
  if (bsval !== undefined) return 'varbit'
  if (fval === undefined) return null
  const digits = fval.fval ?? ''
  return /^-?\d+$/.test(digits) && BigInt.asIntN(64, BigInt(digits)) === BigInt(digits) ? 'int8' : 'numeric'
}

/** The tokens of the constant that starts there; undefined for a key word such as TRUE or the `year` of EXTRACT. */
function spanOf(sql: string, tokens: readonly Token[], start: number): Span | undefined {
  const first = tokens.findIndex((token) => token.start === start)
  const token = tokens[first]
  if (token === undefined) return undefined
  const next = tokens[first + 1]
  if (sql.charAt(start) === '-' && next?.kind === 'number') return { start, end: next.end }
  if (token.kind === 'number') return { start, end: token.end }
  return token.kind === 'string' ? { start, end: stringEnd(sql, tokens, first) } : undefined
}

/** Strings on lines of their own are one, and `U&'…'` may say what it escapes with. */
function stringEnd(sql: string, tokens: readonly Token[], first: number): number {
  let last = first
  for (let next = tokens[last + 1]; next?.kind === 'string'; next = tokens[last + 1]) {
    if (!sql.slice(tokens[last]?.end, next.start).includes('\n')) break
    last += 1
  }
  const word = tokens[last + 1]
  const escapes = word !== undefined && sql.slice(word.start, word.end).toLowerCase() === 'uescape'
  return tokens[escapes ? last + 2 : last]?.end ?? sql.length
}
