import { parseJson, textField } from '../../core/json.ts'
import type { LogEntry } from './entry.ts'

/** Entries of a log with a JSON object a line (PostgreSQL 15 and newer). Other lines are passed over. */
export async function* jsonEntries(lines: AsyncIterable<string>): AsyncGenerator<LogEntry> {
  let line = 0
  for await (const text of lines) {
    line += 1
    const value = valueOf(text)
    const message = textField(value, 'message')
    if (message === undefined) continue
    yield {
      message,
      detail: textField(value, 'detail'),
      user: textField(value, 'user') ?? '',
      database: textField(value, 'dbname') ?? '',
      application: textField(value, 'application_name') ?? '',
      line,
    }
  }
}

function valueOf(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
