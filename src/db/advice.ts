/**
 * What to do about an answer of the server that is not about the SQL, by SQLSTATE (PostgreSQL documentation, "Error
 * Codes"). Each says what happened first, because the server's own words may be in any language.
 */
const advice: Readonly<Record<string, string>> = {
  '40001':
    'A transaction of others changed the same rows first (serialization failure). Run the command again; nothing in the file needs to change.',
  '40P01':
    'Two transactions waited for each other (deadlock), and the server ended this one. Run the command again; where it happens often, lock the tables in the order in which the application does.',
  '25006':
    'The session became read-only: usually a failover, and this server is a replica now. Connect to the primary and run the command again.',
  '53100':
    'The disk of the server is full. What was written is given back already. Free space, or move the work to another tablespace, and run the command again.',
  '53200':
    'The server ran out of memory. Lower maintenance_work_mem or work_mem for the migration, or run it when less is going on.',
  '53300':
    'The server, the database or the role has no connection left. Run the command again later, or raise max_connections or the CONNECTION LIMIT.',
  '55P03': 'A lock was not obtained in time. Run the command again when the transaction that holds it has ended.',
  '57014':
    'Its time limit was up, or somebody cancelled it. Where it needs longer, raise run.limits in the configuration; who cancelled it stands in the log of the server.',
  '57P01':
    'The session was ended by an administrator, a restart or a failover. Run the command again when the server answers: it goes on where it stopped.',
  '57P02':
    'The server stopped at once, as in a crash, and recovers. Run the command again when it answers: it goes on where it stopped.',
  '57P03': 'The server is starting up, recovering or shutting down. Run the command again when it answers.',
}

/** What to do next about this SQLSTATE; undefined where the SQL itself has to be looked at. */
export function adviceFor(sqlState: string | undefined): string | undefined {
  return sqlState === undefined ? undefined : advice[sqlState]
}
