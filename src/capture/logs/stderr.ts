import type { LogEntry } from './entry.ts'
import type { LinePrefix } from './line-prefix.ts'

/** The words that PostgreSQL writes before a message in English. */
const severity =
  /^(.*?)\b(DEBUG\d?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|CONTEXT|STATEMENT|QUERY|LOCATION|BACKTRACE): {2}(.*)$/s

/** What stands below a message and belongs to it. */
const belonging: ReadonlySet<string> = new Set([
  'DETAIL',
  'HINT',
  'CONTEXT',
  'STATEMENT',
  'QUERY',
  'LOCATION',
  'BACKTRACE',
])

interface Open {
  readonly message: string[]
  readonly detail: string[]
  /** Where further lines belong: undefined for what is not read. */
  current: string[] | undefined
  readonly prefix: string
  readonly line: number
}

/** Entries of a log on stderr. Lines that follow begin with a tab; `prefix` says where the user and the database stand. */
export async function* stderrEntries(lines: AsyncIterable<string>, prefix?: LinePrefix): AsyncGenerator<LogEntry> {
  let open: Open | undefined
  let number = 0
  for await (const line of lines) {
    number += 1
    const found = line.startsWith('\t') ? null : severity.exec(line)
    const [, before = '', word = '', text = ''] = found ?? []
    if (found === null) open?.current?.push(line.startsWith('\t') ? line.slice(1) : line)
    else if (belonging.has(word)) {
      if (open !== undefined) open.current = word === 'DETAIL' ? open.detail : undefined
      open?.current?.push(text)
    } else {
      if (open !== undefined) yield entryOf(open, prefix)
      const message = [text]
      open = { message, detail: [], current: message, prefix: before, line: number }
    }
  }
  if (open !== undefined) yield entryOf(open, prefix)
}

function entryOf({ message, detail, prefix: before, line }: Open, prefix: LinePrefix | undefined): LogEntry {
  const named = prefix?.read(before)
  return {
    message: message.join('\n'),
    detail: detail.length === 0 ? undefined : detail.join('\n'),
    user: named?.user ?? null,
    database: named?.database ?? null,
    application: named?.application ?? null,
    line,
  }
}
