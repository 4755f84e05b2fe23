import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Collector } from '../../capture/collector.ts'
import { openLines } from '../../capture/lines.ts'
import type { LogEntry } from '../../capture/logs/entry.ts'
import { linePrefix } from '../../capture/logs/line-prefix.ts'
import { logEntries } from '../../capture/logs/read.ts'
import { loggedStatement } from '../../capture/logs/statements.ts'
import { ToolkitError } from '../../core/errors.ts'
import { fileReason } from '../../core/file-reason.ts'
import { formatBytes } from '../../core/bytes.ts'
import { listOf } from '../../core/text.ts'
import type { Context } from '../context.ts'
import { expandFiles } from './expand.ts'
import type { CaptureRequest } from './request.ts'

/** How often progress is told: in messages of a log. */
const tellEvery = 2000

/**
 * Gives the statements of logs to the collector.
 *
 * @throws ToolkitError `file-unreadable`, `queries-unavailable` for a log without statements, `command-invalid` where what
 * is asked for cannot be told from the log
 */
export async function captureLogs(context: Context, request: CaptureRequest, collector: Collector): Promise<void> {
  const databases = new Set<string>()
  for (const file of expandFiles(request.fromLog, context.cwd, '.log')) {
    const seen = await captureLog(context, request, collector, file)
    for (const one of seen) databases.add(one)
  }
  if (databases.size > 1) throw severalDatabases(databases)
}

async function captureLog(
  context: Context,
  request: CaptureRequest,
  collector: Collector,
  file: string,
): Promise<ReadonlySet<string>> {
  const path = resolve(context.cwd, file)
  const databases = new Set<string>()
  let entries = 0
  let statements = 0
  let otherPlans = 0
  try {
    const { size } = statSync(path)
    const { lines, bytesRead } = openLines(path)
    const prefix = request.logLinePrefix === undefined ? undefined : linePrefix(request.logLinePrefix)
    for await (const entry of logEntries(lines, prefix)) {
      entries += 1
      if (entries % tellEvery === 0)
        request.onProgress(`${file}: ${formatBytes(bytesRead())} of ${formatBytes(size)} read`)
      const statement = loggedStatement(entry, file)
      if (statement === undefined) continue
      statements += 1
      if (statement === 'plan-in-another-form') otherPlans += 1
      else if (isWanted(entry, request, file)) {
        if (entry.database !== null) databases.add(entry.database)
        if (isOwn(entry)) collector.leaveOut('own')
        else collector.add(statement)
      }
    }
  } catch (error) {
    if (error instanceof ToolkitError) throw error
    throw unreadable(file, error)
  }
  if (statements === 0) throw noStatements(file)
  if (otherPlans === statements) throw noJson(file)
  collector.leaveOut('plan', file, otherPlans)
  return databases
}

function isWanted({ user, database }: LogEntry, { roles, database: wanted }: CaptureRequest, file: string): boolean {
  if ((wanted !== undefined && database === null) || (roles.length > 0 && user === null)) throw notTold(file)
  return (wanted === undefined || database === wanted) && (roles.length === 0 || roles.includes(user ?? ''))
}

/** Sessions of this tool call themselves `migrate`. */
function isOwn({ application }: LogEntry): boolean {
  return application !== null && /^migrate\b/.test(application)
}

function severalDatabases(databases: ReadonlySet<string>): ToolkitError {
  return new ToolkitError({
    code: 'command-invalid',
    message: `The log holds statements of several databases: ${listOf([...databases].toSorted())}.`,
    hint: 'Say which is meant: --database NAME',
  })
}

function notTold(file: string): ToolkitError {
  return new ToolkitError({
    code: 'command-invalid',
    message: `"${file}" does not say in a known place who sent a statement, and to which database.`,
    hint: "Give the server's setting: --log-line-prefix '%m [%p] %u@%d '. Logs in CSV and JSON always say it.",
  })
}

function noStatements(file: string): ToolkitError {
  return new ToolkitError({
    code: 'queries-unavailable',
    message: `"${file}" holds no statement.`,
    hint: "It has to be a log of PostgreSQL with log_statement = 'all', log_min_duration_statement = 0 or auto_explain in JSON, and lc_messages = 'C'.",
  })
}

function noJson(file: string): ToolkitError {
  return new ToolkitError({
    code: 'queries-unavailable',
    message: `The plans in "${file}" are not written as JSON, so the texts of their queries cannot be told.`,
    hint: "Set auto_explain.log_format = 'json'.",
  })
}

function unreadable(file: string, cause: unknown): ToolkitError {
  return new ToolkitError({
    code: 'file-unreadable',
    message: `"${file}" cannot be read: ${fileReason(cause)}`,
    hint: 'Check the path and its permissions.',
    cause,
  })
}
