import type { Tool } from '../model/migration.ts'
import type { Layout } from './layout.ts'
import { compareText } from './reading/order.ts'
import { fitOfPrograms, isOwnScript, scriptName } from './recorded/programs.ts'
import { readPrograms } from './recorded/read.ts'

const tool: Tool = {
  name: 'Knex',
  transactions: 'tool',
  withoutTransaction: '-- in a migration that exports config = { transaction: false }:',
  downgrade: '-- in down():',
}

/** Modules that export `up` and `down`, which are given a `knex`. */
export const knex: Layout = {
  id: 'knex',
  title: 'Knex: <timestamp>_<name>.ts or .js that exports up(knex) and down(knex)',
  notes: [
    'Each module is run against a connection that records, with the `knex` that the project has installed; no database is asked. What reads rows is given none, so `hasTable` and `hasColumn` answer no.',
    'Each migration runs in a transaction, unless it exports `config = { transaction: false }`.',
    'Only the files of the directory itself are read, ordered by their names.',
  ],
  rank: 47,
  directories: ['migrations', 'db/migrations', 'src/migrations', 'src/db/migrations'],
  marks: [{ file: 'knexfile.js' }, { file: 'knexfile.ts' }, { file: 'package.json', mentions: '"knex"' }],
  program: 'knex',
  wants: isOwnScript,
  detect: (files) => fitOfPrograms(files, 'knex'),
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
