import type { ErrorCode } from '../core/error-codes.ts'
import { ToolkitError } from '../core/errors.ts'
import { plural } from '../core/text.ts'
import type { HistoryProblem } from './history.ts'
import type { RunMigration } from './run-migration.ts'

interface Words {
  readonly code: ErrorCode
  readonly say: (problem: HistoryProblem) => string
  readonly hint: (problem: HistoryProblem) => string
}

const words: Readonly<Record<HistoryProblem['kind'], Words>> = {
  edited: {
    code: 'history-edited',
    say: ({ migration }) => `The file of ${migration} was changed after the migration had been applied.`,
    hint: ({ migration }) =>
      `Restore the file (git log -p shows what changed), and write the change as a new migration. Where the database has what the file says now: migrate repair ${migration} --accept-edit`,
  },
  deleted: {
    code: 'history-deleted',
    say: ({ migration }) => `${migration} is applied and has no file any more.`,
    hint: ({ migration, other }) =>
      `${other === undefined ? 'Restore the file, or revert the migration with: migrate down --unproven (the journal keeps its downgrade).' : `Restore the file. The journal keeps its downgrade, but migrate down takes the newest first: ${other}, and what else was applied after it.`} Where the database is to keep what it made: migrate repair ${migration} --forget. Where it belongs to another application on this database, give this one a journal of its own: "journalSchema" in the configuration.`,
  },
  late: {
    code: 'history-late',
    say: ({ migration, other }) =>
      `${migration} is not applied, and ${other ?? 'a later one'}, which comes after it, is.`,
    hint: ({ migration }) =>
      `It came with a merge. Give its file a newer id (git mv), or allow late migrations in the configuration ("run": { "late": "apply" }). Where the database has it already: migrate repair ${migration} --applied`,
  },
  'half-reverted': {
    code: 'migration-halfway',
    say: ({ migration }) => `The downgrade of ${migration} stopped half-way.`,
    hint: ({ migration }) =>
      `End it first: migrate down. Where that cannot be, and you have looked at the database: migrate repair ${migration} --done (or --undone) says how its last statement ended.`,
  },
  'half-applied-deleted': {
    code: 'history-deleted',
    say: ({ migration }) => `${migration} stopped half-way and has no file any more.`,
    hint: ({ migration }) =>
      `Restore the file and run the command again: it goes on where it stopped. Where you have removed what it left: migrate repair ${migration} --forget`,
  },
  'requires-unknown': {
    code: 'migration-unknown',
    say: ({ migration, other }) => `${migration} requires ${other ?? 'a migration'}, which does not exist.`,
    hint: () => 'Correct the id after "migrate:requires".',
  },
  'to-unknown': {
    code: 'migration-unknown',
    say: ({ migration }) => `There is no migration ${migration} to go to.`,
    hint: () => 'List them with: migrate status',
  },
}

/** What a history problem says, in one sentence. */
export function problemText(problem: HistoryProblem): string {
  return words[problem.kind].say(problem)
}

/** What mends it. */
export function problemHint(problem: HistoryProblem): string {
  return words[problem.kind].hint(problem)
}

/** Nothing may run: the error for the first problem, with the others in its details. */
export function refusal(problems: readonly HistoryProblem[], migrations: readonly RunMigration[]): ToolkitError {
  const [first, ...more] = problems
  if (first === undefined) return new ToolkitError({ code: 'bug', message: 'A run was refused for no reason.' })
  const path = migrations.find(({ id }) => id === first.migration)?.source.path
  const details =
    more.length === 0
      ? {}
      : { details: [`${plural(more.length, 'more problem')}:`, ...more.map(problemText)].join('\n') }
  return new ToolkitError({
    code: words[first.kind].code,
    message: `${problemText(first)} Nothing was changed.`,
    hint: problemHint(first),
    ...(path === undefined ? {} : { at: { path, line: 1, column: 1 } }),
    ...details,
  })
}
