import type { Migration, SourceFile } from '../model/migration.ts'
import { Problems } from './directives/problems.ts'
import type { Layout, LayoutOptions } from './layout.ts'
import { maskCopyData } from './masking/copy-data.ts'
import { Mask } from './masking/mask.ts'
import { maskDollarBraces, maskTemplates } from './masking/placeholders.ts'
import { maskPsql } from './masking/psql.ts'
import { readAllows } from './reading/allows.ts'
import { fileName, isSqlFile, withoutExtension } from './reading/paths.ts'
import { isScript } from './recorded/programs.ts'
import { bareWriter } from './writing/bare.ts'

/** Files of bare SQL, whatever their names: all of a file is the upgrade, and there is no downgrade. */
export const plain: Layout = {
  id: 'plain',
  title: 'Bare SQL files, in the order given',
  notes: [
    'All of a file is the upgrade; nothing is expected to take it back.',
    'A directory is read with the directories in it, in the order of the paths.',
    'Each file is taken to run in one transaction; `--no-in-transaction` says that it does not. A file may begin and end transactions itself.',
    'What psql takes for itself (commands with a backslash, rows below `COPY … FROM stdin`, `:variables` in a file with such commands) and placeholders (`${name}`, `{{ name }}`) are passed over.',
  ],
  // Fits everything, so it is asked last.
  rank: 1000,
  // Whoever names it says that the files are meant for our runner.
  runs: true,
  directories: [],
  marks: [],
  wants: isSqlFile,
  // A program is no SQL.
  detect: (files) => (files.some(({ path }) => isScript(path)) ? 'no' : 'possible'),
  read: (files, options) => {
    const counts = new Map<string, number>()
    for (const file of files) counts.set(baseName(file), (counts.get(baseName(file)) ?? 0) + 1)
    const readings = files.map((file) => {
      const name = baseName(file)
      return readFile(file, counts.get(name) === 1 ? name : withoutExtension(file.path), name, options)
    })
    return {
      migrations: readings.map(({ migration }) => migration),
      problems: readings.flatMap(({ problems }) => problems.list),
    }
  },
  writer: bareWriter,
}

function baseName({ path }: SourceFile): string {
  return withoutExtension(fileName(path))
}

function readFile(
  file: SourceFile,
  id: string,
  name: string,
  { inTransaction, knownRules }: LayoutOptions,
): { readonly migration: Migration; readonly problems: Problems } {
  const problems = new Problems(file)
  const migration: Migration = {
    id,
    name,
    source: file,
    up: masked(file).section(inTransaction ?? true),
    down: { kind: 'missing', expected: false },
    gates: [],
    requires: [],
    allows: readAllows(file, knownRules, problems, 'plain file: all of it is the upgrade'),
    downLoses: [],
  }
  return { migration, problems }
}

/** Nobody says which program runs the file: what would be an error for the server is taken for that program's. */
function masked(file: SourceFile): Mask {
  const mask = new Mask(file)
  if (/^\\/m.test(file.text)) maskPsql(mask)
  else maskCopyData(mask)
  maskDollarBraces(mask)
  maskTemplates(mask)
  return mask
}
