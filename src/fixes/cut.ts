import type { Span } from '../core/span.ts'
import type { Finding, FindingFix } from '../model/finding.ts'
import type { ParsedMigration, Phase } from '../model/migration.ts'
import type { Statement } from '../model/statement.ts'
import { upSource } from '../lint/source-of.ts'
import type { LayoutWriter, TextOf } from '../layouts/layout.ts'
import { joined, piecesOf, withBody, withoutFrame } from './pieces.ts'
import type { Piece } from './pieces.ts'

/** A piece of an upgrade that becomes a migration. */
export interface CutPart {
  readonly statements: readonly Statement[]
  readonly up: string
  readonly transaction: boolean
  /** It is one statement that the server refuses in a transaction. */
  readonly alone: boolean
  readonly phase?: Phase
}

/** The parts, or why there are none. */
export type Cut = { readonly parts: readonly CutPart[] } | { readonly reason: string }

/** How the files of a layout are written, and what they are now. */
export interface CutFiles {
  readonly writer: LayoutWriter
  readonly textOf: TextOf
}

/** Cuts an upgrade around the statement of a finding; the order of its statements stays. */
export function cut(migration: ParsedMigration, finding: Finding, fix: FindingFix, files: CutFiles): Cut {
  const source = upSource(migration)
  const refused = refusal(migration, fix, files)
  if (refused !== undefined) return { reason: refused }
  const all = piecesOf(source.text, migration.up.span, migration.upSql.statements)
  if (all === undefined) return { reason: 'where its statements end is not clear' }
  const { pieces, framed } =
    files.writer.framesTransactions === true ? withoutFrame(all) : { pieces: all, framed: false }
  if (pieces.some(({ statement }) => statement.facts.some(({ kind }) => kind === 'transaction')))
    return { reason: 'it begins or ends transactions itself' }
  const isOwn = (span: Span): boolean => finding.file.path === source.path && span.start === finding.within.start
  const at = pieces.findIndex(({ statement }) => isOwn(statement.span))
  if (at === -1) return { reason: 'only upgrades are cut' }
  const groups = groupsOf(pieces, at, fix)
  const alone = fix.kind === 'own-transaction'
  const lost = alone ? pieces.slice(0, at).find((piece) => isSetting(piece) && !setsTimeout(piece)) : undefined
  if (lost !== undefined) return { reason: `it would not run with the setting of "${lost.statement.sql}"` }
  if (groups.length < 2 && !alone) return { reason: 'the statement is alone in its migration already' }
  const newline = source.text.includes('\r\n') ? '\r\n' : '\n'
  const transaction = framed || migration.up.transaction
  return { parts: groups.map((group) => partOf(group, { transaction, pieces, at, fix, newline })) }
}

function refusal(migration: ParsedMigration, fix: FindingFix, { writer, textOf }: CutFiles): string | undefined {
  if (fix.kind === 'own-transaction' && writer.alwaysInTransaction !== undefined) return writer.alwaysInTransaction
  if (migration.upSql.problems.length > 0) return 'it holds a statement that cannot be read'
  const facts = migration.upSql.statements.flatMap((statement) => statement.facts)
  if (facts.some((fact) => (fact.kind === 'create-table' || fact.kind === 'create-table-as') && fact.temporary))
    return 'it uses a temporary table'
  return writer.refuses?.(migration, textOf)
}

/** Before the statement, the statement, and after it. What holds nothing but settings is no migration. */
function groupsOf(pieces: readonly Piece[], at: number, fix: FindingFix): readonly (readonly Piece[])[] {
  const rest = fix.kind === 'next-migration' ? [pieces.slice(at)] : [pieces.slice(at, at + 1), pieces.slice(at + 1)]
  return [pieces.slice(0, at), ...rest].filter((group) => group.some((piece) => !isSetting(piece)))
}

interface CutContext {
  /** Whether what is cut runs in a transaction. */
  readonly transaction: boolean
  readonly pieces: readonly Piece[]
  readonly at: number
  readonly fix: FindingFix
  readonly newline: string
}

function partOf(group: readonly Piece[], { transaction, pieces, at, fix, newline }: CutContext): CutPart {
  const [first] = group
  const found = pieces[at]
  const holds = found !== undefined && group.includes(found)
  const alone = holds && fix.kind === 'own-transaction'
  const start = first === undefined ? 0 : pieces.indexOf(first)
  // Each transaction has to be told its settings again.
  const settings = alone ? [] : pieces.slice(0, start).filter(isSetting)
  const own = alone && fix.sql !== undefined ? group.map((piece) => withBody(piece, fix.sql ?? '')) : group
  const phase = holds && fix.kind === 'next-migration' ? fix.phase : undefined
  const repeated = settings.map(({ statement }) => `${statement.sql};${newline}`).join('')
  return {
    statements: [...settings, ...group].map(({ statement }) => statement),
    up: repeated + joined(own, newline),
    transaction: !alone && transaction,
    alone,
    ...(phase === undefined ? {} : { phase }),
  }
}

function isSetting({ statement: { facts } }: Piece): boolean {
  return facts.length > 0 && facts.every(({ kind }) => kind === 'set-setting')
}

function setsTimeout({ statement: { facts } }: Piece): boolean {
  return facts.every((fact) => fact.kind === 'set-setting' && fact.setting.endsWith('_timeout'))
}
