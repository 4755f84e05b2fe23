import { resolve } from 'node:path'
import type { Connection } from '../../model/database.ts'
import type { AskedRun, PlannedRun } from '../../model/planned-run.ts'
import type { JournalState } from '../../model/journal.ts'
import { openJournal } from '../../run/journal.ts'
import { readJournal } from '../../run/journal/read.ts'
import { refuseDisorder, up } from '../../run/up.ts'
import type { UpInput } from '../../run/up.ts'
import type { RunMigration } from '../../run/run-migration.ts'
import type { Answer } from '../answer.ts'
import { directoryHistory } from '../context.ts'
import type { Context } from '../context.ts'
import { refuseUnlocked } from '../lock-file.ts'
import { afterEach } from '../safe/after-each.ts'
import { refuseUnsafe } from '../safe/proven.ts'
import { forRunner, majorOf, withTarget } from '../target.ts'
import { refuseBadChecks } from '../up/checks.ts'
import { guardedInput, refuseGuarded } from '../up/guard.ts'
import { type UpRequest, askedRun, refuseTogether, upInput } from '../up/request.ts'
import { type UpResult, upText } from '../up/show.ts'
import { writeOutput } from '../write-output.ts'

/** Applies what is pending and may be applied. */
export async function answerUp(context: Context, request: UpRequest): Promise<Answer> {
  refuseTogether(request)
  const history = await directoryHistory(context, 'run', { unread: true })
  await refuseUnlocked(context, history, context.dialect)
  const migrations = forRunner(context, history)
  await refuseBadChecks(migrations, context.dialect)
  const given = await givenPlan(context, request, migrations)
  const asked = given?.asked ?? askedRun(context, request, history)
  const result = await withTarget(context, { readOnly: request.dryRun }, async (connection, openAnother, place) => {
    await context.dialect.load()
    const parts = guardedInput(upInput(context, request, { connection, openAnother, migrations, asked }), place)
    const input = { ...parts, after: afterEach(context, parts, { safe: asked.safe || request.safe, place }) }
    return runUp(context, request, { input, asked, given })
  })
  await writePlan(context, request, result)
  const { report, plan } = result
  return {
    exit: exitOf(result),
    json: { version: 1, ...report, ...(plan === undefined ? {} : { plan }) },
    text: ({ width }) => upText(result, { migrations, output: request.output, width }),
  }
}

/** The plan to run, where one is given and the files are those that it was made from. */
async function givenPlan(
  context: Context,
  { plan }: UpRequest,
  migrations: readonly RunMigration[],
): Promise<PlannedRun | undefined> {
  if (plan === undefined) return undefined
  const { readPlanFile } = await import('../run-plan/file.ts')
  const { checkFiles } = await import('../run-plan/check.ts')
  const given = await readPlanFile(context, plan)
  await context.dialect.load()
  checkFiles(given, migrations, context)
  return given
}

interface Run {
  readonly input: UpInput
  readonly asked: AskedRun
  readonly given: PlannedRun | undefined
}

async function runUp(context: Context, request: UpRequest, { input, asked, given }: Run): Promise<UpResult> {
  const { connection, migrations } = input
  const safe = asked.safe || request.safe
  if (!safe && !request.dryRun && given === undefined) {
    await refuseGuarded(input)
    return { report: await up(input) }
  }
  const state = await readJournal(await openJournal(connection, context.loaded.config.journalSchema))
  const asking = safe ? await liveInput(context, request, input) : input
  const run = given === undefined ? asking : await heldRun(given, asking, { context, state })
  if (safe) {
    // A file that came late was never verified either; what to do about it is another thing.
    refuseDisorder(run, state)
    await askSafe(context, request, { connection, migrations, state })
  }
  if (request.dryRun) {
    const { planningRun } = await import('../run-plan/planning-run.ts')
    return planningRun(context, run, { state, asked, approvable: request.output !== undefined })
  }
  await refuseGuarded(run)
  const report = await up(run)
  const wanted = new Set(given?.migrations.map(({ id }) => id))
  return { report, isShort: report.held.some(({ migration }) => wanted.has(migration)) }
}

/** Loaded where there is a plan: an ordinary run need not wait for what reads live schemas. */
async function heldRun(
  given: PlannedRun,
  input: UpInput,
  about: { readonly context: Context; readonly state: JournalState },
): Promise<UpInput> {
  const { heldTo } = await import('../run-plan/hold.ts')
  return heldTo(given, input, about)
}

async function askSafe(
  context: Context,
  { onEvent }: UpRequest,
  about: {
    readonly connection: Connection
    readonly migrations: readonly RunMigration[]
    readonly state: JournalState
  },
): Promise<void> {
  const { connection, migrations, state } = about
  const known = new Set(state.applied.map(({ id }) => id))
  const pending = new Set(migrations.filter(({ id }) => !known.has(id)).map(({ id }) => id))
  await refuseUnsafe(context, migrations, pending, majorOf(connection), (message) =>
    onEvent({ kind: 'warning', message }),
  )
}

/** The live database is asked under the runner's lock, and only where anything is begun. */
async function liveInput(context: Context, { diskFree }: UpRequest, input: UpInput): Promise<UpInput> {
  const { askLive } = await import('../safe/ask-live.ts')
  return {
    ...input,
    mayBegin: async (state, begins) => {
      if (begins) await askLive(context, { input, diskFree }, state)
    },
  }
}

async function writePlan({ cwd }: Context, { output }: UpRequest, { plan }: UpResult): Promise<void> {
  if (output === undefined || plan === undefined) return
  const { planFileText } = await import('../run-plan/file.ts')
  await writeOutput(resolve(cwd, output), output, planFileText(plan))
}

/** A gate that is closed is a no only when it is all there is to say: a pipeline's ordinary run leaves contracts waiting. */
function exitOf({ report: { applied, held }, isShort }: UpResult): Answer['exit'] {
  const closed = held.some(({ reason }) => reason === 'gate')
  return isShort === true || (applied.length === 0 && closed) ? 'gateClosed' : 'ok'
}
