import { join, resolve } from 'node:path'
import { ToolkitError } from '../../core/errors.ts'
import { plural } from '../../core/text.ts'
import { liveSchema } from '../../lint/live.ts'
import { nothingBefore, replay } from '../../lint/replay.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import type { Plan } from '../../model/plan.ts'
import type { Statement } from '../../model/statement.ts'
import { writtenPlace } from '../../model/written.ts'
import type { PlanFile } from '../../plan/files.ts'
import { planFiles } from '../../plan/files.ts'
import type { OnTarget } from '../../plan/on-target.ts'
import { planMarkdown } from '../../plan/markdown.ts'
import { planChange } from '../../plan/plan.ts'
import { planText } from '../../plan/show.ts'
import { recipes } from '../../recipes/registry.gen.ts'
import type { Answer } from '../answer.ts'
import { directoryHistoryIfAny, historyOf, sourcesOf, targetOf } from '../context.ts'
import type { Context } from '../context.ts'
import { forHistory, liveOf, liveUse } from '../live.ts'
import type { Live, LiveChoice } from '../live.ts'
import { type PlanWithFiles, plansOnTarget } from '../plan-on-target.ts'
import { sourceFile, sourceSet } from '../source-files.ts'
import { timeForNew } from '../new-id.ts'
import { writeFiles } from '../write-files.ts'

export interface PlanRequest extends LiveChoice {
  /** Files that hold the change. */
  readonly paths: readonly string[]
  /** The change itself. */
  readonly sql?: string | undefined
  readonly change?: string | undefined
  /** SQL expression that NULLs are replaced with. */
  readonly fill?: string | undefined
  readonly target?: number | undefined
  /** Write the steps as migration files. */
  readonly write: boolean
  readonly markdown: boolean
  /** Time from which the ids of the files count; the newest id of the directory pushes it up. */
  readonly now?: Date
}

/**
 * The expand/contract plan of each statement of a change, on the schema that the directory's history leaves.
 *
 * @throws ToolkitError `plan-impossible`, `sql-syntax`, `file-exists`, `command-invalid`
 */
export async function answerPlan(context: Context, request: PlanRequest): Promise<Answer> {
  const history = await directoryHistoryIfAny(context, 'read')
  if (request.write) refuseForeign(history)
  const asked = await askedFor(context, request)
  const live = forHistory(await liveOf(context, request), history)
  if (live !== undefined) await context.dialect.load()
  const ground = { history, live, server: targetOf(context, request.target, live?.snapshot.server) }
  const plans = asked.flatMap((migration, index) =>
    plansOf(context, request, { ...ground, asked: asked.slice(0, index) }, migration),
  )
  if (plans.length > 1 && request.change !== undefined) throw severalChanges(plans.length)
  const withFiles = filesOf(
    plans,
    timeForNew(
      history.map(({ id }) => id),
      request.now ?? new Date(),
    ),
  )
  const onTarget =
    live === undefined ? [] : await plansOnTarget(context, withFiles, { ...ground, live, url: request.url })
  const written = request.write
    ? await writePlanned(
        context,
        withFiles.flatMap(({ files }) => files),
      )
    : []
  const show = (plan: Plan, index: number, style: Parameters<Answer['text']>[0]): string =>
    request.markdown ? planMarkdown(plan, onTarget[index]) : planText(plan, style, onTarget[index])
  return {
    exit: 'ok',
    json: {
      version: 1,
      ...(live === undefined ? {} : { live: liveUse(live, history) }),
      plans: plans.map((plan, index) => planJson(plan, onTarget[index])),
      files: written,
    },
    text: (style) => plans.map((plan, index) => show(plan, index, style)).join('\n') + writtenText(written),
  }
}

/** With a live database each step that is SQL has its `statements`, as a run plan has them. */
function planJson(plan: Plan, onTarget: OnTarget | undefined): object {
  if (onTarget === undefined) return plan
  const steps = plan.steps.map((step) => {
    const statements = onTarget.steps.get(step.id)
    return statements === undefined ? step : { ...step, statements }
  })
  return { ...plan, steps }
}

/** The change's statements, as migrations of bare SQL. */
async function askedFor(context: Context, { sql, paths }: PlanRequest): Promise<readonly ParsedMigration[]> {
  if ((sql === undefined) === (paths.length === 0)) {
    throw new ToolkitError({
      code: 'command-invalid',
      message: sql === undefined ? 'There is no change to plan.' : 'The change is given twice: as files and with -e.',
      hint: 'Give it once: migrate plan -e "alter table …", or migrate plan change.sql',
    })
  }
  const set =
    sql === undefined
      ? await sourcesOf(context, paths, 'plain')
      : sourceSet([sourceFile('<command line>', Buffer.from(sql))], context.cwd)
  const migrations = await historyOf(context, set, { layout: 'plain' })
  for (const migration of migrations) refuseSyntaxErrors(migration)
  if (migrations.every(({ upSql }) => upSql.statements.length === 0)) {
    throw new ToolkitError({
      code: 'command-invalid',
      message: 'There is no statement in the change.',
      hint: 'Write the change as one would without a plan: migrate plan -e "alter table books alter column title set not null"',
    })
  }
  return migrations
}

/** Our files in a folder of another tool would be read by neither. */
function refuseForeign(history: readonly ParsedMigration[]): void {
  const tool = history.find((migration) => migration.tool !== undefined)?.tool
  if (tool === undefined) return
  throw new ToolkitError({
    code: 'layout-not-run',
    message: `The directory holds migrations of ${tool.name}, which does not run the files that a plan is written as. Nothing was written.`,
    hint: 'Leave --write out and copy the statements of each step, or name a directory for our files with --dir.',
  })
}

function refuseSyntaxErrors({ upSql, source }: ParsedMigration): void {
  const [problem] = upSql.problems
  if (problem === undefined) return
  throw new ToolkitError({
    code: 'sql-syntax',
    message: `The change is not valid SQL: ${problem.message}.`,
    at: writtenPlace(source, problem.span.start),
    details: source.text.slice(problem.statement.start, problem.statement.end),
    hint: 'Correct the statement. In a shell, SQL with quotes is easiest to give in a file: migrate plan change.sql',
  })
}

/** What a change is planned on. */
interface Ground {
  readonly history: readonly ParsedMigration[]
  readonly live: Live | undefined
  /** What is asked for before. */
  readonly asked: readonly ParsedMigration[]
  /** Major version. */
  readonly server: number
}

function plansOf(
  context: Context,
  request: PlanRequest,
  { history, live, asked, server }: Ground,
  migration: ParsedMigration,
): readonly Plan[] {
  const { statements } = migration.upSql
  const { dialect } = context
  const start = live === undefined ? nothingBefore(server) : liveSchema(live.snapshot, history, dialect)
  return statements.map((statement, index) =>
    planChange({
      statement,
      schema: replay([...history, ...asked, withStatements(migration, statements.slice(0, index))], start),
      recipes,
      dialect,
      target: server,
      change: request.change,
      fill: request.fill,
    }),
  )
}

function withStatements(migration: ParsedMigration, statements: readonly Statement[]): ParsedMigration {
  return { ...migration, upSql: { ...migration.upSql, statements } }
}

/** The plans with their files, one plan after the other, their ids counting up a second a file. */
function filesOf(plans: readonly Plan[], start: Date): readonly PlanWithFiles[] {
  let time = start.getTime()
  return plans.map((plan) => {
    const files = planFiles(plan, new Date(time))
    time += files.length * 1000
    return { plan, files }
  })
}

async function writePlanned(context: Context, files: readonly PlanFile[]): Promise<readonly string[]> {
  const placed = files.map(({ name, text }) => {
    const shown = join(context.directory, name)
    return { path: resolve(context.cwd, shown), shown, text }
  })
  await writeFiles(placed)
  return placed.map(({ shown }) => shown)
}

function writtenText(paths: readonly string[]): string {
  if (paths.length === 0) return ''
  return `\nWrote ${plural(paths.length, 'file')}:\n${paths.map((path) => `  ${path}\n`).join('')}`
}

function severalChanges(count: number): ToolkitError {
  return new ToolkitError({
    code: 'command-invalid',
    message: `--change names one evolution, but there are ${count} statements to plan.`,
    hint: 'Leave --change out, or plan them one by one.',
  })
}
