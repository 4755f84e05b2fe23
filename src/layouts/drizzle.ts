import { parseJson, textField } from '../core/json.ts'
import type { SourceFile, Tool } from '../model/migration.ts'
import type { Layout } from './layout.ts'
import { Reading } from './reading/collect.ts'
import { compareText } from './reading/order.ts'
import { fileName, folderName, folderOf, withoutExtension } from './reading/paths.ts'
import { wrapped } from './reading/sections.ts'

const tool: Tool = {
  name: 'Drizzle',
  transactions: 'tool',
  withoutTransaction: '-- Drizzle runs every migration in a transaction; before it, by hand:',
}

/** A journal that names the files, or, since version 1, one folder a migration. */
export const drizzle: Layout = {
  id: 'drizzle',
  title: 'Drizzle: meta/_journal.json and <tag>.sql, or <timestamp>_<name>/migration.sql and snapshot.json',
  notes: [
    'All pending migrations run in one transaction together, so nothing in them can run outside of one.',
    'With a journal its order counts, and files that it does not name are left out: Drizzle never runs them. Folders are ordered by their names.',
    'There are no downgrades.',
  ],
  rank: 75,
  directories: ['drizzle', 'drizzle/migrations', 'src/db/migrations', 'src/drizzle'],
  marks: ['drizzle.config.ts', 'drizzle.config.js', 'drizzle.config.json'].map((file) => ({ file })),
  wants: (path) => /^[^/]+\.sql$|(?:^|\/)[^/]+\/migration\.sql$|(?:^|\/)meta\/_journal\.json$/.test(path),
  beside: (path) => (fileName(path) === 'migration.sql' ? [] : ['meta/_journal.json']),
  detect: (files, names) => {
    if (files.some(isJournal)) return 'certain'
    const migrations = files.filter(({ path }) => isInFolder(path))
    if (migrations.length === 0) return 'no'
    const folders = new Set(migrations.map(({ path }) => folderOf(path)))
    if (names.some((name) => fileName(name) === 'snapshot.json' && folders.has(folderOf(name)))) return 'certain'
    return names.some((name) => fileName(name) === 'migration_lock.toml') ? 'no' : 'possible'
  },
  read: (files, options) => {
    const reading = new Reading(tool, options)
    const journal = files.find(isJournal)
    if (journal === undefined) {
      const migrations = files.filter(({ path }) => isInFolder(path))
      for (const source of migrations.toSorted((a, b) => compareText(folderName(a.path), folderName(b.path))))
        reading.add({ ...identity(folderName(source.path)), source, up: wrapped(source, tool, options) })
      return reading.result()
    }
    const byTag = new Map(files.map((file) => [withoutExtension(fileName(file.path)), file]))
    for (const tag of tagsOf(journal, reading)) {
      const source = byTag.get(tag)
      if (source !== undefined) reading.add({ ...identity(tag), source, up: wrapped(source, tool, options) })
    }
    return reading.result()
  },
  writer: {
    never:
      'the journal and the snapshots of Drizzle stand for all its files: drizzle-kit generate --custom makes an empty migration to move the statement to',
  },
}

function identity(tag: string): { readonly id: string; readonly name: string } {
  return { id: tag, name: tag.replace(/^\d+_/, '') }
}

function isJournal({ path }: SourceFile): boolean {
  return fileName(path) === '_journal.json'
}

function isInFolder(path: string): boolean {
  return fileName(path) === 'migration.sql' && folderName(path) !== ''
}

/** The tags of a journal, in the order of their numbers. */
function tagsOf(journal: SourceFile, reading: Reading): readonly string[] {
  try {
    const entries: unknown = Reflect.get(Object(parseJson(journal.text)), 'entries')
    if (!Array.isArray(entries)) throw new Error('it has no "entries"')
    return entries
      .map((entry: unknown) => ({ idx: Number(Reflect.get(Object(entry), 'idx')), tag: textField(entry, 'tag') ?? '' }))
      .toSorted((a, b) => a.idx - b.idx)
      .map(({ tag }) => tag)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    reading
      .problemsOf(journal)
      .add('file-unreadable', 0, `The journal of Drizzle cannot be read: ${reason}.`, 'Restore it from the repository.')
    return []
  }
}
