import { directory, startMigrate } from './cli.ts'
import type { CliRun } from './cli.ts'

/** A history whose second migration is not done before the test's time is up. */
const endless = {
  'migrations/20260101000000_books.sql':
    '-- migrate:up\ncreate table books (id bigint primary key);\n\n-- migrate:down\ndrop table books;\n',
  'migrations/20260102000000_wait.sql':
    '-- migrate:up\nalter table books add column title text;\nselect pg_sleep(600);\n\n-- migrate:down\nalter table books drop column title;\n',
}

export interface EndlessRun extends CliRun {
  readonly cwd: string
}

/** `migrate verify` in a process of its own, for tests that kill it. It is killed with the test at the latest. */
export async function endlessVerify(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<EndlessRun> {
  const cwd = await directory(endless)
  const run = startMigrate(['verify', '--all', '--no-write', ...args], { cwd, env })
  return { ...run, cwd }
}

/** Files for a run that ends by itself. */
export const shortHistory = { 'migrations/20260101000000_books.sql': endless['migrations/20260101000000_books.sql'] }
