import type { SourceFile, Tool } from '../model/migration.ts'
import type { Layout } from './layout.ts'
import { Mask } from './masking/mask.ts'
import { maskPsql } from './masking/psql.ts'
import { Reading } from './reading/collect.ts'
import { compareIds, compareText } from './reading/order.ts'
import { fileName, withoutExtension } from './reading/paths.ts'
import { wrapped } from './reading/sections.ts'

const tool: Tool = {
  name: 'Rails',
  transactions: 'tool',
  withoutTransaction: '-- in a Ruby migration with disable_ddl_transaction!:',
}
/** psql loads the dump: what is in it runs statement by statement. */
const loaded: Tool = { ...tool, transactions: 'file' }

const numbered = /^(\d+)_(.*)\.sql$/
const isStructure = (path: string): boolean => /(?:^|_)structure\.sql$/.test(fileName(path))

/** The dump of the schema, and SQL files named like Rails' migrations. */
export const rails: Layout = {
  id: 'rails',
  title: 'Rails: db/structure.sql, and db/migrate/<timestamp>_<name>.sql',
  notes: [
    '`structure.sql` is read as psql loads it: one statement after the other, without the commands that pg_dump writes for psql.',
    'SQL files named like migrations come after it, each in a transaction; those whose version the dump lists are part of it already and are left out.',
    'Migrations in Ruby are left out; there are no downgrades in SQL.',
  ],
  rank: 85,
  directories: ['db'],
  marks: [{ file: 'config/application.rb' }, { file: 'Gemfile', mentions: 'rails' }],
  wants: (path) => isStructure(path) || /^(?:.*\/)?(?:db\/)?migrate\/\d+_[^/]*\.sql$|^\d+_[^/]*\.sql$/.test(path),
  detect: (files) => {
    if (files.some((file) => isStructure(file.path) && versionList.test(file.text))) return 'certain'
    return files.some(({ path }) => isStructure(path) || numbered.test(fileName(path))) ? 'with-mark' : 'no'
  },
  read: (files, options) => {
    const structures = files.filter(({ path }) => isStructure(path))
    const dumps = new Reading(loaded, options)
    for (const source of structures.toSorted((a, b) => compareText(a.path, b.path))) {
      const name = withoutExtension(fileName(source.path))
      const mask = new Mask(source)
      maskPsql(mask)
      dumps.add({ id: name, name, source, up: mask.section(options.inTransaction ?? false) })
    }
    const contained = new Set(structures.flatMap(versionsOf))
    const reading = new Reading(tool, options)
    const pending = files.flatMap((source) => {
      const [, id, name] = numbered.exec(fileName(source.path)) ?? []
      return id === undefined || name === undefined || contained.has(id) ? [] : { id, name, source }
    })
    for (const { id, name, source } of pending.toSorted((a, b) => compareIds(a.id, b.id)))
      reading.add({ id, name, source, up: wrapped(source, tool, options) })
    const [first, second] = [dumps.result(), reading.result()]
    return {
      migrations: [...first.migrations, ...second.migrations],
      problems: [...first.problems, ...second.problems],
    }
  },
  writer: {
    never: 'Rails runs no SQL file by itself: write a migration in Ruby for the statement',
  },
}

const versionList = /insert into (?:\w+\.)?"?schema_migrations"? \(version\) values/i

/** The versions that a dump ends with. */
function versionsOf({ text }: SourceFile): readonly string[] {
  const at = text.search(versionList)
  return at === -1 ? [] : [...text.slice(at).matchAll(/\('(\d+)'\)/g)].map((match) => match[1] ?? '')
}
