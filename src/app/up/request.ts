import { ToolkitError } from '../../core/errors.ts'
import { gates } from '../../gates/registry.gen.ts'
import { phases } from '../../model/migration.ts'
import type { ParsedMigration, Phase } from '../../model/migration.ts'
import type { Connection } from '../../model/database.ts'
import type { AskedRun } from '../../model/planned-run.ts'
import { defaultLockSchedule } from '../../run/lock-schedule.ts'
import type { RunMigration } from '../../run/run-migration.ts'
import type { UpInput } from '../../run/up.ts'
import type { Context } from '../context.ts'
import { batchGatesOf, usesOf } from '../gate-use.ts'
import { type RunRequest, runInput } from '../run-input.ts'
import { idOf, runOptions } from '../run-options.ts'

export interface UpRequest extends RunRequest {
  /** At most this many. */
  readonly steps?: number | undefined
  /** Up to and with this migration. */
  readonly to?: string | undefined
  readonly phase?: string | undefined
  readonly safe: boolean
  /** How much room the server's disk has, for `safe`: `200GB`. */
  readonly diskFree?: string | undefined
  readonly dryRun: boolean
  /** With `dryRun`: the file that the run plan is written to. */
  readonly output?: string | undefined
  /** A file with a run plan: exactly that is run, or nothing. */
  readonly plan?: string | undefined
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
    batchGates: batchGatesOf(loaded.config).map(({ gate, options }) => ({ gate, options })),
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
  const { asked } = parts
  const { options, ...alike } = runInput(context, request, parts)
  return {
    ...alike,
    gates,
    boundByKey: (sql, key) => context.dialect.boundByKey(sql, key),
    mayControl: (sql) => context.dialect.mayControl(sql),
    options: {
      ...options,
      watched: asked.safe || request.safe,
      lock: { timeoutsMs: asked.lockTimeoutsMs, pauseFactor: asked.pauseFactor },
      steps: asked.steps ?? undefined,
      to: asked.to ?? undefined,
      phases: asked.phases ?? undefined,
      late: asked.late,
      batchGates: usesOf(asked.batchGates),
      dryRun: request.dryRun,
    },
  }
}
