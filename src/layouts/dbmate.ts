import type { Section, SourceFile, Tool } from '../model/migration.ts'
import { findDirectives } from '../sql/directives.ts'
import { splitStatements } from '../sql/split.ts'
import type { Layout } from './layout.ts'
import { hasSections, readFiles } from './native/files.ts'
import { isOwnSqlFile } from './reading/paths.ts'
import { sectionsWriter } from './writing/sections.ts'

const tool: Tool = {
  name: 'dbmate',
  transactions: 'tool',
  withoutTransaction: '-- migrate:up transaction:false\n-- with this one statement:',
  downgrade: '-- migrate:down',
}

/** The words that dbmate knows, and those that are ours in every layout. */
const known: ReadonlySet<string> = new Set(['up', 'down', 'allow', 'allow-file'])

/** One file a migration, both directions in it. */
export const dbmate: Layout = {
  id: 'dbmate',
  title: 'dbmate: <version>_<name>.sql with -- migrate:up and -- migrate:down',
  notes: [
    'The native layout reads the same files and is taken unless the project has a `schema.sql` that dbmate wrote. The difference is `transaction:false`: dbmate sends such a section as one query, which the server runs in a transaction of its own as soon as it has several statements.',
    'One pair of sections a file: dbmate would lose a second one.',
    'Only the files of the directory itself are read, ordered by their number.',
  ],
  rank: 20,
  refines: 'native',
  directories: ['db/migrations'],
  marks: ['db/schema.sql', 'schema.sql'].map((file) => ({ file, mentions: 'Dbmate schema migrations' })),
  wants: isOwnSqlFile,
  detect: (files) => (files.some(hasSections) && files.every(hasOnlyKnown) ? 'certain' : 'no'),
  read: (files, options) => {
    const { migrations, problems } = readFiles(files, options)
    return {
      migrations: migrations.map((migration) => {
        const { up, down } = migration
        const back = down.kind === 'sql' ? { ...down, section: asQuery(down.section) } : down
        return { ...migration, tool, up: asQuery(up), down: back }
      }),
      problems,
    }
  },
  writer: sectionsWriter,
}

function hasOnlyKnown({ text }: SourceFile): boolean {
  // Where all that looks like one is known, which of them are directives need not be told.
  if ([...text.matchAll(/migrate:(\S*)/gi)].every(([, name = '']) => known.has(name))) return true
  return findDirectives(text).every(({ name }) => known.has(name.text))
}

/** What runs outside dbmate's transaction is one query, which from two statements on is a transaction of the server. */
function asQuery(section: Section): Section {
  if (section.transaction || splitStatements(section.sql).length < 2) return section
  return { ...section, transaction: true, implicit: true }
}
