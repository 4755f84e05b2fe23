import type { Allow, Migration, SourceFile } from '../model/migration.ts'
import { findDirectives } from '../sql/directives.ts'
import { readAllow } from './directives/allow.ts'
import { knownName } from './directives/names.ts'
import { Problems } from './directives/problems.ts'
import type { Layout, LayoutOptions, LayoutProblem } from './layout.ts'

/** Files of bare SQL, whatever their names: all of a file is the upgrade, and there is no downgrade. */
export const plain: Layout = {
  id: 'plain',
  title: 'Bare SQL files, in the order given',
  // Fits everything, so it is asked last.
  rank: 1000,
  detect: () => true,
  read: (files, options) => {
    const names = files.map(baseName)
    const migrations: Migration[] = []
    const problems: LayoutProblem[] = []
    for (const [index, file] of files.entries()) {
      const name = names[index] ?? file.path
      const isUnique = names.indexOf(name) === names.lastIndexOf(name)
      const found = new Problems(file)
      const id = isUnique ? name : withoutExtension(file.path)
      migrations.push(migrationOf(file, id, name, readAllows(file, options, found), options))
      problems.push(...found.list)
    }
    return { migrations, problems }
  },
}

function baseName({ path }: SourceFile): string {
  return withoutExtension(path.split(/[\\/]/).at(-1) ?? path)
}

function withoutExtension(path: string): string {
  return path.replace(/(?<=[^\\/])\.sql$/i, '')
}

function migrationOf(
  file: SourceFile,
  id: string,
  name: string,
  allows: readonly Allow[],
  { inTransaction }: LayoutOptions,
): Migration {
  const { text } = file
  return {
    id,
    name,
    source: file,
    up: { span: { start: 0, end: text.length }, sql: text, transaction: inTransaction ?? true },
    down: { kind: 'missing', expected: false },
    gates: [],
    requires: [],
    allows,
    downLoses: [],
  }
}

/** Only `allow` and `allow-file` mean something here; another directive would be obeyed by nobody. */
function readAllows(file: SourceFile, options: LayoutOptions, problems: Problems): readonly Allow[] {
  const allows: Allow[] = []
  for (const directive of findDirectives(file.text)) {
    const name = knownName(directive, problems)
    if (name === undefined) continue
    if (name === 'allow' || name === 'allow-file') {
      const allow = readAllow(directive, options.knownRules, problems)
      if (allow !== undefined) allows.push(allow)
    } else
      problems.add(
        'directive-invalid',
        directive.span.start,
        `${name} means nothing in a plain file: all of it is the upgrade.`,
        'Read the files with --layout native, or leave the directive out.',
      )
  }
  return allows
}
