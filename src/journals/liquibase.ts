import { liquibaseChecksums } from './hashes/liquibase-checksum.ts'
import type { JournalFile, JournalRow, ToolJournal } from './journal.ts'
import { edited, inOrderOf, locked, matched } from './reading/match.ts'

const counted: ReadonlySet<string> = new Set(['EXECUTED', 'RERAN', 'MARK_RAN'])

export const liquibase: ToolJournal = {
  id: 'liquibase',
  title: 'Liquibase: databasechangelog, databasechangeloglock',
  layout: 'liquibase',
  tables: [
    { name: 'databasechangelog', columns: ['id', 'author', 'filename', 'orderexecuted', 'exectype'] },
    { name: 'databasechangeloglock', columns: ['locked'] },
  ],
  checks: 'the MD5SUM of each changeset, where it is of version 9 (Liquibase 4.22 and newer)',
  notes: [
    'A changeset is known by author, id and file; the beginning of the path may differ, as it does when a changelog is on the class path.',
    'An MD5SUM of an older version is not checked, nor is that of a changeset with parameters (`${…}`), whose values only Liquibase knows: compare the outcome with `migrate drift`. What `--validCheckSum` allows is allowed.',
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
      differs,
    })
    const lock = locked(rows['databasechangeloglock'], 'locked', 'databasechangeloglock')
    return { ...reading, refused: [...lock, ...failed, ...reading.refused] }
  },
}

function differs({ md5sum }: JournalRow, file: JournalFile): string | undefined {
  const own = ownId(file)
  const { sum, allowed = [] } = liquibaseChecksums(file.text).get(own) ?? {}
  if (md5sum?.startsWith('9:') !== true || sum === undefined || sum === md5sum) return undefined
  const isAllowed = allowed.some((one) => one === md5sum || /^(?:1:)?(?:any|all|\*)$/i.test(one))
  return isAllowed ? undefined : edited(own, 'MD5SUM')
}

/** Author and id; where two files have the same ones, the layout puts the path before them. */
function keyOf(file: JournalFile): string {
  return `${file.path}::${ownId(file)}`
}

function ownId({ id }: JournalFile): string {
  return id.slice(id.lastIndexOf('::') === -1 ? 0 : id.lastIndexOf('::') + 2)
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
