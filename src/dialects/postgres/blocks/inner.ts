import type { Node } from 'libpg-query'
import type { Span } from '../../../core/span.ts'
import type { DynamicSql } from '../../../model/fact.ts'
import type { ParsedSql, Statement } from '../../../model/statement.ts'
import type { Token } from '../../../sql/lexer.ts'
import type { StatementText } from '../statement-text.ts'
import { bodyOf, literalText } from './body.ts'
import type { LiteralText } from './body.ts'
import { piecesOf } from './pieces.ts'
import type { Piece } from './pieces.ts'
import { respanned } from './respanned.ts'

type Parse = (sql: string, offset: number) => ParsedSql

/**
 * The statements that a DO block runs, at their places in the file: those that are written out, and those of EXECUTE
 * with a text that is written there. What is put together at run time is a statement of `dynamic-sql`. Undefined where
 * the body cannot be followed. `offset`: what to add to offsets of the text that was parsed.
 */
export function innerStatements(
  statement: Node,
  text: StatementText,
  offset: number,
  parse: Parse,
): readonly Statement[] | undefined {
  const body = bodyOf(statement, text)
  const pieces = body === undefined ? undefined : piecesOf(body.text)
  if (body === undefined || pieces === undefined) return undefined
  const at = { body, offset, parse }
  return pieces.flatMap((piece) =>
    read(piece, at).map((one) => (piece.mayRun ? { ...one, mayRun: true as const } : one)),
  )
}

interface Place {
  readonly body: LiteralText
  readonly offset: number
  readonly parse: Parse
}

function read(piece: Piece, place: Place): readonly Statement[] {
  switch (piece.kind) {
    case 'sql':
      return statementOf(piece, place)
    case 'expression':
      return callsOf(piece, place)
    case 'execute':
      return executed(piece, place)
    case 'control':
      return [hidden(piece.span, place, 'What belongs to one transaction is decided by the block when it runs.')]
  }
}

/** A statement as the server sees it: without INTO, and with SELECT for PERFORM. */
function statementOf({ span, tokens }: Piece, place: Place): readonly Statement[] {
  const { text } = place.body
  const written = withoutTargets(text, span, tokens)
  const isPerform = /^perform\b/i.test(written)
  // As long as PERFORM, with its space.
  const sql = isPerform ? `select ${written.slice('perform'.length)}` : written
  const { statements, problems } = parsed(sql, span, place)
  return problems.length > 0 ? [hidden(span, place, unreadable)] : statements
}

/** Calls in an expression, which may run anything. */
function callsOf({ span }: Piece, place: Place): readonly Statement[] {
  const sql = `select ${place.body.text.slice(span.start, span.end)}`
  const { statements, problems } = place.parse(sql, 0)
  if (problems.length > 0) return [hidden(span, place, unreadable)]
  const calls = statements.filter(({ facts }) =>
    facts.some((fact) => fact.kind !== 'select' || fact.functions.length > 0),
  )
  return calls.map((one) => respanned(one, fileSpan(span, place)))
}

const unreadable = 'A statement of the block is not understood.'

function executed({ span, tokens }: Piece, place: Place): readonly Statement[] {
  const { text } = place.body
  const [first, second] = tokens
  const next = second === undefined ? '' : text.slice(second.start, second.end).toLowerCase()
  const isAlone = second === undefined || next === 'into' || next === 'using'
  const literal = first?.kind === 'string' && isAlone ? literalText(text, first) : undefined
  const at = first === undefined ? span : { start: first.start, end: tokens.at(-1)?.end ?? first.end }
  if (literal === undefined) return [hidden(at, place, 'The text of an EXECUTE is put together when it runs.')]
  const inner = { start: literal.from ?? literal.literal.start, end: literal.literal.end }
  const { statements, problems } =
    literal.from === undefined
      ? shifted(place.parse(literal.text, 0), fileSpan(literal.literal, place))
      : parsed(literal.text, inner, place)
  return problems.length > 0 ? [hidden(at, place, 'The text of an EXECUTE is not understood.')] : statements
}

/** `sql` stands at `span` of the body. */
function parsed(sql: string, span: Span, place: Place): ParsedSql {
  const { from } = place.body
  if (from === undefined) return shifted(place.parse(sql, 0), fileSpan(span, place))
  return place.parse(sql, from + span.start + place.offset)
}

/** Where nobody can say which character stands where, everything stands at the literal. */
function shifted({ statements, problems }: ParsedSql, span: Span): ParsedSql {
  return { statements: statements.map((one) => respanned(one, span)), problems }
}

function fileSpan({ start, end }: Span, { body, offset }: Place): Span {
  const { from, literal } = body
  return from === undefined
    ? { start: literal.start + offset, end: literal.end + offset }
    : { start: from + start + offset, end: from + end + offset }
}

function hidden(span: Span, place: Place, reason: string): Statement {
  const at = fileSpan(span, place)
  const fact: DynamicSql = { kind: 'dynamic-sql', span: at, where: 'do-block', reason }
  return { span: at, sql: place.body.text.slice(span.start, span.end), facts: [fact], needsNoTransaction: false }
}

/** `INTO [STRICT] variable, …` as blanks, so that everything else keeps its place. */
function withoutTargets(text: string, span: Span, tokens: readonly Token[]): string {
  const into = intoIn(text, tokens)
  if (into === undefined) return text.slice(span.start, span.end)
  const { start, end } = into
  return text.slice(span.start, start) + text.slice(start, end).replaceAll(/[^\n]/g, ' ') + text.slice(end, span.end)
}

const mayHaveTargets: ReadonlySet<string> = new Set(['select', 'with', 'insert', 'update', 'delete', 'merge', 'values'])

function intoIn(text: string, tokens: readonly Token[]): Span | undefined {
  const word = (index: number): string => {
    const token = tokens[index]
    return token === undefined ? '' : text.slice(token.start, token.end).toLowerCase()
  }
  if (!mayHaveTargets.has(word(0))) return undefined
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    if (word(index) === '(') depth += 1
    if (word(index) === ')') depth -= 1
    const isInto = token.kind === 'word' && word(index) === 'into'
    if (!isInto || depth > 0 || word(index - 1) === 'insert' || word(index - 1) === 'merge') continue
    const last = lastTarget(word, index + (word(index + 1) === 'strict' ? 2 : 1))
    return { start: token.start, end: tokens[last]?.end ?? token.end }
  }
  return undefined
}

/** Index of the last token of `a, b.c, d[1]`, which starts at `index`. */
function lastTarget(word: (index: number) => string, index: number): number {
  let last = index
  for (;;) {
    const next = word(last + 1)
    if (next === '.' || next === ',') last += 2
    else if (next === '[') {
      while (word(last) !== ']' && word(last) !== '') last += 1
    } else return last
  }
}
