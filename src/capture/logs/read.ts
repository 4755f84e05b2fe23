import { csvEntries } from './csvlog.ts'
import type { LogEntry } from './entry.ts'
import { formOf } from './entry.ts'
import { jsonEntries } from './jsonlog.ts'
import type { LinePrefix } from './line-prefix.ts'
import { stderrEntries } from './stderr.ts'

/** Entries of a log whose form its first line tells. */
export async function* logEntries(lines: AsyncIterable<string>, prefix?: LinePrefix): AsyncGenerator<LogEntry> {
  const { first, all } = await withFirst(lines)
  const form = formOf(first)
  if (form === 'jsonlog') yield* jsonEntries(all)
  else if (form === 'csvlog') yield* csvEntries(all)
  else yield* stderrEntries(all, prefix)
}

async function withFirst(lines: AsyncIterable<string>): Promise<{ first: string; all: AsyncIterable<string> }> {
  const iterator = lines[Symbol.asyncIterator]()
  const seen: string[] = []
  let first = ''
  while (first === '') {
    const next = await iterator.next()
    if (next.done === true) break
    seen.push(next.value)
    first = next.value.replace(/^\ufeff/, '').trim()
  }
  return { first, all: continued(seen, iterator) }
}

async function* continued(seen: readonly string[], iterator: AsyncIterator<string>): AsyncGenerator<string> {
  yield* seen
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
}
