import { ToolkitError } from '../core/errors.ts'
import { plural } from '../core/text.ts'
import type { Store } from '../core/store.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { LayoutProblem } from '../layouts/layout.ts'
import { isRead, parseMigration } from '../lint/parse.ts'
import { type Migration, type ParsedMigration, type SourceFile, sectionsOf } from '../model/migration.ts'
import type { Environment } from './database-url.ts'
import { pickLayout, wantedFiles } from './pick-layout.ts'
import type { LayoutChoice } from './pick-layout.ts'
import { withRecordings } from './recordings.ts'

export interface HistoryInput extends LayoutChoice {
  readonly dialect: Dialect
  /** What earlier runs read. With it the grammar is only loaded for SQL that is new. */
  readonly store?: Store | undefined
  /** Reads a long history of which nothing is known in another way; undefined where that cannot be. */
  readonly readLong?:
    | ((migrations: readonly Migration[]) => Promise<readonly ParsedMigration[] | undefined>)
    | undefined
  /** Whoever looks at SQL of it awaits `dialect.load()` before that: what comes first need not wait for the grammar. */
  readonly unread?: boolean | undefined
  /** The directory that paths of files start from, and what programs may know of their surroundings. */
  readonly cwd: string
  readonly env: Environment
}

/**
 * Files as migrations whose SQL is read, in the order they are applied in. SQL that the grammar refuses is not an
 * error here: it is in `problems` of the migration, for lint to show and for the runner to refuse.
 *
 * @throws ToolkitError what `pickLayout` throws, or the code of the first thing that is wrong with the files; the rest
 * are in its details
 */
export async function readHistory(input: HistoryInput): Promise<readonly ParsedMigration[]> {
  const { dialect, store } = input
  const fresh = store === undefined ? [] : input.set.sources.filter(({ file }) => !store.has(seenKey(file)))
  // It is compiled while the layout is told; whoever needs it awaits it and says what went wrong.
  if (fresh.length > 0) dialect.load().catch(() => undefined)
  const layout = pickLayout(input)
  const files = await withRecordings(layout, wantedFiles(layout, input.set), input)
  const { migrations, problems } = layout.read(files, input.options)
  refuseProblems(problems)
  const isNew = store === undefined || fresh.length === input.set.sources.length
  const read = isNew && isLong(migrations) ? await input.readLong?.(migrations) : undefined
  if (input.unread !== true && (store === undefined || migrations.some((migration) => !isRead(migration, store))))
    await dialect.load()
  for (const { file } of fresh) store?.set(seenKey(file), '')
  return read ?? migrations.map((migration) => parseMigration(migration, dialect, store))
}

/** Characters of SQL from which on reading takes longer than beginning to read in another way. */
const longSql = 220_000

function isLong(migrations: readonly Migration[]): boolean {
  const sections = migrations.flatMap(sectionsOf)
  return sections.reduce((length, { sql }) => length + sql.length, 0) >= longSql
}

/** Says that a file was read before. What is known of its SQL is known by other keys: this is a first guess. */
function seenKey({ sha256 }: SourceFile): string {
  return `seen:${sha256}`
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
