import { systemClock } from '../../core/time.ts'
import { approve } from '../../run/approve.ts'
import type { Answer } from '../answer.ts'
import { userName } from '../actor.ts'
import { directoryHistory } from '../context.ts'
import type { Context } from '../context.ts'
import { runOptions } from '../run-options.ts'
import { forRunner, withTarget } from '../target.ts'

export interface ApproveRequest {
  /** The name of a change, or the id of a migration. */
  readonly subject: string
  /** Who approves; the user name of the session when absent. */
  readonly by?: string | undefined
}

/** Characters of a digest that people compare. */
const shownDigest = 12

/** Records an approval of what the files say now. */
export async function answerApprove(context: Context, request: ApproveRequest): Promise<Answer> {
  const migrations = forRunner(context, await directoryHistory(context, 'run'))
  const by = request.by ?? userName(context.env)
  const approval = await withTarget(context, { readOnly: false }, (connection) =>
    approve({
      connection,
      migrations,
      subject: request.subject,
      by,
      clock: systemClock,
      options: runOptions(context.loaded.config),
    }),
  )
  return {
    exit: 'ok',
    json: { version: 1, ...approval },
    text: () =>
      `${approval.subject} is approved by ${approval.by}, as its files are now (digest ${approval.digest.slice(0, shownDigest)}).\n`,
  }
}
