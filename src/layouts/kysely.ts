import type { Tool } from '../model/migration.ts'
import type { Layout } from './layout.ts'
import { compareText } from './reading/order.ts'
import { fitOfPrograms, isOwnScript, scriptName } from './recorded/programs.ts'
import { readPrograms } from './recorded/read.ts'

const tool: Tool = {
  name: 'Kysely',
  transactions: 'tool',
  withoutTransaction: '-- in migrations of a Migrator with disableTransactions: true:',
  downgrade: '-- in down():',
}

/** Modules that export `up` and `down`, which are given a `Kysely`. */
export const kysely: Layout = {
  id: 'kysely',
  title: 'Kysely: <name>.ts or .js that exports up(db) and down(db)',
  notes: [
    'Each module is run against a connection that records, with the `kysely` that the project has installed; no database is asked. What reads rows is given none.',
    'On PostgreSQL the Migrator runs all pending migrations in one transaction; `--no-in-transaction` says that it is told `disableTransactions`.',
    'Only the files of the directory itself are read, ordered by their names.',
  ],
  rank: 46,
  directories: ['migrations', 'src/migrations', 'src/db/migrations', 'db/migrations'],
  marks: [{ file: 'package.json', mentions: '"kysely"' }],
  program: 'kysely',
  wants: isOwnScript,
  detect: (files) => fitOfPrograms(files, 'kysely'),
  read: (files, options) =>
    readPrograms(
      files.toSorted((a, b) => compareText(scriptName(a), scriptName(b))),
      tool,
      options,
    ),
  writer: {
    never: 'its migrations are programs, which nobody but a person writes',
  },
}
