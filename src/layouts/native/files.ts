import type { Migration, SourceFile } from '../../model/migration.ts'
import { findDirectives } from '../../sql/directives.ts'
import type { LayoutOptions, LayoutProblem, LayoutReading } from '../layout.ts'
import { canonicalId, compareIds } from '../reading/order.ts'
import { readFile, type FileReading } from './file.ts'

/** The files of the native layout, also of dbmate's, as migrations in the order of their ids. */
export function readFiles(files: readonly SourceFile[], options: LayoutOptions): LayoutReading {
  const readings = files.map((file) => readFile(file, options))
  const migrations = readings.flatMap(({ migration }) => migration ?? [])
  return {
    migrations: migrations.toSorted((a, b) => compareIds(a.id, b.id)),
    problems: problemsOf(readings, duplicates(migrations)),
  }
}

/** Plain files may hold `allow` as well; any other directive, misspelt or not, is meant for this layout. */
export function hasSections(file: SourceFile): boolean {
  return findDirectives(file.text).some(({ name }) => name.text !== 'allow' && name.text !== 'allow-file')
}

/** Problems in the order of the files; that of two files having one id first in the second file. */
function problemsOf(
  readings: readonly FileReading[],
  repeated: ReadonlyMap<Migration, LayoutProblem>,
): readonly LayoutProblem[] {
  return readings.flatMap(({ migration, problems }) => {
    const own = migration === undefined ? undefined : repeated.get(migration)
    return own === undefined ? problems : [own, ...problems]
  })
}

function duplicates(migrations: readonly Migration[]): ReadonlyMap<Migration, LayoutProblem> {
  const first = new Map<string, Migration>()
  const repeated = new Map<Migration, LayoutProblem>()
  for (const migration of migrations) {
    const id = canonicalId(migration.id)
    const other = first.get(id)
    if (other === undefined) first.set(id, migration)
    else repeated.set(migration, duplicate(migration, other))
  }
  return repeated
}

function duplicate({ id, source }: Migration, other: Migration): LayoutProblem {
  return {
    code: 'migration-duplicate',
    message: `Two migrations have the id ${id}: ${other.source.path} and ${source.path}.`,
    hint: 'Give the one that is not applied yet another number.',
    at: { path: source.path, line: 1, column: 1 },
  }
}
