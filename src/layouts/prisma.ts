import type { Tool } from '../model/migration.ts'
import type { Layout } from './layout.ts'
import { Reading } from './reading/collect.ts'
import { compareText } from './reading/order.ts'
import { fileName, folderName, folderOf } from './reading/paths.ts'
import { sentAsOne } from './reading/sections.ts'
import { foldersWriter } from './writing/folders.ts'

const tool: Tool = {
  name: 'Prisma',
  transactions: 'file',
  withoutTransaction: '-- in a migration of its own, with this one statement:',
}

/** One folder a migration, with one file in it. */
export const prisma: Layout = {
  id: 'prisma',
  title: 'Prisma: <timestamp>_<name>/migration.sql and migration_lock.toml',
  notes: [
    'Until version 7.3 a file is sent to the server as one query: with several statements the server runs it in a transaction of its own, a single statement runs without. From 7.4 on each statement runs by itself: name `--no-in-transaction`. A file may begin and end transactions itself.',
    'There are no downgrades.',
    'Folders are ordered by their names.',
  ],
  rank: 70,
  directories: ['prisma/migrations', 'prisma/schema/migrations'],
  marks: [
    { file: 'schema.prisma' },
    { file: 'prisma/schema.prisma' },
    { file: 'prisma.config.ts' },
    { file: 'package.json', mentions: '"prisma"' },
  ],
  wants: (path) => /(?:^|\/)[^/]+\/migration\.sql$|(?:^|\/)migration_lock\.toml$/.test(path),
  beside: (path) => (fileName(path) === 'migration.sql' ? ['../migration_lock.toml'] : []),
  detect: (files, names) => {
    const migrations = files.filter(({ path }) => isMigration(path))
    if (migrations.length === 0) return 'no'
    if (names.some((name) => fileName(name) === 'migration_lock.toml')) return 'certain'
    const folders = new Set(migrations.map(({ path }) => folderOf(path)))
    return names.some((name) => fileName(name) === 'snapshot.json' && folders.has(folderOf(name))) ? 'no' : 'possible'
  },
  read: (files, options) => {
    const reading = new Reading(tool, options)
    const migrations = files.filter(({ path }) => isMigration(path))
    for (const source of migrations.toSorted((a, b) => compareText(folderName(a.path), folderName(b.path)))) {
      const id = folderName(source.path)
      const name = id.replace(/^\d+_/, '')
      reading.add({ id, name, source, up: sentAsOne(source, tool, options) })
    }
    return reading.result()
  },
  writer: foldersWriter({ up: 'migration.sql' }),
}

function isMigration(path: string): boolean {
  return fileName(path) === 'migration.sql' && folderName(path) !== ''
}
