import { ToolkitError } from '../core/errors.ts'
import { DatabaseError } from '../db/database-error.ts'
import { missingGrant } from '../db/missing-grant.ts'

/**
 * What a server answered to a statement of ours, as an error with a code; anything else as it is. Statements of a
 * migration have their own errors, which say where they stand.
 */
export function serverRefusal(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error
  const details = [error.detail, error.serverHint].filter((line) => line !== undefined).join('\n')
  const denied = error.sqlState === '42501'
  const grant = missingGrant(error)
  return new ToolkitError({
    code: denied ? 'permission-denied' : 'server-refused',
    message: `The server refuses: ${error.message}${error.sqlState === undefined ? '' : ` (SQLSTATE ${error.sqlState})`}.`,
    hint:
      grant !== undefined
        ? `Give the role what it lacks: ${grant}`
        : denied
          ? 'Connect as a role that may write the journal and owns the tables, or grant this one what it needs.'
          : 'Nothing that was not committed before is kept. See: migrate status',
    ...(details === '' ? {} : { details }),
    cause: error,
  })
}
