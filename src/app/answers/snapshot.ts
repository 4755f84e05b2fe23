import { resolve } from 'node:path'
import { plural } from '../../core/text.ts'
import type { Answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { snapshotOf } from '../live.ts'
import { snapshotText } from '../snapshot-file.ts'
import { writeOutput } from '../write-output.ts'

export interface SnapshotRequest {
  /** The file to write, relative to the working directory; absent: the text is the answer. */
  readonly output?: string | undefined
}

/** What a live database holds, as a document for `lint`. Changes nothing there. */
export async function answerSnapshot(context: Context, { output }: SnapshotRequest): Promise<Answer> {
  const snapshot = await snapshotOf(context, context.url)
  const text = snapshotText(snapshot)
  if (output === undefined) return { exit: 'ok', json: snapshot, text: () => text }
  await writeOutput(resolve(context.cwd, output), output, text)
  const { server, tables, applied, journal, unread } = snapshot
  const json = { version: 1, output, server, tables: tables.length, applied: applied?.length, journal, unread }
  const history = applied === undefined ? withoutJournal(journal) : `${plural(applied.length, 'migration')} applied`
  const said = `Wrote ${output}: PostgreSQL ${server}, ${plural(tables.length, 'table')}, ${history}.\n${unreadText(unread)}`
  return { exit: 'ok', json, text: () => said }
}

function unreadText(kinds: readonly string[] | undefined): string {
  return kinds === undefined
    ? ''
    : `The role may read nothing of these kinds, so that they are not in it: ${kinds.join(', ')}.\n`
}

function withoutJournal(journal: 'unreadable' | undefined): string {
  return journal === undefined ? 'no journal' : 'a journal that the role may not read, so what is applied is not known'
}
