import { readFileSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf } from '../core/errors.ts'
import { parseJson } from '../core/json.ts'
import type { ProgramTool } from '../model/recording.ts'
import { shutWaysOut } from './guard.ts'
import { literal } from './literal.ts'
import { loadPackage } from './packages.ts'
import { callPlace, placeIn, placeInMessage } from './place.ts'
import type { Ending, Job, Report, Step, Without } from './protocol.ts'
import { reportStream } from './protocol.ts'
import { knexRunner } from './tools/knex.ts'
import { kyselyRunner } from './tools/kysely.ts'
import { nodePgMigrateRunner } from './tools/node-pg-migrate.ts'
import type { Runner, RunnerOf } from './tools/tool.ts'
import { typeormRunner } from './tools/typeorm.ts'

// The process that runs programs: see `record.ts`, which starts and ends it.

const runners: Readonly<Record<ProgramTool, RunnerOf>> = {
  kysely: kyselyRunner,
  knex: knexRunner,
  'node-pg-migrate': nodePgMigrateRunner,
  typeorm: typeormRunner,
}

/** At once, so that what was said is there even if the program ends the process. */
function report(said: Report): void {
  const bytes = Buffer.from(`${JSON.stringify(said)}\n`)
  for (let at = 0; at < bytes.length;) at += writeSync(reportStream, bytes, at)
}

async function runStep(step: number, { file, direction }: Step, inTransaction: boolean, run: Runner): Promise<void> {
  report({ kind: 'began', step })
  let transaction = true
  const outcome = await outcomeOf(file, async () => {
    const module: unknown = await import(pathToFileURL(file).href)
    return run({
      module,
      direction,
      inTransaction,
      place: () => callPlace(file),
      leaveTransaction: () => {
        transaction = false
      },
      send: (sql, parameters, at = callPlace(file)) => {
        const place = at === undefined ? {} : { at }
        report({ kind: 'sent', step, sql, parameters: parameters.map(literal), ...place })
      },
    })
  })
  report({ kind: 'ended', step, transaction, ...outcome })
}

async function outcomeOf(
  file: string,
  run: () => Promise<Without | undefined>,
): Promise<Pick<Ending, 'without' | 'failed'>> {
  try {
    const without = await run()
    return without === undefined ? {} : { without }
  } catch (error) {
    const at =
      (error instanceof Error ? placeIn(error.stack, file) : undefined) ?? placeInMessage(messageOf(error), file)
    const message = messageOf(error).replaceAll(file, basename(file))
    return { failed: { message, ...(at === undefined ? {} : { at }) } }
  }
}

function isJob(value: unknown): value is Job {
  return typeof value === 'object' && value !== null && 'tool' in value && 'steps' in value
}

const job = parseJson(readFileSync(0, 'utf8'))
if (isJob(job)) {
  const { tool, inTransaction, steps } = job
  shutWaysOut()
  let run: Runner | undefined
  try {
    run = await runners[tool]((name) => loadPackage(name, steps[0]?.file ?? ''))
  } catch (error) {
    report({ kind: 'unable', reason: messageOf(error) })
  }
  if (run !== undefined) for (const [index, step] of steps.entries()) await runStep(index, step, inTransaction, run)
  report({ kind: 'done' })
}
