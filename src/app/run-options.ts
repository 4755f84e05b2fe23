import { ToolkitError } from '../core/errors.ts'
import { suggestion } from '../core/text.ts'
import { parseDuration } from '../core/time.ts'
import type { ParsedMigration } from '../model/migration.ts'
import { defaultLimits } from '../run/limits.ts'
import type { Limits } from '../run/limits.ts'
import { defaultLockSchedule } from '../run/lock-schedule.ts'
import type { LockSchedule } from '../run/lock-schedule.ts'
import type { RunOptions } from '../run/recorded-run.ts'
import type { Config } from './config.ts'

/** What the configuration says about runs, as the runner takes it. */
export function runOptions({ run, journalSchema }: Config): RunOptions {
  return {
    schema: journalSchema,
    lock: lockSchedule(run),
    limits: limitsOf(run.limits),
    ...leaseOption(run.lease),
    ...(run.waitForRunner === undefined ? {} : { waitForRunnerMs: parseDuration(run.waitForRunner) }),
  }
}

/** @throws ToolkitError `duration-invalid` */
export function leaseOption(lease: string | undefined): Pick<RunOptions, 'leaseMs'> {
  return lease === undefined ? {} : { leaseMs: parseDuration(lease) }
}

/** Attempts begin with `lockTimeout` and double up to `lockTimeoutMost`; with neither, from 50 ms up to 400 ms. */
function lockSchedule({ lockTimeout, lockTimeoutMost, attempts }: Config['run']): LockSchedule {
  const { timeoutsMs, pauseFactor } = defaultLockSchedule
  const first = lockTimeout === undefined ? (timeoutsMs[0] ?? 0) : parseDuration(lockTimeout)
  const longest = lockTimeout === undefined ? (timeoutsMs.at(-1) ?? first) : first
  const most = lockTimeoutMost === undefined ? longest : Math.max(first, parseDuration(lockTimeoutMost))
  return {
    pauseFactor,
    timeoutsMs: Array.from({ length: attempts ?? timeoutsMs.length }, (_, index) => Math.min(first * 2 ** index, most)),
  }
}

function limitsOf(configured: Config['run']['limits'] = {}): Limits {
  const limit = (name: keyof Limits): number => {
    const text = configured[name]
    return text === undefined ? defaultLimits[name] : parseDuration(text)
  }
  return {
    brief: limit('brief'),
    scan: limit('scan'),
    concurrent: limit('concurrent'),
    batch: limit('batch'),
    queue: limit('queue'),
    stall: limit('stall'),
    gate: limit('gate'),
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
