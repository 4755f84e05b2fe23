import type { LogEntry } from './entry.ts'

/** Columns of a log in CSV, counted from 0 (documentation, "Using CSV-Format Log Output"). */
const column = { user: 1, database: 2, message: 13, detail: 14, application: 22 } as const

/** Entries of a log in CSV; a quoted field may hold line ends. */
export async function* csvEntries(lines: AsyncIterable<string>): AsyncGenerator<LogEntry> {
  let number = 0
  let start = 0
  let quotes = 0
  let record: string[] = []
  for await (const line of lines) {
    number += 1
    if (record.length === 0) start = number
    record.push(line)
    quotes += quotesIn(line)
    // Quotes inside a field are doubled, so an odd number says that it goes on in the next line.
    if (quotes % 2 === 1) continue
    yield entryOf(fieldsOf(record.join('\n')), start)
    record = []
    quotes = 0
  }
}

function quotesIn(line: string): number {
  let quotes = 0
  for (let at = line.indexOf('"'); at !== -1; at = line.indexOf('"', at + 1)) quotes += 1
  return quotes
}

function fieldsOf(record: string): readonly string[] {
  return [...record.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  )
}

function entryOf(fields: readonly string[], line: number): LogEntry {
  const detail = fields[column.detail]
  return {
    message: fields[column.message] ?? '',
    detail: detail === '' ? undefined : detail,
    user: fields[column.user] ?? null,
    database: fields[column.database] ?? null,
    application: fields[column.application] ?? null,
    line,
  }
}
