import type { JournalFile, JournalRow, ToolJournal } from './journal.ts'
import { inOrderOf, locked, matched } from './reading/match.ts'

const counted: ReadonlySet<string> = new Set(['EXECUTED', 'RERAN', 'MARK_RAN'])

export const liquibase: ToolJournal = {
  id: 'liquibase',
  title: 'Liquibase: databasechangelog, databasechangeloglock',
  layout: 'liquibase',
  tables: [
    { name: 'databasechangelog', columns: ['id', 'author', 'filename', 'orderexecuted', 'exectype'] },
    { name: 'databasechangeloglock', columns: ['locked'] },
  ],
  notes: [
    'A changeset is known by author, id and file; the beginning of the path may differ, as it does when a changelog is on the class path.',
    'Its MD5SUM is not checked: it is taken over the changes as Liquibase understands them, not over the file. Compare the outcome with `migrate drift`.',
    'Changesets that failed, and a lock that is taken, are refused. What was skipped is pending.',
  ],
  read: ({ rows, files }) => {
    const all = inOrderOf('orderexecuted', rows['databasechangelog'] ?? [])
    const failed = all
      .filter(({ exectype }) => exectype !== 'SKIPPED' && !counted.has(exectype ?? ''))
      .map(({ author, id, exectype }) => `${author ?? ''}:${id ?? ''} is in state ${exectype ?? 'unknown'}.`)
    const run = all.filter(({ exectype }) => counted.has(exectype ?? ''))
    const reading = matched({
      rows: run.map((row) => ({ ...row, key: keyIn(row, files) })),
      files,
      ofRow: ({ key }) => key ?? '',
      ofFile: keyOf,
      at: 'dateexecuted',
    })
    const lock = locked(rows['databasechangeloglock'], 'locked', 'databasechangeloglock')
    return { ...reading, refused: [...lock, ...failed, ...reading.refused] }
  },
}

/** Author and id; where two files have the same ones, the layout puts the path before them. */
function keyOf({ id, path }: JournalFile): string {
  return `${path}::${id.slice(id.lastIndexOf('::') === -1 ? 0 : id.lastIndexOf('::') + 2)}`
}

function keyIn({ author, id, filename }: JournalRow, files: readonly JournalFile[]): string {
  const own = `${author ?? ''}:${id ?? ''}`
  const written = (filename ?? '').replace(/^classpath:/, '')
  const found = files.find(
    (file) => keyOf(file).endsWith(`::${own}`) && (isTail(file.path, written) || isTail(written, file.path)),
  )
  return found === undefined ? `${own} of ${written}` : keyOf(found)
}

function isTail(path: string, tail: string): boolean {
  return path === tail || path.endsWith(`/${tail}`)
}
