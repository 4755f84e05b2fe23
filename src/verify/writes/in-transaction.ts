import type { ParsedSql } from '../../model/statement.ts'
import { touchedByFacts } from '../../model/touched.ts'

/** One statement as it runs in a transaction that is rolled back. */
export interface TrialStatement {
  readonly sql: string
  /** It changes something that lasts, or may. */
  readonly changes: boolean
}

const concurrently = /^(create\s+(?:unique\s+)?index|drop\s+index|reindex(?:\s*\([^)]*\))?\s+\w+)\s+concurrently\b/i
const detach = /^(alter\s+table\b[\s\S]*\bdetach\s+partition\b[\s\S]*?)\s+concurrently\s*$/i
const leavesDataAlone = /^(?:vacuum|analyze)\b/i

/**
 * A section as it can be tried in a transaction. CONCURRENTLY is left out: it says how an index is built, not what rows
 * become. Undefined where a statement cannot run in one in any form.
 */
export function inTransaction({ statements }: ParsedSql): readonly TrialStatement[] | undefined {
  if (statements.some(({ facts }) => facts.some(({ kind }) => kind === 'transaction'))) return undefined
  const trial = statements.map((statement) => ({
    sql: statement.sql.replace(concurrently, '$1').replace(detach, '$1'),
    changes: touchedByFacts([statement]).size > 0 || statement.facts.some(({ kind }) => kind === 'dynamic-sql'),
    still: statement.needsNoTransaction,
    original: statement.sql,
  }))
  const kept = trial.filter(({ sql }) => !leavesDataAlone.test(sql))
  const impossible = kept.some(({ sql, still, original }) => still && sql === original && !/\badd\s+value\b/i.test(sql))
  return impossible ? undefined : kept.map(({ sql, changes }) => ({ sql, changes }))
}
