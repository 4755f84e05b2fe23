import { systemClock } from '../../core/time.ts'
import type { Connection } from '../../model/database.ts'
import { type ApproveInput, approve } from '../../run/approve.ts'
import type { Answer } from '../answer.ts'
import { userName } from '../actor.ts'
import { directoryHistory } from '../context.ts'
import type { Context } from '../context.ts'
import { runOptions } from '../run-options.ts'
import { checkTarget } from '../run-plan/check.ts'
import { shortDigest } from '../run-plan/digest.ts'
import { planSubject } from '../run-plan/plan-gates.ts'
import { forRunner, withTarget } from '../target.ts'

export interface ApproveRequest {
  /** The name of a change, the id of a migration, or a file with a run plan. */
  readonly subject: string
  /** Who approves; the user name of the session when absent. */
  readonly by?: string | undefined
}

/** What is approved, and what has to be asked of the database before. */
interface Subject {
  readonly of: Pick<ApproveInput, 'subject' | 'digest' | 'migrations'>
  readonly check: (connection: Connection) => Promise<void>
  /** `as its files are now`. */
  readonly words: string
}

/** Records an approval of what the files say now. */
export async function answerApprove(context: Context, request: ApproveRequest): Promise<Answer> {
  const isPlan = request.subject.endsWith('.json')
  const { of, check, words } = isPlan ? await planOf(context, request.subject) : await filesOf(context, request.subject)
  const by = request.by ?? userName(context.env)
  const approval = await withTarget(context, { readOnly: false }, async (connection) => {
    await check(connection)
    return approve({ connection, ...of, by, clock: systemClock, options: runOptions(context.loaded.config) })
  })
  const what = isPlan ? request.subject : approval.subject
  return {
    exit: 'ok',
    json: { version: 1, ...approval },
    text: () => `${what} is approved by ${approval.by}, ${words} (digest ${shortDigest(approval.digest)}).\n`,
  }
}

async function filesOf(context: Context, subject: string): Promise<Subject> {
  const migrations = forRunner(context, await directoryHistory(context, 'run'))
  return { of: { subject, migrations }, check: () => Promise.resolve(), words: 'as its files are now' }
}

/** An approval is worth nothing in the journal of another database than the plan's. */
async function planOf(context: Context, path: string): Promise<Subject> {
  const { readPlanFile } = await import('../run-plan/file.ts')
  const plan = await readPlanFile(context, path)
  return {
    of: { subject: planSubject, digest: plan.digest, migrations: [] },
    check: (connection) => checkTarget(plan, connection),
    words: 'for runs with exactly this plan',
  }
}
