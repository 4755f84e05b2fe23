import { ToolkitError, messageOf } from '../core/errors.ts'
import { DatabaseError } from '../db/database-error.ts'
import type { TextResult } from '../model/database.ts'
import type { RunContext } from './context.ts'
import { cancellable } from './interruption.ts'
import type { RunMigration } from './run-migration.ts'

/** A check that reads for longer would hold up the release; and it must not wait behind locks of others. */
const checkTimeoutMs = 60_000
const lockTimeoutMs = 5000

/**
 * Asks the migration's own checks, one after the other, in the session that applied it. Each runs in a transaction that
 * cannot write. Undefined: all gave true; else what the first of the others gave, in one sentence.
 *
 * @throws ToolkitError `connection-lost`, `interrupted`, `terminated`
 */
export async function askChecks(context: RunContext, { checks = [] }: RunMigration): Promise<string | undefined> {
  for (const { sql } of checks) {
    const found = await askCheck(context, sql)
    if (found !== 'true') return `${sql} gave ${found}`
  }
  return undefined
}

async function askCheck(context: RunContext, sql: string): Promise<string> {
  const { connection } = context
  await connection.run(
    `begin read only; set local statement_timeout = ${checkTimeoutMs}; set local lock_timeout = ${lockTimeoutMs}`,
  )
  try {
    return answerOf(await cancellable(context, () => connection.texts(sql)))
  } catch (error) {
    // What cannot be answered is not true.
    if (error instanceof DatabaseError) return `an error: ${messageOf(error)}`
    throw error
  } finally {
    await connection.run('rollback').catch((error: unknown) => {
      if (error instanceof ToolkitError) throw error
    })
  }
}

function answerOf({ rows }: TextResult): string {
  const [row, ...more] = rows
  if (row === undefined) return 'no row'
  if (more.length > 0 || row.length !== 1) return `${rows.length} rows of ${row.length} columns`
  const [value = null] = row
  return value === 't' ? 'true' : value === 'f' ? 'false' : value === null ? 'NULL' : `"${value}", which is no boolean`
}
