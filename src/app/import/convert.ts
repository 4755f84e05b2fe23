import { asWritten } from '../../core/placeholder.ts'
import type { ParsedMigration, Section } from '../../model/migration.ts'
import { type ParsedSql, type Statement, inOneTransaction } from '../../model/statement.ts'

/** A migration of another tool as a file of ours. */
export interface Converted {
  readonly from: ParsedMigration
  readonly id: string
  /** The file's name, without a directory. */
  readonly fileName: string
  readonly text: string
}

/** Why a migration cannot be written as a file of ours, as a sentence. */
export interface Unconverted {
  readonly from: ParsedMigration
  readonly why: string
}

/** Files of ours that say what another tool's migrations say, in their order. Pure. */
export function convert(history: readonly ParsedMigration[]): readonly (Converted | Unconverted)[] {
  const ids = idsFor(history)
  return history.map((from, index) => {
    const why = obstacle(from)
    if (why !== undefined) return { from, why }
    const id = ids[index] ?? ''
    return { from, id, fileName: `${id}_${partsOf(from).words}.sql`, text: textOf(from) }
  })
}

/** `20260101093000`, `2026-01-01_books`: the number that an id begins with, and the words behind it. */
function partsOf({ id, name }: ParsedMigration): { readonly digits: string | undefined; readonly words: string } {
  const [whole, number] = /^(\d[\d-]*)(?:_|$)/.exec(id) ?? []
  const rest = whole === undefined ? '' : id.slice(whole.length)
  return { digits: number?.replaceAll('-', ''), words: wordsOf(rest === '' ? name : rest) }
}

/** The numbers that ids begin with, as long as they keep the order; else the place in the history. */
function idsFor(history: readonly ParsedMigration[]): readonly string[] {
  const digits = history.map((migration) => partsOf(migration).digits)
  const numbers = digits.map((text) => (text === undefined ? undefined : BigInt(text)))
  const isAscending = numbers.every((number, index) => {
    const before = index === 0 ? -1n : numbers[index - 1]
    return number !== undefined && before !== undefined && number > before
  })
  return history.map((_, index) => (isAscending ? digits[index] : undefined) ?? String(index + 1).padStart(4, '0'))
}

function wordsOf(name: string): string {
  const words = name.toLowerCase().match(/[\p{Letter}\p{Number}]+/gu)
  return words?.join('_') ?? 'migration'
}

function obstacle(migration: ParsedMigration): string | undefined {
  const { up, upSql, down, downSql } = migration
  return sectionObstacle(up, upSql) ?? (down.kind === 'sql' ? sectionObstacle(down.section, downSql) : undefined)
}

function sectionObstacle(section: Section, sql: ParsedSql): string | undefined {
  const problem = section.problems?.[0] ?? sql.problems[0]
  if (problem !== undefined) return problem.message
  const hidden = section.hidden?.[0]
  if (hidden !== undefined) return hidden.reason
  if (asWritten(section.sql) !== section.sql) return 'It holds a placeholder that its tool replaces.'
  const control = inner(sql.statements).find(isTransaction)
  return control === undefined ? undefined : `"${control.sql}" begins or ends a transaction in its middle.`
}

function isTransaction({ facts }: Statement): boolean {
  return facts.some(
    (fact) => fact.kind === 'transaction' && !['savepoint', 'release', 'rollback-to'].includes(fact.action),
  )
}

/** Without the BEGIN and COMMIT around all of them. */
export function inner(statements: readonly Statement[]): readonly Statement[] {
  return hasFrame(statements) ? statements.slice(1, -1) : statements
}

function hasFrame(statements: readonly Statement[]): boolean {
  const [first, last] = [statements[0], statements.at(-1)]
  return is(first, 'begin') && is(last, 'commit')
}

function is(statement: Statement | undefined, action: string): boolean {
  return statement?.facts.some((fact) => fact.kind === 'transaction' && fact.action === action) ?? false
}

function textOf({ up, upSql, down, downSql, tool }: ParsedMigration): string {
  const upgrade = `-- migrate:up${optionsOf(up, upSql)}\n${bodyOf(up, upSql)}`
  if (down.kind === 'sql')
    return `${upgrade}\n-- migrate:down${optionsOf(down.section, downSql)}\n${bodyOf(down.section, downSql)}`
  const reason = down.kind === 'none' ? down.reason : `${tool?.name ?? 'its tool'} had no downgrade for it`
  return `${upgrade}\n-- migrate:down none because ${reason}\n`
}

/** A text that was sent as one query is a transaction of the server; a statement that refuses one is found by the parser. */
function optionsOf(section: Section, { statements }: ParsedSql): string {
  const isAlone = !section.transaction && !hasFrame(statements) && statements.length > 1
  const isMixed =
    section.transaction && !inOneTransaction(section, { statements, problems: [] }) && statements.length > 1
  return isAlone || isMixed ? ' transaction:false' : ''
}

function bodyOf(section: Section, { statements }: ParsedSql): string {
  if (statements.length === 0) return '-- It holds no statement.\nselect 1;\n'
  const base = section.span.start
  const [first, last] = [statements[0], statements.at(-1)]
  const text =
    hasFrame(statements) && first !== undefined && last !== undefined
      ? section.sql.slice(0, first.span.start - base) +
        section.sql.slice(first.span.end - base, last.span.start - base).replace(/^\s*;/, '')
      : section.sql
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  // What is blank was a word of the tool.
  const kept = lines
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/^\n+/, '')
    .trimEnd()
  return `${kept.endsWith(';') || endsInComment(kept) ? kept : `${kept};`}\n`
}

/** A semicolon behind a line comment would be a part of it. */
function endsInComment(text: string): boolean {
  return /(?:^|\n)\s*--[^\n]*$/.test(text)
}
