import { ToolkitError } from '../core/errors.ts'
import { plural, suggestion } from '../core/text.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Layout, LayoutOptions, LayoutProblem } from '../layouts/layout.ts'
import { parseMigration } from '../lint/parse.ts'
import type { ParsedMigration, SourceFile } from '../model/migration.ts'

export interface HistoryInput {
  readonly files: readonly SourceFile[]
  readonly layouts: readonly Layout[]
  /** The layout's id; detected when absent. */
  readonly layout?: string | undefined
  /** Whether files that look like no layout are taken as bare SQL. To lint them, yes; to run them, only when told. */
  readonly bare: 'allowed' | 'refused'
  readonly dialect: Dialect
  readonly options: LayoutOptions
}

/**
 * Files as migrations whose SQL is read, in the order they are applied in. SQL that the grammar refuses is not an
 * error here: it is in `problems` of the migration, for lint to show and for the runner to refuse.
 *
 * @throws ToolkitError with the code of the first thing that is wrong with the files; the rest are in its details
 */
export async function readHistory(input: HistoryInput): Promise<readonly ParsedMigration[]> {
  await input.dialect.load()
  const layout = pickLayout(input)
  const { migrations, problems } = layout.read(input.files, input.options)
  refuseProblems(problems)
  return migrations.map((migration) => parseMigration(migration, input.dialect))
}

function pickLayout({ files, layouts, layout: wanted, bare }: HistoryInput): Layout {
  const ranked = layouts
    .filter((layout) => wanted !== undefined || bare === 'allowed' || !fitsEverything(layout))
    .toSorted((a, b) => a.rank - b.rank)
  const ids = ranked.map((layout) => layout.id)
  const found = ranked.find((layout) => (wanted === undefined ? layout.detect(files) : layout.id === wanted))
  if (found !== undefined) return found
  if (wanted === undefined) throw noLayout(files)
  throw new ToolkitError({
    code: 'layout-unknown',
    message: `There is no layout "${wanted}".`,
    hint: suggestion(wanted, ids),
  })
}

/** A layout that takes whatever it is given: it is no evidence that the files are migrations. */
function fitsEverything(layout: Layout): boolean {
  return layout.detect([])
}

function noLayout([first]: readonly SourceFile[]): ToolkitError {
  return new ToolkitError({
    code: 'layout-unknown',
    message: 'No file has a line "-- migrate:up", so none is known to be a migration. Nothing was done.',
    hint: 'Write -- migrate:up above the statements of each (see: migrate new), or say that the files are bare SQL: --layout plain',
    ...(first === undefined ? {} : { at: { path: first.path, line: 1, column: 1 } }),
  })
}

function refuseProblems(problems: readonly LayoutProblem[]): void {
  const [first, ...more] = problems
  if (first === undefined) return
  const rest = more.map(({ at, message }) => `${at.path}:${at.line}:${at.column} ${message}`)
  throw new ToolkitError({
    code: first.code,
    message: first.message,
    hint: first.hint,
    at: first.at,
    ...(more.length === 0 ? {} : { details: [`${plural(more.length, 'more problem')}:`, ...rest].join('\n') }),
  })
}
