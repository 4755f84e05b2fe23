import { beforeAll, describe, expect, test } from 'vitest'
import { exampleHistory, exampleMigration } from '../../scripts/measure/example-migrations.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { lint } from '../../src/lint/lint.ts'
import type { Connection } from '../../src/model/database.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { ParsedMigration } from '../../src/model/migration.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { rules } from '../../src/rules/registry.gen.ts'
import type { RuleExample } from '../../src/rules/rule.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import { kinds } from './kinds.ts'
import type { KindCase } from './kinds.ts'
import { snapshotOf } from './snapshot-of.ts'

beforeAll(() => postgres.load())

interface Judged {
  readonly given: readonly ParsedMigration[]
  readonly judged: readonly ParsedMigration[]
  readonly oneRelease?: boolean | undefined
}

/** Judged on the history, or on what a database holds in which the migrations that are given have run. */
function findings({ given, judged, oneRelease }: Judged, snapshot?: Snapshot): readonly string[] {
  const report = new Set(judged.map(({ id }) => id))
  const released = oneRelease === true ? report : undefined
  const input = { history: [...given, ...judged], report, released, rules, dialect: postgres, target: serverMajor() }
  const applied = given.map(({ id }) => id)
  return lint({
    ...input,
    ...(snapshot === undefined ? {} : { snapshot: { ...snapshot, applied, tables: [] } }),
  }).findings.map(
    ({ rule, severity, message, instead }: Finding) => `${rule} ${severity}: ${message}\n${instead ?? ''}`,
  )
}

async function databaseWith(migrations: readonly ParsedMigration[]): Promise<Snapshot> {
  const database = await createDatabase()
  for (const { upSql } of migrations) {
    const connection = await database.connect()
    for (const statement of upSql.statements) await connection.run(statement.sql)
    await connection.close()
  }
  const connection = await database.connect()
  const snapshot = await snapshotOf(connection)
  await dropSubscriptions(connection)
  return snapshot
}

/** The server does not drop a database that has one. */
async function dropSubscriptions(connection: Connection): Promise<void> {
  const { rows } = await connection.query<{ name: string }>(
    `select s.subname as name from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = current_database()`,
  )
  for (const { name } of rows) await connection.run(`drop subscription ${name}`)
}

function isHere({ versions }: RuleExample): boolean {
  return (versions?.from ?? 0) <= serverMajor() && serverMajor() <= (versions?.to ?? serverMajor())
}

/** What the catalogue has forgotten, or keeps in its own words. */
const otherwise: ReadonlyMap<string, string> = new Map([
  ['change-default', 'the server writes the type of a constant behind it'],
  ['drop-check-constraint', 'the server writes more parentheses'],
  ['add-column-under-star-view', 'a view does not know that it was written with *'],
  ['add-column-under-natural-join', 'a view does not know that it was written with NATURAL'],
])

describe('what a database holds is judged as its history is, in the examples of', () => {
  test.each(rules.map((rule) => ({ id: rule.id, rule })))('$id', async ({ id, rule }) => {
    const pairs: Record<'live' | 'replayed', (readonly string[])[]> = { live: [], replayed: [] }
    for (const example of rule.examples.filter(isHere)) {
      const cases = (['bad', 'good'] as const).map((which) => exampleHistory(example, which))
      const snapshot = await databaseWith(cases[0]?.given ?? [])
      for (const { given, judged } of cases) {
        const one = { given, judged, oneRelease: example.oneRelease }
        pairs.live.push(findings(one, snapshot))
        pairs.replayed.push(findings(one))
      }
    }
    if (otherwise.has(id)) expect(pairs.live).not.toEqual(pairs.replayed)
    else expect(pairs.live).toEqual(pairs.replayed)
  })
})

/** Names of what belongs to the whole server. */
const named = (sql: string): string => sql.replaceAll('$a', 'first').replaceAll('$b', 'second')

/** What belongs to the whole server is in no snapshot, and made in no test. */
const cases = Object.entries(kinds).flatMap(([type, one]): readonly (readonly [string, KindCase])[] => {
  const isWhole = type === 'OBJECT_DATABASE' || type === 'OBJECT_ROLE' || type === 'OBJECT_TABLESPACE'
  return typeof one === 'string' || isWhole || (one.from ?? 0) > serverMajor()
    ? []
    : [[type.replace('OBJECT_', ''), one]]
})

describe('what a database holds is judged as its history is, when a migration drops', () => {
  test.each(cases)('%s', async (_, one) => {
    const made = named(`create schema other; ${one.given ?? ''} ${one.create}; ${one.users ?? ''}`)
    const moved = [one.rename, one.move].flatMap((sql) => (sql === undefined ? [] : [`${sql};\n`])).join('')
    const texts = [
      `${moved}${one.drop};`,
      `-- migrate:up\n${moved}${one.drop};\n\n-- migrate:down\n${one.create};`,
      `-- migrate:up\n${moved}${one.drop};\n\n-- migrate:down\nselect 1;`,
      ...(one.cascade === undefined ? [] : [`${one.cascade};`]),
    ].map(named)
    const given = [exampleMigration(made, 1000, true)]
    const snapshot = await databaseWith(given)
    for (const text of texts) {
      const one = { given, judged: [exampleMigration(text, 2000, true)] }
      expect({ text, found: findings(one, snapshot) }).toEqual({ text, found: findings(one) })
    }
  })
})
