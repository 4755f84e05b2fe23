import type { Collector } from '../../capture/collector.ts'
import { searchPathOf } from '../../capture/search-path.ts'
import { readStatistics } from '../../capture/statistics.ts'
import { ToolkitError } from '../../core/errors.ts'
import { openJournal } from '../../run/journal.ts'
import { readJournal } from '../../run/journal/read.ts'
import type { Connection } from '../../model/database.ts'
import type { Context } from '../context.ts'
import { withTarget } from '../target.ts'

/** What a database says beside its statements. */
export interface DatabaseFacts {
  /** Ids that its journal holds. */
  readonly applied: readonly string[]
  /** The only role that sent what was captured; null where there are several. */
  readonly role: string | null
  readonly searchPath: string | null
}

/**
 * Gives what pg_stat_statements holds to the collector, in a session that cannot write.
 *
 * @throws ToolkitError `command-invalid` for a role that there is not, `queries-unavailable`, `permission-denied`, and what
 * connecting may end in
 */
export function captureDatabase(
  context: Context,
  roles: readonly string[],
  collector: Collector,
): Promise<DatabaseFacts> {
  return withTarget(
    context,
    { readOnly: true, anyPlace: true, applicationName: 'migrate queries' },
    async (connection) => {
      for (const role of roles) await checkRole(connection, role)
      const statistics = await readStatistics(connection, roles)
      for (const text of statistics.texts) collector.add(text)
      collector.leaveOut('nested', undefined, statistics.nested)
      collector.leaveOut('lost', undefined, statistics.lost)
      const { applied } = await readJournal(await openJournal(connection, context.loaded.config.journalSchema))
      const senders = roles.length > 0 ? roles : statistics.roles
      const [role = null] = senders.length === 1 ? senders : []
      return {
        applied: applied.map(({ id }) => id),
        role,
        searchPath: role === null ? null : await searchPathOf(connection, role),
      }
    },
  )
}

async function checkRole(connection: Connection, role: string): Promise<void> {
  const { rows } = await connection.query('select from pg_catalog.pg_roles where rolname = $1', [role])
  if (rows.length > 0) return
  throw new ToolkitError({
    code: 'command-invalid',
    message: `There is no role "${role}" on this server.`,
    hint: 'Name the role as which the application connects: --role NAME',
  })
}
