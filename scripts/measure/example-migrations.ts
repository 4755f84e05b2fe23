import { createHash } from 'node:crypto'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { gates } from '../../src/gates/registry.gen.ts'
import { native } from '../../src/layouts/native.ts'
import { parseMigration } from '../../src/lint/parse.ts'
import type { ParsedMigration, SourceFile } from '../../src/model/migration.ts'
import { rules } from '../../src/rules/registry.gen.ts'
import type { RuleExample } from '../../src/rules/rule.ts'

/** An example of a rule as migrations: what is applied already, and what is judged after it. */
export interface ExampleHistory {
  readonly given: readonly ParsedMigration[]
  readonly judged: readonly ParsedMigration[]
}

/** `postgres.load()` must have resolved. */
export function exampleHistory(example: RuleExample, which: 'bad' | 'good'): ExampleHistory {
  const transaction = example.transaction ?? true
  const migration = (text: string, id: number): ParsedMigration => {
    const read = exampleMigration(text, id, transaction)
    return example.runnerSets === undefined ? read : { ...read, runnerSets: example.runnerSets, runnerDoes: [] }
  }
  const given = listOf(example.given).map((text, index) => migration(text, 1000 + index))
  const judged = listOf(example[which] ?? []).map((text, index) => migration(text, 2000 + index))
  return { given, judged }
}

/** A text with directives is a file of the native layout; any other is the SQL of one migration. */
export function exampleMigration(text: string, id: number, transaction: boolean): ParsedMigration {
  const source: SourceFile = {
    path: `migrations/2026010100${id}_example.sql`,
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
  }
  if (!/^-- migrate:/m.test(text)) {
    const up = { span: { start: 0, end: text.length }, sql: text, transaction }
    const plain = {
      gates: [],
      requires: [],
      allows: [],
      downLoses: [],
      runnerSets: ['lock_timeout', 'statement_timeout'],
      runnerDoes: ['resets-settings', 'resumes'] as const,
    }
    const name = `2026010100${id}`
    return parseMigration(
      { id: name, name: 'example', source, up, down: { kind: 'missing', expected: false }, ...plain },
      postgres,
    )
  }
  const knownRules = rules.map((rule) => rule.id)
  const knownGates = gates.map((gate) => gate.id)
  const { migrations, problems } = native.read([source], { knownRules, knownGates })
  const [migration] = migrations
  if (migration === undefined || problems.length > 0) {
    throw new Error(`An example cannot be read: ${problems.map(({ message }) => message).join(' ')}\n${text}`)
  }
  return parseMigration(migration, postgres)
}

function listOf(texts: string | readonly string[]): readonly string[] {
  return typeof texts === 'string' ? [texts] : texts
}
