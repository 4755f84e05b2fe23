import { ToolkitError } from '../core/errors.ts'
import { suggestion } from '../core/text.ts'
import { parseDuration } from '../core/time.ts'
import type { ParsedMigration } from '../model/migration.ts'
import { defaultLockSchedule } from '../run/lock-schedule.ts'
import type { LockSchedule } from '../run/lock-schedule.ts'
import type { RunOptions } from '../run/recorded-run.ts'
import type { Config } from './config.ts'

/** What the configuration says about runs, as the runner takes it. */
export function runOptions({ run, journalSchema }: Config): RunOptions {
  return {
    schema: journalSchema,
    lock: lockSchedule(run),
    ...(run.waitForRunner === undefined ? {} : { waitForRunnerMs: parseDuration(run.waitForRunner) }),
  }
}

function lockSchedule({ lockTimeout, attempts }: Config['run']): LockSchedule {
  const { timeoutsMs, pauseFactor } = defaultLockSchedule
  if (lockTimeout === undefined && attempts === undefined) return defaultLockSchedule
  const timeout = lockTimeout === undefined ? undefined : parseDuration(lockTimeout)
  const count = attempts ?? timeoutsMs.length
  const longest = timeoutsMs.at(-1) ?? 400
  return {
    pauseFactor,
    timeoutsMs: Array.from({ length: count }, (_, index) => timeout ?? timeoutsMs[index] ?? longest),
  }
}

/**
 * The id that a person means: an id, a file's name or path, or the name after the id where only one has it.
 *
 * @throws ToolkitError `migration-unknown`
 */
export function idOf(named: string, migrations: readonly ParsedMigration[]): string {
  const file = named.split(/[\\/]/).at(-1)
  const found = migrations.filter(
    ({ id, name, source }) => id === named || name === named || source.path.split(/[\\/]/).at(-1) === file,
  )
  const [only] = found
  if (only !== undefined && found.length === 1) return only.id
  throw new ToolkitError({
    code: 'migration-unknown',
    message: found.length === 0 ? `There is no migration "${named}".` : `Several migrations are called "${named}".`,
    hint:
      found.length === 0
        ? suggestion(
            named,
            migrations.map(({ id }) => id),
          )
        : `Name one by its id: ${found.map(({ id }) => id).join(', ')}.`,
  })
}
