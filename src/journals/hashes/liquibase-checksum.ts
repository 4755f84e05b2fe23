import { createHash } from 'node:crypto'

/** What Liquibase takes for the same changeset. */
export interface LiquibaseChecksum {
  /** As in MD5SUM; undefined where a parameter stands in the SQL, whose value only Liquibase knows. */
  readonly sum: string | undefined
  /** What its lines `--validCheckSum` allow besides. */
  readonly allowed: readonly string[]
}

/**
 * The checksums of version 9 (Liquibase 4.22 and newer) of the changesets of a formatted SQL file, by author and id as
 * in `anna:1`. MD5 over the SQL without blanks and line ends, and again over that with its version before and a colon
 * behind it, as for any list of changes. Lines that are for Liquibase are no SQL; all other comments are. Taken from the
 * sources of Liquibase: AbstractFormattedChangeLogParser, AbstractSQLChange.NormalizingStream, ChangeSet, CheckSum.
 */
export function liquibaseChecksums(text: string): ReadonlyMap<string, LiquibaseChecksum> {
  const found = new Map<string, { readonly lines: string[]; readonly allowed: string[] }>()
  let current: { readonly lines: string[]; readonly allowed: string[] } | undefined
  for (const line of ownLines(text)) {
    const [, author, id] = changeset.exec(line) ?? []
    const allowed = /^--\s*validCheckSum:? (.*)$/i.exec(line)?.[1]
    if (author !== undefined && id !== undefined) {
      current = { lines: [], allowed: [] }
      found.set(`${unquoted(author)}:${unquoted(id)}`, current)
    } else if (allowed !== undefined) current?.allowed.push(allowed.trim())
    else if (!directives.some((directive) => directive.test(line))) current?.lines.push(line)
  }
  return new Map([...found].map(([name, { lines, allowed }]) => [name, { sum: sumOf(lines.join('\n')), allowed }]))
}

const changeset = /^\s*--\s*changeset\s+("[^"]+"|[^:]+):\s*("[^"]+"|\S+).*$/i

const directives = [
  /^\s*--\s*property\s+.*:.*\s+.*:.*$/i,
  /^--\s*comment:? .*$/i,
  /^\s*--\s*rollback .*$/i,
  /^\s*--\s*preconditions.*$/i,
  /^\s*--\s*precondition-[a-z0-9-]+(?: .*)?$/i,
]

/** The lines without those that are ignored, and without rollbacks in comments of several lines. */
function ownLines(text: string): readonly string[] {
  const own: string[] = []
  let passing = 0
  let until: RegExp | undefined
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    if (until !== undefined) {
      if (until.test(line)) until = undefined
      continue
    }
    if (passing > 0) {
      passing -= 1
      continue
    }
    const ignored = /^--\s*ignoreLines:(\w+)$/i.exec(line)?.[1]
    if (ignored === 'start') until = /^--\s*ignoreLines:end$/i
    else if (ignored !== undefined) passing = Number(ignored)
    else if (/^\s*\/\*\s*liquibase\s*rollback\s*$/i.test(line)) until = /\*\/\s*$/
    else own.push(line)
  }
  return own
}

function sumOf(sql: string): string | undefined {
  if (sql.includes('${')) return undefined
  // Other blanks than these four count, but for those around the whole.
  const stripped = sql.replaceAll(/^[\0-\x20]+|[\0-\x20]+$/g, '').replaceAll(/[ \n\r\t]/g, '')
  return versioned(`${versioned(stripped)}:`)
}

function versioned(text: string): string {
  return `9:${createHash('md5').update(text).digest('hex')}`
}

function unquoted(word: string): string {
  return word.trim().replace(/^"(.*)"$/, '$1')
}
