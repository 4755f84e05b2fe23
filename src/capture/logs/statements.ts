import { parseJson, textField } from '../../core/json.ts'
import type { RawText } from '../collector.ts'
import type { LogEntry } from './entry.ts'
import { loggedParameters } from './parameters.ts'

/** `log_statement`, `log_min_duration_statement`. What only parses or binds, or fetches further rows, is the same statement again. */
const executed = /^(?:duration: [\d.]+ ms {2})?(?:statement|execute (?!fetch from )[^\n]*?): ([\s\S]*)$/
/** `auto_explain`. */
const explained = /^duration: [\d.]+ ms {2}plan:\s*([\s\S]*)$/

/** A plan that is written in a form from which the text of its query cannot be cut. */
export type LoggedStatement = RawText | 'plan-in-another-form'

/** The statement of an entry; undefined where it holds none. */
export function loggedStatement(entry: LogEntry, file: string): LoggedStatement | undefined {
  const plan = explained.exec(entry.message)?.[1]
  if (plan !== undefined) return explainedStatement(plan, entry, file)
  const sql = executed.exec(entry.message)?.[1]
  return sql === undefined ? undefined : rawText(sql, entry.detail, entry, file)
}

function explainedStatement(plan: string, entry: LogEntry, file: string): LoggedStatement {
  if (!plan.startsWith('{')) return 'plan-in-another-form'
  try {
    const value = parseJson(plan)
    const sql = textField(value, 'Query Text')
    return sql === undefined ? 'plan-in-another-form' : rawText(sql, textField(value, 'Query Parameters'), entry, file)
  } catch {
    return 'plan-in-another-form'
  }
}

function rawText(sql: string, parameters: string | undefined, { line }: LogEntry, file: string): RawText {
  return { sql, parameters: loggedParameters(parameters), calls: 1, from: 'log', place: `${file}:${line}` }
}
