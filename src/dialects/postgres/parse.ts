import type { RawStmt } from 'libpg-query'
import type { Span } from '../../core/span.ts'
import type { ParsedSql, Statement, SyntaxProblem } from '../../model/statement.ts'
import { firstCode, lex, openComment } from '../../sql/lexer.ts'
import { offsetsOf, type Offsets } from '../../sql/offsets.ts'
import { splitStatements } from '../../sql/split.ts'
import { innerStatements } from './blocks/inner.ts'
import { cutNamesOf } from './cut-names.ts'
import { featuresOf } from './features.ts'
import { parseTree } from './grammar.ts'
import { isTooDeep } from './nesting.ts'
import { factsOf } from './statement-facts.ts'
import { StatementText } from './statement-text.ts'
import { needsNoTransaction } from './transactions.ts'

/** Reads SQL; `offset` is added to every span. What the grammar refuses is a problem, the rest is still read. */
export function parse(sql: string, offset = 0): ParsedSql {
  if (!/\S/.test(sql)) return { statements: [], problems: [] }
  // The grammar reads up to a NUL and would leave the rest unseen.
  if (sql.includes('\0')) return recover(sql, offset)
  // A byte order mark is one character that the grammar does not know; a space keeps every place.
  const text = sql.startsWith('\ufeff') ? ` ${sql.slice(1)}` : sql
  if (text.length > pieceLength) return inPieces(text, offset)
  return readWhole(text, offset)
}

/** The tree of a text is a hundred times its size, so a long text is read piece by piece. */
const pieceLength = 256 * 1024

function inPieces(text: string, offset: number): ParsedSql {
  const statements: Statement[] = []
  const problems: SyntaxProblem[] = []
  for (const { start, end } of piecesOf(text)) {
    const piece = readWhole(text.slice(start, end), offset + start)
    for (const statement of piece.statements) statements.push(statement)
    for (const problem of piece.problems) problems.push(problem)
  }
  return { statements, problems }
}

/** Whole statements, as many as fit into a piece. */
function piecesOf(text: string): readonly Span[] {
  const pieces: Span[] = []
  let start: number | undefined
  let end = 0
  for (const statement of splitStatements(text)) {
    if (start !== undefined && statement.end - start > pieceLength) {
      pieces.push({ start, end })
      start = undefined
    }
    start ??= statement.start
    end = statement.end
  }
  // The rest is comments, of which one may not be closed.
  if (start !== undefined) pieces.push({ start, end: text.length })
  return pieces
}

function readWhole(text: string, offset: number): ParsedSql {
  if (isTooDeep(text)) return recover(text, offset)
  const answer = parseTree(text)
  if (!answer.accepted) return recover(text, offset)
  return { statements: readAll(text, offset, answer.statements), problems: [] }
}

function readAll(text: string, offset: number, statements: readonly RawStmt[]): readonly Statement[] {
  const offsets = offsetsOf(text)
  return statements.flatMap((raw) => readStatement(text, offset, offsets, raw) ?? [])
}

function readStatement(text: string, offset: number, offsets: Offsets, raw: RawStmt): Statement | undefined {
  if (raw.stmt === undefined) return undefined
  const first = raw.stmt_location ?? 0
  const start = offsets.fromByte(first)
  const end = raw.stmt_len === undefined ? text.length : offsets.fromByte(first + raw.stmt_len)
  const place = withoutComments(text, start, end)
  const statementText = new StatementText(text, offset, offsets, place.start, place.end)
  const features = featuresOf(raw.stmt, statementText)
  const cutNames = cutNamesOf(statementText)
  const inner = innerStatements(raw.stmt, statementText, offset, parse)
  return {
    span: statementText.whole,
    sql: text.slice(place.start, place.end),
    facts: [...factsOf(raw.stmt, statementText), ...(inner ?? []).flatMap(({ facts }) => facts)],
    needsNoTransaction: needsNoTransaction(raw.stmt),
    ...(inner === undefined ? {} : { inner }),
    ...(features.length === 0 ? {} : { features }),
    ...(cutNames.length === 0 ? {} : { cutNames }),
  }
}

/** The parser leaves comments in at the end, and older ones at the start. */
function withoutComments(text: string, start: number, end: number): Span {
  const piece = text.slice(start, end)
  const trimmed = piece.trim()
  const from = start + piece.indexOf(trimmed)
  const to = from + trimmed.length
  if (!/--|\*\//.test(trimmed)) return { start: from, end: to }
  const code = lex(text, from, to).filter(({ kind }) => kind !== 'comment')
  return { start: code[0]?.start ?? from, end: code.at(-1)?.end ?? to }
}

/** One statement after the other, so that a broken one does not hide the others. */
function recover(text: string, offset: number): ParsedSql {
  const statements: Statement[] = []
  const problems: SyntaxProblem[] = []
  for (const place of splitStatements(text)) {
    const whole = readPiece(text, place, offset)
    const behind = whole.problems.length === 0 ? undefined : behindCommands(text, place)
    if (behind !== undefined) {
      problems.push(...whole.problems)
      statements.push(...readPiece(text, behind, offset).statements)
      continue
    }
    const cut = whole.problems.length === 0 ? [] : splitStatements(text.slice(place.start, place.end), 'all semicolons')
    // A parenthesis that is not closed swallows what follows; cut there, the rest can be read.
    const pieces =
      cut.length < 2
        ? [whole]
        : cut.map(({ start, end }) => readPiece(text, { start: place.start + start, end: place.start + end }, offset))
    for (const piece of pieces) {
      statements.push(...piece.statements)
      problems.push(...piece.problems)
    }
  }
  const open = openComment(text)
  if (open !== undefined) {
    const span = { start: offset + open.start, end: offset + open.end }
    const statement = { start: span.start, end: offset + text.length }
    problems.push({ span, statement, message: 'unterminated /* comment: nothing behind it is read' })
  }
  return { statements, problems }
}

/** What follows the last line with a command of psql, such as the one that ends the rows of COPY; SQL is not cut there. */
function behindCommands(text: string, place: Span): Span | undefined {
  const sql = text.slice(place.start, place.end)
  const last = [...sql.matchAll(/^\\.*\n/gm)].at(-1)
  if (last === undefined) return undefined
  const start = firstCode(text, place.start + last.index + last[0].length, place.end)
  return start === undefined ? undefined : { start, end: place.end }
}

function readPiece(text: string, place: Span, offset: number): ParsedSql {
  const sql = text.slice(place.start, place.end)
  const base = offset + place.start
  const nul = sql.indexOf('\0')
  const statement = { start: base, end: offset + place.end }
  if (nul !== -1) {
    const span = { start: base + nul, end: base + nul + 1 }
    return {
      statements: [],
      problems: [{ span, statement, message: 'a NUL character, which the server never accepts' }],
    }
  }
  if (isTooDeep(sql)) return { statements: [unread(sql, statement)], problems: [] }
  const answer = parseTree(sql)
  if (answer.accepted) return { statements: readAll(sql, base, answer.statements), problems: [] }
  const at = offsetsOf(sql).fromCharacter(answer.character)
  const message = psqlText(sql, at) ?? answer.message
  return { statements: [], problems: [{ span: stoppedAt(sql, at, base), statement, message }] }
}

/** pg_dump writes `\restrict` and `\unrestrict` around everything. */
function psqlText(sql: string, at: number): string | undefined {
  const [command] = /^\\[a-z]+/.exec(sql.slice(at)) ?? []
  return command === undefined
    ? undefined
    : `syntax error at or near "\\": ${command} is a command of psql and not SQL, so its line has to go`
}

/** Nothing is known about it, so whatever asks must take it for anything. */
function unread(sql: string, span: Span): Statement {
  const reason = 'It is nested deeper than can be read here.'
  return { span, sql, facts: [{ kind: 'dynamic-sql', span, where: 'elsewhere', reason }], needsNoTransaction: false }
}

/** The token at which the grammar stopped; the last character where it ran out of text. */
function stoppedAt(sql: string, at: number, base: number): Span {
  const token = lex(sql, at)[0]
  if (token === undefined) return { start: base + Math.max(0, sql.length - 1), end: base + sql.length }
  return { start: base + token.start, end: base + token.end }
}
