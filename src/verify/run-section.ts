import type { Connection } from '../model/database.ts'
import type { Section } from '../model/migration.ts'
import { type ParsedSql, type Statement, inOneTransaction } from '../model/statement.ts'

/**
 * Runs one direction of a migration as a run on a target would: in one transaction, or, where it has a statement that
 * cannot run in one or says so itself, each statement on its own. What the section set in the session is reset.
 *
 * @throws DatabaseError of the statement that failed; an open transaction is rolled back
 */
export async function runSection(connection: Connection, section: Section, parsed: ParsedSql): Promise<void> {
  const { statements } = parsed
  try {
    if (inOneTransaction(section, parsed)) await runTogether(connection, statements)
    else for (const { sql } of statements) await connection.run(sql)
  } finally {
    await connection.run('rollback')
    await connection.run('discard all')
  }
}

async function runTogether(connection: Connection, statements: readonly Statement[]): Promise<void> {
  await connection.run('begin')
  for (const { sql } of statements) await connection.run(sql)
  await connection.run('commit')
}
