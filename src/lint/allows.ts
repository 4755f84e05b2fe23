import type { Allow, ParsedMigration, SourceFile } from '../model/migration.ts'
import type { Statement } from '../model/statement.ts'
import type { BareFinding } from './fingerprint.ts'
import { allowSource, downSource, upSource } from './source-of.ts'

export interface AllowResult {
  readonly kept: readonly BareFinding[]
  readonly silenced: number
  /** Allows that silenced nothing. */
  readonly unused: readonly Allow[]
}

/** Takes out the findings that a `-- migrate:allow … because …` silences. */
export function applyAllows(migration: ParsedMigration, findings: readonly BareFinding[]): AllowResult {
  const { allows } = migration
  const used = new Set<Allow>()
  const kept = findings.filter((finding) => {
    const allow = allows.find((candidate) => silences(migration, candidate, finding))
    if (allow !== undefined) used.add(allow)
    return allow === undefined
  })
  return { kept, silenced: findings.length - kept.length, unused: allows.filter((allow) => !used.has(allow)) }
}

function silences(migration: ParsedMigration, allow: Allow, finding: BareFinding): boolean {
  if (allow.rule !== finding.rule) return false
  if (allow.appliesFrom === undefined) return true
  const file = allowSource(allow, migration)
  if (file !== finding.file) return false
  const statement = statementBelow(statementsIn(file, migration), allow.appliesFrom)
  if (statement === undefined) return false
  const from = Math.max(allow.appliesFrom, statement.span.start)
  return finding.span.start >= from && finding.span.start < statement.span.end
}

function statementsIn(file: SourceFile, migration: ParsedMigration): readonly Statement[] {
  return [
    ...(upSource(migration) === file ? migration.upSql.statements : []),
    ...(downSource(migration) === file ? migration.downSql.statements : []),
  ]
}

/** The statement that starts after `offset`, or that `offset` is inside of: above one action of an ALTER TABLE. */
function statementBelow(statements: readonly Statement[], offset: number): Statement | undefined {
  return statements.find((statement) => statement.span.end > offset)
}
