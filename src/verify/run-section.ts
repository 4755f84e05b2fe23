import type { Connection } from '../model/database.ts'
import type { Section } from '../model/migration.ts'
import { type ParsedSql, type Statement, inOneTransaction } from '../model/statement.ts'
import { FailedStatement } from './failed-statement.ts'

/**
 * Runs one direction of a migration as a run on a target would: in one transaction, or, where it has a statement that
 * cannot run in one or says so itself, each statement on its own. What the section set in the session is reset.
 *
 * @throws FailedStatement with the server's words; an open transaction is rolled back
 */
export async function runSection(connection: Connection, section: Section, parsed: ParsedSql): Promise<void> {
  const { statements } = parsed
  refuseUnparsed(section, parsed)
  try {
    if (inOneTransaction(section, parsed)) await runTogether(connection, statements)
    else for (const statement of statements) await runStatement(connection, statement)
  } finally {
    await Promise.all([connection.run('rollback'), connection.run('discard all')])
  }
}

/**
 * Nothing can be said of a section from which a statement is left out.
 *
 * @throws FailedStatement with the grammar's words
 */
export function refuseUnparsed(section: Section, { problems: [problem] }: ParsedSql): void {
  if (problem === undefined) return
  const { statement: span, message } = problem
  const sql = section.sql.slice(span.start - section.span.start, span.end - section.span.start)
  throw new FailedStatement({ span, sql, facts: [], needsNoTransaction: false }, new Error(message))
}

/** Runs one statement, and says which it was when it fails. */
export async function runStatement(connection: Connection, statement: Statement): Promise<void> {
  try {
    await connection.run(statement.sql)
  } catch (error) {
    throw new FailedStatement(statement, error)
  }
}

/** Everything is sent at once: after a failure the server refuses the rest, and the first error is the one that counts. */
async function runTogether(connection: Connection, statements: readonly Statement[]): Promise<void> {
  const begun = connection.run('begin')
  const ran = statements.map((statement) => runStatement(connection, statement))
  const all = [begun, ...ran, connection.run('commit')]
  await Promise.allSettled(all)
  for (const one of all) await one
}
