import { exampleMigration } from '../../scripts/measure/example-migrations.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { lint } from '../../src/lint/lint.ts'
import { rules } from '../../src/rules/registry.gen.ts'

/** A piece of SQL that linters get wrong, and what is applied before it. */
export interface Snippet {
  readonly why: string
  readonly given?: readonly string[]
  readonly sql: string
  /** Migrations that lie behind it already. */
  readonly after?: readonly string[]
  /** False where no runner wraps the file in a transaction. */
  readonly transaction?: boolean
  /** Where another runner than ours runs the file: the settings that it sets. */
  readonly runnerSets?: readonly string[]
  /** Ids of the rules that report it, each once a finding, in order of place. */
  readonly reported: readonly string[]
}

/** What all rules together report about a snippet: `rule` for errors, `rule (warning)` and `rule (info)` for less. */
export function found({ given = [], sql, after = [], transaction = true, runnerSets }: Snippet): readonly string[] {
  const before = given.map((text, index) => exampleMigration(text, 1000 + index, true))
  const read = exampleMigration(sql, 2000, transaction)
  const judged = runnerSets === undefined ? read : { ...read, runnerSets, runnerDoes: [] }
  const behind = after.map((text, index) => exampleMigration(text, 3000 + index, false))
  const report = new Set([judged.id])
  const { findings } = lint({ history: [...before, judged, ...behind], report, rules, dialect: postgres, target: 18 })
  return findings.map(({ rule, severity }) => (severity === 'error' ? rule : `${rule} (${severity})`))
}
