import type { Statement } from '../model/statement.ts'
import type { RunContext } from './context.ts'
import type { UnderLimit } from './failure.ts'
import { type LimitClass, limitClassOf } from './limits.ts'
import { settingsGivenBack } from './section.ts'

/** Under which limit a statement falls. */
export function classOf({ effects }: Pick<RunContext, 'effects'>, statement: Statement): LimitClass {
  return limitClassOf(statement, effects?.(statement))
}

/** The same, with what it comes to. */
export function limitOf(context: Pick<RunContext, 'effects' | 'limits'>, statement: Statement): UnderLimit {
  const name = classOf(context, statement)
  return { name, ms: context.limits[name] }
}

/**
 * For each statement of a transaction the `statement_timeout` that must be set before it, in milliseconds; undefined
 * where the one before it had the same. Where a migration sets its own, that holds from there on,
 * until it gives it back.
 */
export function timeLimits(
  context: Pick<RunContext, 'effects' | 'limits'>,
  statements: readonly Statement[],
): readonly (number | undefined)[] {
  let inForce: number | undefined
  let own = false
  return statements.map((statement) => {
    const limit = context.limits[classOf(context, statement)]
    const asked = own || limit === inForce ? undefined : limit
    // What was set after a savepoint goes with it.
    inForce = statement.facts.some((fact) => fact.kind === 'transaction') ? undefined : limit
    if (setsTimeLimit(statement)) own = true
    else if (givesTimeLimitBack(statement)) [own, inForce] = [false, undefined]
    return asked
  })
}

/** Whether a statement sets `statement_timeout` to something of its own. */
function setsTimeLimit({ facts }: Statement): boolean {
  return facts.some(
    (fact) =>
      fact.kind === 'set-setting' &&
      fact.setting === 'statement_timeout' &&
      (fact.value !== undefined || fact.computed === true),
  )
}

function givesTimeLimitBack(statement: Statement): boolean {
  const given = settingsGivenBack(statement)
  return given.has('statement_timeout') || given.has('all')
}

/**
 * Runs a statement outside a transaction under its limit, and puts the session's own back. CONCURRENTLY waits for
 * transactions one after the other and leaves an INVALID index when it gives up, so its waits have no limit of their own.
 */
export async function underDeadline(
  context: Pick<RunContext, 'connection' | 'effects' | 'limits' | 'lease'>,
  statement: Statement,
  work: () => Promise<void>,
): Promise<void> {
  const { connection } = context
  // Behind a pooler what is set for a session would be set for whoever comes next.
  const { lease } = context
  if (lease !== undefined || statement.facts.some(({ kind }) => kind === 'set-setting')) return work()
  const { rows } = await connection.query<{ lock: string; statement: string }>(
    `select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement`,
  )
  const before = rows[0] ?? { lock: '0', statement: '0' }
  const lock = statement.needsNoTransaction ? '0' : before.lock
  const limit = before.statement === '0' ? String(context.limits[classOf(context, statement)]) : before.statement
  await connection.run(timeouts(lock, limit))
  await work().finally(() => connection.run(timeouts(before.lock, before.statement)).catch(() => undefined))
}

function timeouts(lock: string, statement: string): string {
  return `set lock_timeout = '${lock}'; set statement_timeout = '${statement}'`
}
