import { realpathSync } from 'node:fs'
import { ToolkitError } from '../core/errors.ts'
import type { ProgramTool, RecordedDirection, RecordedStatement, Recording } from '../model/recording.ts'
import { loaderArguments } from './loader.ts'
import type { Ending, SentReport, Step } from './protocol.ts'
import { runChild } from './run-child.ts'

export interface RecordRequest {
  readonly tool: ProgramTool
  /** Whether the tool is told to run migrations in transactions at all; it is where absent. */
  readonly inTransaction?: boolean | undefined
  /** Absolute paths, in the order in which they are applied as far as it is known. */
  readonly files: readonly string[]
  /** Where the programs think that they are: the directory that the user is in. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds that a program may be silent for before it is ended; one minute where absent. */
  readonly patience?: number
}

/**
 * Runs migrations that are programs in a process of its own, against connections that only note what is sent: no database
 * is reached, and no setting that names one is passed on. One recording for each file, in the same order. What a program
 * throws is part of its recording.
 *
 * @throws ToolkitError `program-unrunnable` where the project lacks the tool or what runs TypeScript
 */
export async function record(request: RecordRequest): Promise<readonly Recording[]> {
  const files = request.files.map((file) => realpathSync(file))
  const steps: readonly Step[] = [
    ...files.map((file): Step => ({ file, direction: 'up' })),
    ...files.toReversed().map((file): Step => ({ file, direction: 'down' })),
  ]
  const loader = loaderArguments(files)
  const outcomes: Outcome[] = []
  // Each process ends a step at least, if only by dying of it.
  while (outcomes.length < steps.length) {
    const found = await runSome(request, loader, steps.slice(outcomes.length))
    outcomes.push(...found)
  }
  return files.map((_, index) => recordingOf(outcomes[index], outcomes[steps.length - 1 - index]))
}

/** What one step sent, and how it ended. */
interface Outcome {
  readonly sent: SentReport[]
  ending: Ending
}

const patience = 60_000

async function runSome(
  { tool, inTransaction = true, cwd, env, patience: limit = patience }: RecordRequest,
  loader: readonly string[],
  steps: readonly Step[],
): Promise<readonly Outcome[]> {
  const { reports, end } = await runChild({ job: { tool, inTransaction, steps }, loader, cwd, env, patience: limit })
  const outcomes: Outcome[] = []
  for (const said of reports) {
    if (said.kind === 'unable') throw unable(tool, said.reason)
    if (said.kind === 'began') outcomes.push({ sent: [], ending: { transaction: true, failed: { message: end } } })
    const last = outcomes.at(-1)
    if (said.kind === 'sent') last?.sent.push(said)
    if (said.kind === 'ended' && last !== undefined) last.ending = said
  }
  if (outcomes.length === 0) throw unable(tool, end)
  return outcomes
}

function unable(tool: ProgramTool, reason: string): ToolkitError {
  return new ToolkitError({
    code: 'program-unrunnable',
    message: `The migrations of ${tool} cannot be run to see what they send: ${firstLine(reason)}`,
    hint: `Run it where the packages of the project are installed: npm install. The project's own ${tool} is used.`,
  })
}

function recordingOf(up: Outcome | undefined, down: Outcome | undefined): Recording {
  return {
    up: directionOf(up),
    down: down?.ending.without ?? directionOf(down),
  }
}

function directionOf(outcome: Outcome | undefined): RecordedDirection {
  const { transaction = true, failed } = outcome?.ending ?? {}
  const statements = (outcome?.sent ?? []).map(({ sql, parameters, at }): RecordedStatement => {
    return { sql, parameters, ...(at === undefined ? {} : { at }) }
  })
  if (failed === undefined) return { statements, transaction }
  const reason = `What comes after this is not known, because the program did not get further: ${firstLine(failed.message)}`
  return { statements, transaction, unseen: { reason, ...(failed.at === undefined ? {} : { at: failed.at }) } }
}

/** As a sentence; a line that announces the next one is followed by it. */
function firstLine(text: string): string {
  const line = /^.*(?:(?<=:)\s*\n.*)?/.exec(text.trim())?.[0].replaceAll(/\s*\n\s*/g, ' ') ?? ''
  return /[.!?]$/.test(line) ? line : `${line}.`
}
