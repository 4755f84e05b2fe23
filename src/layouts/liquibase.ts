import type { Down, Section, Tool } from '../model/migration.ts'
import type { Layout, LayoutOptions } from './layout.ts'
import { isFormatted, readChangesets, type Changeset } from './liquibase/changesets.ts'
import { inChangelogOrder, isChangelog } from './liquibase/order.ts'
import { Mask } from './masking/mask.ts'
import { maskDollarBraces } from './masking/placeholders.ts'
import { refusePsql } from './masking/psql.ts'
import { Reading } from './reading/collect.ts'
import { fileName, isSqlFile } from './reading/paths.ts'
import { sentMask } from './reading/sections.ts'
import { liquibaseWriter } from './writing/liquibase.ts'

const tool: Tool = {
  name: 'Liquibase',
  transactions: 'tool',
  withoutTransaction: '--changeset <author>:<id> runInTransaction:false',
}
const withRollback: Tool = { ...tool, downgrade: '--rollback' }

/** Formatted SQL: files of changesets. */
export const liquibase: Layout = {
  id: 'liquibase',
  title: 'Liquibase formatted SQL: --changeset <author>:<id> in files below --liquibase formatted sql',
  notes: [
    'Each changeset is a migration and runs in a transaction, unless it says `runInTransaction:false`.',
    '`--rollback` lines and `/* liquibase rollback */` comments are its way back; one is expected where any changeset has one.',
    '`splitStatements`, `endDelimiter`, `--ignoreLines`, `dbms` and `ignore` are obeyed; contexts, labels and preconditions are not asked. Placeholders such as `${name}` are passed over.',
    'Changelogs in XML, YAML or JSON give the order of the files that they include; changes that they hold themselves, and SQL files without the first line, are left out.',
    'An `allow-file` counts for all changesets of its file.',
  ],
  rank: 36,
  directories: ['src/main/resources/db/changelog', 'db/changelog', 'changelog', 'liquibase'],
  marks: [{ file: 'liquibase.properties' }],
  wants: (path) =>
    isSqlFile(path) || (/\.(?:xml|ya?ml|json)$/i.test(path) && /changelog|master|root/i.test(fileName(path))),
  detect: (files) => (files.some((file) => !isChangelog(file) && isFormatted(file.text)) ? 'certain' : 'no'),
  read: (files, options) => {
    const formatted = files.filter((file) => isChangelog(file) || isFormatted(file.text))
    const texts = inChangelogOrder(formatted)
    const isReversible = texts.some(({ text }) => /^\s*--\s*rollback\b|liquibase\s+rollback\b/im.test(text))
    const reading = new Reading(isReversible ? withRollback : tool, options)
    const changesets = texts.flatMap((file) => readChangesets(file, reading.problemsOf(file)))
    for (const changeset of changesets.filter(isOurs)) {
      const { file, author, id, part } = changeset
      reading.add({
        id: idOf(changeset, changesets),
        name: `${author}:${id}`,
        source: file,
        up: upOf(changeset, options),
        down: downOf(changeset, options, isReversible),
        part,
      })
    }
    return reading.result()
  },
  writer: liquibaseWriter,
}

/** Author and id, with the path where another file has the same ones: to Liquibase these are two. */
function idOf({ file, author, id }: Changeset, all: readonly Changeset[]): string {
  const own = `${author}:${id}`
  const others = all.some((one) => one.file !== file && one.id === id && one.author === author)
  return others ? `${file.path}::${own}` : own
}

function isOurs({ attributes }: Changeset): boolean {
  if (attributes.get('ignore') === 'true') return false
  const names = (attributes.get('dbms') ?? 'all').split(',').map((name) => name.trim().toLowerCase())
  if (names.includes('!postgresql') || names.includes('none')) return false
  return names.includes('all') || names.includes('postgresql') || names.every((name) => name.startsWith('!'))
}

function upOf(changeset: Changeset, options: LayoutOptions): Section {
  const { file, body, ignored, attributes } = changeset
  const mask = new Mask(file, body)
  for (const { start, end } of ignored) mask.blank(start, end)
  return finished(mask, changeset, attributes.get('enddelimiter'), options)
}

function downOf(changeset: Changeset, options: LayoutOptions, expected: boolean): Down {
  const { file, body, rollback, attributes } = changeset
  const [first] = rollback
  if (first === undefined) return { kind: 'missing', expected }
  const written = rollback.map(({ start, end }) => file.text.slice(start, end).trim()).join(' ')
  if (/^(?:empty|not required)?$/i.test(written))
    return { kind: 'none', reason: 'the changeset says that its rollback is empty', span: first }
  const mask = new Mask(file, body)
  let at = body.start
  for (const { start, end } of rollback) {
    mask.blank(at, start)
    at = end
  }
  mask.blank(at, body.end)
  if (/^changeset(?:id|path|author):/i.test(written)) {
    mask.blank(first.start, rollback.at(-1)?.end ?? first.end)
    mask.hide(first, 'Liquibase runs another changeset here.')
  }
  const delimiter = attributes.get('rollbackenddelimiter') ?? attributes.get('enddelimiter')
  return { kind: 'sql', section: finished(mask, changeset, delimiter, options) }
}

function finished(
  mask: Mask,
  { attributes }: Changeset,
  delimiter: string | undefined,
  options: LayoutOptions,
): Section {
  if (delimiter !== undefined && delimiter !== ';') maskDelimiter(mask, delimiter)
  maskDollarBraces(mask)
  refusePsql(mask, tool.name)
  if (attributes.get('runintransaction') !== 'false') return mask.section(options.inTransaction ?? true)
  if (attributes.get('splitstatements') === 'false') return sentMask(mask, options)
  return mask.section(options.inTransaction ?? false)
}

/** Such as `/`, `//` or `GO`; what could be a part of SQL counts only on a line of its own. */
function maskDelimiter(mask: Mask, written: string): void {
  const { file, span } = mask
  const delimiter = written.replaceAll(/\\[nr]|\n|\r/g, '')
  if (delimiter === '') return
  const literal = delimiter.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const alone = /^(?:\w+|\/)$/.test(delimiter)
  const pattern = new RegExp(alone ? `(?<=^[^\\S\\n]*)${literal}(?=[^\\S\\n]*$)` : literal, 'gim')
  for (const match of file.text.slice(span.start, span.end).matchAll(pattern))
    mask.put(span.start + match.index, `;${' '.repeat(delimiter.length - 1)}`)
}
