import type { SourceFile, Tool } from '../model/migration.ts'
import type { Layout } from './layout.ts'
import { compareIds, compareText } from './reading/order.ts'
import { fitOfPrograms, isOwnScript, scriptName } from './recorded/programs.ts'
import { readPrograms } from './recorded/read.ts'

const tool: Tool = {
  name: 'TypeORM',
  transactions: 'tool',
  withoutTransaction: '-- in a migration class with transaction = false:',
  downgrade: '-- in down():',
}

/** Modules that export a class with the methods `up` and `down`, which are given a `QueryRunner`. */
export const typeorm: Layout = {
  id: 'typeorm',
  title: 'TypeORM: <timestamp>-<Name>.ts or .js with a class that implements MigrationInterface',
  notes: [
    'Each class is run against a query runner that records, with the `typeorm` that the project has installed; no database is asked. What reads rows is given none.',
    'What is changed through methods such as `addColumn` or `dropIndex` is known as far as migrations made it through such methods; where TypeORM does not know the column or index, that call is reported as not seen.',
    'Migrations run in a transaction, unless the class says `transaction = false`; `--no-in-transaction` says that TypeORM is told `transaction: none`.',
    'Only the files of the directory itself are read, ordered by the number in their names.',
  ],
  rank: 48,
  directories: [
    'src/migrations',
    'src/migration',
    'migrations',
    'migration',
    'src/db/migrations',
    'src/database/migrations',
  ],
  marks: [{ file: 'package.json', mentions: '"typeorm"' }],
  program: 'typeorm',
  wants: isOwnScript,
  detect: (files) => fitOfPrograms(files, 'typeorm'),
  read: (files, options) => readPrograms(files.toSorted(byNumber), tool, options, numberOf),
  writer: {
    never: 'its migrations are programs, which nobody but a person writes',
  },
}

/** The number that TypeORM orders by ends the name of the class, and begins the name of the file. */
function numberOf(name: string): string {
  return /^\d+/.exec(name)?.[0] ?? /\d+$/.exec(name)?.[0] ?? name
}

function byNumber(a: SourceFile, b: SourceFile): number {
  const [left, right] = [scriptName(a), scriptName(b)]
  return compareIds(numberOf(left), numberOf(right)) || compareText(left, right)
}
