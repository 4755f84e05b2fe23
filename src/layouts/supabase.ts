import type { SourceFile, Tool } from '../model/migration.ts'
import type { Layout } from './layout.ts'
import { Reading } from './reading/collect.ts'
import { compareText } from './reading/order.ts'
import { fileName, isOwnSqlFile, partsOf } from './reading/paths.ts'
import { sentAsOne } from './reading/sections.ts'
import { pairsWriter } from './writing/pairs.ts'

const tool: Tool = {
  name: 'Supabase',
  transactions: 'file',
  withoutTransaction: '-- in a migration file of its own, with this one statement:',
}

const numbered = /^(\d+)_(.*)\.sql$/

/** One file a migration, all of it the way forward. */
export const supabase: Layout = {
  id: 'supabase',
  title: 'Supabase: supabase/migrations/<timestamp>_<name>.sql',
  notes: [
    'The statements of a file are sent together, and the server runs them in one transaction; a single statement runs without. A file may begin and end transactions itself. Newer versions of the CLI run CREATE INDEX CONCURRENTLY and its like apart; a file of its own is right for all versions.',
    'There are no downgrades. `seed.sql` and the declarative `schemas` are not migrations and are left out.',
    'Files are ordered by their names.',
  ],
  rank: 80,
  directories: ['supabase/migrations'],
  marks: [{ file: 'supabase/config.toml' }],
  wants: isOwnSqlFile,
  detect: (files) => {
    const own = files.filter(({ path }) => numbered.test(fileName(path)))
    if (own.length === 0) return 'no'
    return own.every(isInPlace) ? 'certain' : 'with-mark'
  },
  read: (files, options) => {
    const reading = new Reading(tool, options)
    for (const source of files.toSorted((a, b) => compareText(fileName(a.path), fileName(b.path)))) {
      const [, id, name] = numbered.exec(fileName(source.path)) ?? []
      if (id !== undefined && name !== undefined)
        reading.add({ id, name, source, up: sentAsOne(source, tool, options) })
    }
    return reading.result()
  },
  writer: pairsWriter(),
}

function isInPlace({ path }: SourceFile): boolean {
  const parts = partsOf(path)
  return parts.at(-3) === 'supabase' && parts.at(-2) === 'migrations'
}
