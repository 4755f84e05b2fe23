import { ToolkitError } from '../core/errors.ts'
import type { Connection } from '../model/database.ts'
import type { RunContext } from './context.ts'
import type { Journal } from './journal.ts'
import { overAnotherSession } from './rescue.ts'

/** The row of the journal that a transaction writes: where it is, the transaction was committed. */
export interface Witness {
  readonly migration: string
  readonly direction: 'up' | 'down'
  /** 0-based; undefined: the migration as a whole. */
  readonly statement?: number
}

/** The connection broke while COMMIT was under way, and its answer was looked up in another session. */
export class LostCommit extends ToolkitError {
  readonly kept: boolean | undefined

  constructor({ migration, direction, statement }: Witness, kept: boolean | undefined, cause: ToolkitError) {
    const what = statement === undefined ? migration : `statement ${statement + 1} of ${migration}`
    const done = statement === undefined ? (direction === 'up' ? 'applied' : 'reverted') : 'done'
    const answer =
      kept === undefined
        ? 'whether it was kept could not be asked yet'
        : kept
          ? `it was kept: the journal says that ${what} is ${done}`
          : `it was not kept: nothing of ${what} is left`
    super({
      code: 'connection-lost',
      message: `The connection broke while COMMIT of ${what} was under way; ${answer}.`,
      hint: 'Run the command again when the server answers: it asks the journal first, and goes on from there.',
      cause: cause.cause,
    })
    this.kept = kept
  }
}

/** A session that lost its client ends within seconds, but for one whose COMMIT waits for a replica. */
const waitForEndMs = 5000
const lookEveryMs = 100

/** Looks up what became of a COMMIT whose answer never came. */
export async function lookUpCommit(context: RunContext, witness: Witness, cause: ToolkitError): Promise<LostCommit> {
  const kept = await overAnotherSession(context, async (journal) =>
    (await hasEnded(journal.connection, context)) ? found(journal, context, witness) : undefined,
  )
  return new LostCommit(witness, kept, cause)
}

/** Only when its session is gone a transaction cannot commit any more. */
async function hasEnded(connection: Connection, { pid, clock }: RunContext): Promise<boolean> {
  for (let waitedMs = 0; waitedMs <= waitForEndMs; waitedMs += lookEveryMs) {
    const { rows } = await connection.query('select from pg_stat_activity where pid = $1', [pid])
    if (rows.length === 0) return true
    await clock.sleep(lookEveryMs)
  }
  return false
}

/** Behind a pooler nobody knows when the process has ended that ran the transaction, so what is not there may yet come. */
async function found(journal: Journal, { run, lease }: RunContext, witness: Witness): Promise<boolean | undefined> {
  const written = await isWritten(journal, run, witness)
  return written || lease === undefined ? written : undefined
}

async function isWritten({ tables }: Journal, run: number, witness: Witness): Promise<boolean> {
  const row = await tables
    .selectFrom('step')
    .select('id')
    .where('run', '=', run)
    .where('migration', '=', witness.migration)
    .where('direction', '=', witness.direction)
    .where('event', '=', 'done')
    .where('statement', 'is not distinct from', witness.statement ?? null)
    .executeTakeFirst()
  return row !== undefined
}
