import { DatabaseError } from '../../db/database-error.ts'
import type { Connection } from '../../model/database.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import { inOneTransaction } from '../../model/statement.ts'
import type { Finding } from './finding.ts'

/** Longer sections are not gone through: each step runs all before it once more. */
const longestSection = 12

/** What the statements find once `first` has run in their transaction; in their order. */
export type Check = (first: () => Promise<unknown>) => Promise<readonly (readonly Finding[])[]>

/**
 * The statement of the upgrade that breaks each query, by the query's place: the upgrade is done again bit by bit, in
 * transactions that are rolled back. Where that cannot be done nothing is said.
 */
export async function blame(
  connection: Connection,
  { up, upSql }: ParsedMigration,
  broken: readonly number[],
  check: Check,
): Promise<ReadonlyMap<number, string>> {
  const steps = new Map<number, string>()
  const { statements } = upSql
  if (statements.length > longestSection || !inOneTransaction(up, upSql)) return steps
  try {
    for (const [index, { sql }] of statements.entries()) {
      const open = broken.filter((place) => !steps.has(place))
      if (open.length === 0) break
      const found = await check(async () => {
        for (const statement of statements.slice(0, index + 1)) await connection.run(statement.sql)
      })
      for (const place of open) if (isBroken(found[place])) steps.set(place, sql)
    }
  } catch (error) {
    // The downgrade may have left something on which the upgrade cannot be done again.
    if (!(error instanceof DatabaseError)) throw error
  }
  return steps
}

export function isBroken(findings: readonly Finding[] | undefined): boolean {
  return findings?.some(({ standing }) => standing === 'broken') === true
}
