import { ToolkitError } from '../core/errors.ts'
import { positionAt } from '../core/span.ts'
import { indent } from '../core/text.ts'
import { formatDuration } from '../core/time.ts'
import { adviceFor } from '../db/advice.ts'
import { type DatabaseError, sqlStateOf } from '../db/database-error.ts'
import { missingGrant } from '../db/missing-grant.ts'
import type { Statement } from '../model/statement.ts'
import type { LimitClass } from './limits.ts'
import type { SectionWork } from './section.ts'
import { HeldOthersUp } from './watch/cancelled.ts'

/** Under which limit of the configuration a statement was. */
export interface UnderLimit {
  readonly name: LimitClass
  /** Milliseconds; 0: none. */
  readonly ms: number
}

/** A migration that the server refused and that is rolled back as a whole. `statement` undefined: COMMIT failed. */
export function migrationFailed(
  work: SectionWork,
  error: DatabaseError,
  statement: Statement | undefined,
  limit: UnderLimit | undefined,
): ToolkitError {
  return new ToolkitError({
    code: 'migration-failed',
    message: `${title(work)} failed and was rolled back: ${error.message}${stateText(error)}`,
    ...(statement === undefined ? {} : { at: placeOf(work, error, statement) }),
    ...detailsOf(error, statement),
    hint: `Nothing of it is left in the database. ${nextStep(error, limit) ?? 'Correct the file and run the command again.'}`,
    cause: error,
  })
}

/** The connection broke before COMMIT was sent, so the server has rolled back, or does so as soon as it notices. */
export function connectionLost(work: SectionWork, error: ToolkitError, statement: Statement | undefined): ToolkitError {
  const where = statement === undefined ? '' : ` at statement ${work.statements.indexOf(statement) + 1}`
  const advice = adviceFor(sqlStateOf(error)) ?? 'Run the command again when the server answers.'
  return new ToolkitError({
    code: 'connection-lost',
    message: `${title(work)} was rolled back${where}. ${error.message}`,
    hint: `Nothing of it is left in the database. ${advice}`,
    cause: error.cause,
  })
}

/** What to do about an answer that is not about the SQL. */
function nextStep(error: DatabaseError, limit: UnderLimit | undefined): string | undefined {
  if (error instanceof HeldOthersUp)
    return 'Reads and writes waited for it longer than run.limits.stall allows. Take the way that does not block them (migrate lint says which), or run it when nobody is there and raise the limit.'
  return grantAdvice(error) ?? timeAdvice(error, limit) ?? adviceFor(error.sqlState)
}

/** 57014 is said of a time limit and of a cancellation alike. */
function timeAdvice({ sqlState }: DatabaseError, limit: UnderLimit | undefined): string | undefined {
  if (sqlState !== '57014' || limit === undefined || limit.ms === 0) return undefined
  const { name, ms } = limit
  return `Its time limit was up (run.limits.${name}: ${formatDuration(ms)}, unless the file sets its own), or somebody cancelled it. Where it needs longer, raise run.limits.${name} in the configuration; who cancelled it stands in the log of the server.`
}

/** A section outside one transaction that stopped between its first and its last statement. */
export function migrationHalfway(
  work: SectionWork,
  error: DatabaseError,
  statement: Statement,
  limit: UnderLimit,
): ToolkitError {
  const number = work.statements.indexOf(statement) + 1
  return new ToolkitError({
    code: 'migration-halfway',
    message:
      `${title(work)} stopped at statement ${number} of ${work.statements.length}, which runs outside a transaction: ` +
      `${error.message}${stateText(error)}`,
    at: placeOf(work, error, statement),
    ...detailsOf(error, statement),
    hint: `${grantAdvice(error) ?? timeAdvice(error, limit) ?? adviceFor(error.sqlState) ?? 'Remove the cause and run the command again.'} It goes on at statement ${number}, after looking at what is there. Where you did it by hand: migrate repair ${work.migration} --done`,
    cause: error,
  })
}

function grantAdvice(error: DatabaseError): string | undefined {
  const grant = missingGrant(error)
  return grant === undefined ? undefined : `Give the role what it lacks (${grant}) and run the command again.`
}

function title(work: SectionWork): string {
  return work.direction === 'up'
    ? `Migration ${work.migration} (${work.name})`
    : `The downgrade of ${work.migration} (${work.name})`
}

function stateText(error: DatabaseError): string {
  return error.sqlState === undefined ? '' : ` (SQLSTATE ${error.sqlState})`
}

function placeOf(work: SectionWork, error: DatabaseError, statement: Statement): NonNullable<ToolkitError['at']> {
  const offset = error.position === undefined ? 0 : unitsBefore(statement.sql, error.position - 1)
  return { path: work.source.path, ...positionAt(work.source.text, statement.span.start + offset) }
}

/** The server counts characters, JavaScript counts UTF-16 code units. */
function unitsBefore(sql: string, characters: number): number {
  return [...sql].slice(0, characters).join('').length
}

/** Longer statements are cut: the place says where to look. */
const excerptLines = 8

function detailsOf(error: DatabaseError, statement: Statement | undefined): { details: string } | object {
  const parts: string[] = []
  if (statement !== undefined) {
    const lines = statement.sql.split(/\r?\n/)
    const cut = lines.length > excerptLines ? [...lines.slice(0, excerptLines), '…'] : lines
    parts.push(indent(cut.join('\n'), 2))
  }
  if (error.detail !== undefined) parts.push(`Detail: ${error.detail}`)
  if (error.serverHint !== undefined) parts.push(`Server's hint: ${error.serverHint}`)
  return parts.length === 0 ? {} : { details: parts.join('\n') }
}
