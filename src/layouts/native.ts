import type { Layout } from './layout.ts'
import { hasSections, readFiles } from './native/files.ts'
import { isOwnSqlFile } from './reading/paths.ts'
import { sectionsWriter } from './writing/sections.ts'

/** One file a migration, both directions in it: a superset of dbmate's format. See docs/formats.md. */
export const native: Layout = {
  id: 'native',
  title: 'Lockstep and dbmate: <digits>_<name>.sql with -- migrate:up and -- migrate:down',
  notes: [
    'One file is one migration, with both directions in it. Sections run in one transaction each, unless they say `transaction:false` or hold a statement that the server refuses in one. See [formats](../formats.md).',
    'Only the files of the directory itself are read.',
  ],
  rank: 10,
  runs: true,
  directories: ['migrations', 'db/migrations'],
  marks: [],
  wants: isOwnSqlFile,
  detect: (files) => (files.some(hasSections) ? 'certain' : 'no'),
  read: readFiles,
  writer: sectionsWriter,
}
