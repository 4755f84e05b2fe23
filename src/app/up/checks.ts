import { ToolkitError } from '../../core/errors.ts'
import { positionAt } from '../../core/span.ts'
import type { Dialect } from '../../dialects/dialect.ts'
import type { Check, Migration } from '../../model/migration.ts'

/**
 * Refuses checks that cannot be asked, before anything runs: what follows them may be hours later.
 *
 * @throws ToolkitError `directive-invalid`
 */
export async function refuseBadChecks(
  migrations: readonly Migration[],
  dialect: Pick<Dialect, 'parse' | 'load'>,
): Promise<void> {
  if (migrations.every(({ checks = [] }) => checks.length === 0)) return
  await dialect.load()
  for (const migration of migrations)
    for (const check of migration.checks ?? []) refuseBadCheck(migration, check, dialect)
}

function refuseBadCheck({ source }: Migration, { sql, span }: Check, dialect: Pick<Dialect, 'parse'>): void {
  const { statements, problems } = dialect.parse(sql)
  const [problem] = problems
  if (problem === undefined && statements.length === 1) return
  throw new ToolkitError({
    code: 'directive-invalid',
    message:
      problem === undefined
        ? `check holds ${statements.length} statements, not one query.`
        : `check holds no query that the server would take: ${problem.message}`,
    at: { path: source.path, ...positionAt(source.text, span.start) },
    hint: 'Write a query that gives true: -- migrate:check select count(*) = 0 from books where title is null',
  })
}
