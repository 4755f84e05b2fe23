import { ToolkitError } from '../core/errors.ts'
import type { TargetFacts } from '../model/server-facts.ts'
import type { Context } from './context.ts'

/**
 * What is known of the database that migrations are meant for: all of it where it is named for this run (a database in
 * the environment is not asked), else the major version that was given, or that of the snapshot.
 *
 * @throws ToolkitError what connecting may end in, `snapshot-invalid`
 */
export async function targetFacts(
  context: Context,
  { target, snapshot }: { readonly target: number | undefined; readonly snapshot: string | undefined },
): Promise<TargetFacts> {
  if (context.url !== undefined) return { known: 'all', facts: await askTarget(context) }
  const major = target ?? (await snapshotMajor(context, snapshot))
  return major === undefined ? { known: 'nothing' } : { known: 'major', major }
}

async function askTarget(context: Context): Promise<Extract<TargetFacts, { known: 'all' }>['facts']> {
  const { withTarget } = await import('./target.ts')
  const { readServerFacts } = await import('../shadows/facts.ts')
  return withTarget(context, { readOnly: true, anyPlace: true, applicationName: 'migrate verify' }, (connection) =>
    readServerFacts(connection, 'target'),
  )
}

/** A snapshot that another job has yet to write is no reason not to verify. */
async function snapshotMajor(context: Context, snapshot: string | undefined): Promise<number | undefined> {
  const { liveOf } = await import('./live.ts')
  try {
    return (await liveOf(context, { snapshot }))?.snapshot.server
  } catch (error) {
    if (error instanceof ToolkitError && error.code === 'file-unreadable') return undefined
    throw error
  }
}
