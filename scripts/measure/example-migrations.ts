import { createHash } from 'node:crypto'
import { positionAt } from '../../src/core/span.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { gates } from '../../src/gates/registry.gen.ts'
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
  const given = listOf(example.given).map((text, index) => exampleMigration(text, 1000 + index, transaction))
  const judged = listOf(example[which] ?? []).map((text, index) => exampleMigration(text, 2000 + index, transaction))
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
    const plain = { gates: [], requires: [], allows: [], downLoses: [] }
    const name = `2026010100${id}`
    return parseMigration({ id: name, name: 'example', source, up, down: { kind: 'missing' }, ...plain }, postgres)
  }
  void rules; void gates
  const upAt = text.indexOf('-- migrate:up')
  const downAt = text.indexOf('-- migrate:down')
  const start = text.indexOf('\n', upAt) + 1
  const up = { span: { start, end: downAt }, sql: text.slice(start, downAt), transaction: true }
  const declared = /migrate:phase (\w+)/.exec(text)?.[1]
  const migration = {
    id: `2026010100${id}`, name: 'example', source, up, down: { kind: 'missing' } as const,
    gates: [...text.matchAll(/migrate:gate (\w+)/g)].map((m) => ({ gate: m[1] ?? '', options: {}, span: { start: 0, end: 1 } })),
    requires: [], allows: [], downLoses: [],
    ...(declared === 'contract' || declared === 'backfill' ? { declaredPhase: declared } as const : {}),
    ...(text.includes('migrate:backfill') ? { backfill: { table: 'x', key: 'id', span: { start: 0, end: 1 } } } : {}),
  }
  return parseMigration(migration, postgres)
}

/** `line:column` in the migration's text. */
export function placeOf(migration: ParsedMigration, offset: number): string {
  const { line, column } = positionAt(migration.source.text, offset)
  return `${line}:${column}`
}

function listOf(texts: string | readonly string[]): readonly string[] {
  return typeof texts === 'string' ? [texts] : texts
}
