import { liveSchema } from '../lint/live.ts'
import type { ParsedMigration } from '../model/migration.ts'
import type { Plan } from '../model/plan.ts'
import type { PlanFile } from '../plan/files.ts'
import type { OnTarget } from '../plan/on-target.ts'
import type { Context } from './context.ts'
import { historyOf } from './context.ts'
import { type Live, type LiveChoice, ratesOf } from './live.ts'
import { plannedStatements } from './run-plan/statements.ts'
import { sourceFile, sourceSet } from './source-files.ts'

/** A plan with the files that its steps become, in their order. */
export interface PlanWithFiles {
  readonly plan: Plan
  readonly files: readonly PlanFile[]
}

/**
 * What the steps of plans do to the tables of a live database, as the dry run of their files would tell it: no proof
 * speaks of files that nobody has verified yet, so it is what lint knows of statements.
 */
export async function plansOnTarget(
  context: Context,
  plans: readonly PlanWithFiles[],
  {
    live,
    url,
    history,
    server,
  }: Pick<LiveChoice, 'url'> & {
    readonly live: Live
    readonly history: readonly ParsedMigration[]
    /** Major version. */
    readonly server: number
  },
): Promise<readonly OnTarget[]> {
  const { snapshot, path } = live
  const texts = plans.flatMap(({ files }) => files.map(({ name, text }) => sourceFile(name, Buffer.from(text))))
  const planned = await historyOf(context, sourceSet(texts, context.cwd), { layout: 'native' })
  const known = {
    history: [...history, ...planned],
    stored: new Map(),
    sizes: snapshot.tables,
    rates: url === undefined ? { perSecond: {} } : await ratesOf(context, url),
    server,
    start: liveSchema(snapshot, history, context.dialect),
  }
  const statements = plannedStatements(context, new Set(planned.map(({ id }) => id)), known)
  const where = path === undefined ? 'the database that was asked' : `the snapshot ${path}`
  const source = `${where} (PostgreSQL ${snapshot.server})`
  return plans.map(({ plan, files }) => {
    const steps = plan.steps.filter(({ kind }) => kind !== 'deploy')
    const ofStep = steps.map(({ id }, index) => {
      const file = planned.find((migration) => migration.source.path.endsWith(files[index]?.name ?? ''))
      return [id, (file && statements.get(file.id)) ?? []] as const
    })
    return { source, steps: new Map(ofStep) }
  })
}
