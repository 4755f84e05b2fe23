import type { Connection } from '../../model/database.ts'
import type { Piece } from './pieces.ts'
import type { Sender } from './session.ts'

/** Roles of the statements that the server does not have. */
export async function missingRoles(connection: Connection, pieces: readonly Piece[]): Promise<readonly string[]> {
  const roles = [...new Set(pieces.flatMap(({ role }) => role ?? []))]
  if (roles.length === 0) return []
  const { rows } = await connection.query<{ rolname: string }>(
    'select rolname from pg_roles where rolname = any ($1::text[])',
    [roles],
  )
  return roles.filter((role) => !rows.some(({ rolname }) => rolname === role))
}

/** Statements with who sends them. */
export interface Sending {
  readonly sender: Sender
  readonly pieces: readonly Piece[]
}

/** The statements by role and search path; those of a role that is `missing` are sent without one. */
export function bySender(pieces: readonly Piece[], missing: readonly string[]): readonly Sending[] {
  const groups = new Map<string, { readonly sender: Sender; readonly pieces: Piece[] }>()
  for (const piece of pieces) {
    const role = piece.role !== null && missing.includes(piece.role) ? null : piece.role
    const key = JSON.stringify([role, piece.searchPath])
    const group = groups.get(key) ?? { sender: { role, searchPath: piece.searchPath }, pieces: [] }
    group.pieces.push(piece)
    groups.set(key, group)
  }
  return [...groups.values()]
}
