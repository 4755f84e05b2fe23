import { driftText } from '../../verify/drift/show.ts'
import type { Answer } from '../answer.ts'
import { directoryHistory } from '../context.ts'
import type { Context } from '../context.ts'
import { driftFrom, readLive } from '../drift-from.ts'
import type { DriftOptions } from '../drift-from.ts'

export type DriftRequest = DriftOptions

/** How the live database differs from what its migrations make. Reads only; the history runs on a scratch server. */
export async function answerDrift(context: Context, request: DriftRequest): Promise<Answer> {
  const history = await directoryHistory(context, 'read')
  await context.dialect.load()
  const live = await readLive(context, 'drift', 'none')
  const applied = live.journal === undefined ? undefined : new Set(live.journal.applied.map(({ id }) => id))
  const replayed = applied === undefined ? history : history.filter(({ id }) => applied.has(id))
  const missing = [...(applied ?? [])].filter((id) => !history.some((migration) => migration.id === id))
  const report = await driftFrom(context, request, { command: 'drift', live, replayed, missing })
  const isDrift = report.differences.length > 0 || missing.length > 0
  return {
    exit: isDrift ? 'pending' : 'ok',
    json: { version: 1, drift: isDrift, ...report },
    text: (style) => driftText(report, style),
  }
}
