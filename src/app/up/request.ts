import { ToolkitError } from '../../core/errors.ts'
import { systemClock } from '../../core/time.ts'
import { gates } from '../../gates/registry.gen.ts'
import { phases } from '../../model/migration.ts'
import type { ParsedMigration, Phase } from '../../model/migration.ts'
import type { Connection } from '../../model/database.ts'
import type { AskedRun } from '../../model/planned-run.ts'
import type { RunEvent } from '../../run/events.ts'
import { defaultLockSchedule } from '../../run/lock-schedule.ts'
import type { RunMigration } from '../../run/run-migration.ts'
import type { UpInput } from '../../run/up.ts'
import { actorOf } from '../actor.ts'
import type { Context } from '../context.ts'
import { batchGatesOf } from '../gate-use.ts'
import { idOf, leaseOption, runOptions } from '../run-options.ts'
import { statementEffects } from '../statement-effects.ts'
import { majorOf } from '../target.ts'

export interface UpRequest {
  /** At most this many. */
  readonly steps?: number | undefined
  /** Up to and with this migration. */
  readonly to?: string | undefined
  readonly phase?: string | undefined
  readonly safe: boolean
  /** How much room the server's disk has, for `safe`: `200GB`. */
  readonly diskFree?: string | undefined
  readonly dryRun: boolean
  /** End the session of a run whose process is gone. */
  readonly endOrphan?: boolean | undefined
  /** Hold a lease of this duration instead of the lock. */
  readonly lease?: string | undefined
  /** With `dryRun`: the file that the run plan is written to. */
  readonly output?: string | undefined
  /** A file with a run plan: exactly that is run, or nothing. */
  readonly plan?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onEvent: (event: RunEvent) => void
}

/** @throws ToolkitError `command-invalid` for options that contradict each other */
export function refuseTogether({ steps, to, phase, plan, output, dryRun }: UpRequest): void {
  if (output !== undefined && !dryRun)
    throw invalid('--output writes the plan of a dry run.', 'Add --dry-run, or leave --output out.')
  if (plan === undefined) return
  const chosen = [...(steps === undefined ? [] : ['N']), ...(to === undefined ? [] : ['--to'])]
  const others = [...chosen, ...(phase === undefined ? [] : ['--phase']), ...(output === undefined ? [] : ['--output'])]
  if (others.length > 0)
    throw invalid(`--plan says what is run, and so does ${others.join(', ')}.`, 'Give one of them.')
}

function invalid(message: string, hint: string): ToolkitError {
  return new ToolkitError({ code: 'command-invalid', message, hint })
}

/** What is asked for, with what the configuration says of waiting. */
export function askedRun({ loaded }: Context, request: UpRequest, history: readonly ParsedMigration[]): AskedRun {
  const { lock = defaultLockSchedule } = runOptions(loaded.config)
  return {
    steps: request.steps ?? null,
    to: request.to === undefined ? null : idOf(request.to, history),
    phases: wantedPhases(request.phase),
    late: loaded.config.run.late ?? 'refuse',
    safe: request.safe,
    lockTimeoutsMs: lock.timeoutsMs,
    pauseFactor: lock.pauseFactor,
  }
}

function wantedPhases(phase: string | undefined): readonly Phase[] | null {
  if (phase === undefined) return null
  const found = phases.filter((known) => known === phase)
  if (found.length > 0) return found
  throw invalid(`There is no phase "${phase}".`, `Known: ${phases.join(', ')}.`)
}

export interface UpParts {
  readonly connection: Connection
  readonly openAnother: () => Promise<Connection>
  readonly migrations: readonly RunMigration[]
  readonly asked: AskedRun
}

/** All of it as the runner takes it. */
export function upInput(context: Context, request: UpRequest, parts: UpParts): UpInput {
  const { connection, openAnother, migrations, asked } = parts
  return {
    connection,
    openAnother,
    migrations,
    gates,
    boundByKey: (sql, key) => context.dialect.boundByKey(sql, key),
    effects: statementEffects(context.dialect, migrations, majorOf(connection)),
    actor: actorOf(context.env),
    clock: systemClock,
    log: context.log,
    signal: request.signal,
    onEvent: request.onEvent,
    options: {
      ...runOptions(context.loaded.config),
      watched: asked.safe || request.safe,
      endOrphan: request.endOrphan,
      ...leaseOption(request.lease),
      lock: { timeoutsMs: asked.lockTimeoutsMs, pauseFactor: asked.pauseFactor },
      steps: asked.steps ?? undefined,
      to: asked.to ?? undefined,
      phases: asked.phases ?? undefined,
      late: asked.late,
      batchGates: batchGatesOf(context.loaded.config),
      dryRun: request.dryRun,
    },
  }
}
