import { beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { replay } from '../../src/lint/replay.ts'
import type { Effect } from '../../src/model/effect.ts'
import { nameText } from '../../src/model/name.ts'
import { measure } from '../../src/verify/measure.ts'
import { history } from '../lint/history.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import { cases } from './effect-cases.ts'

/** One line a table, the same from the claim and from the measurement. */
interface Line {
  readonly table: string
  readonly lock: string
  readonly rewrites: boolean
  /** Null where a query reads the table: how it does so is the planner's choice. */
  readonly scans: boolean | null
}

const weak: ReadonlySet<string> = new Set(['ACCESS SHARE', 'ROW SHARE', 'ROW EXCLUSIVE'])

function line(table: string, lock: string, rewrites: boolean, scans: boolean): Line {
  return { table, lock, rewrites, scans: weak.has(lock) ? null : scans }
}

function sorted(lines: readonly Line[]): readonly Line[] {
  return lines.toSorted((a, b) => (a.table < b.table ? -1 : 1))
}

function claims(given: string, sql: string): readonly Line[] {
  const [statement] = postgres.parse(sql).statements
  const schema = replay(history(given))
  const effects = (statement?.facts ?? []).flatMap((fact) => postgres.effects(fact, schema, serverMajor()))
  return sorted(
    mergedByTable(effects).map(({ table, lock, rewrites, scans }) => line(nameText(table), lock, rewrites, scans)),
  )
}

function mergedByTable(effects: readonly Effect[]): readonly Effect[] {
  const tables = new Map(effects.map((effect) => [nameText(effect.table), effect]))
  return [...tables.values()]
}

beforeAll(() => postgres.load())

describe('what is claimed is what a server does', () => {
  test.each(cases.filter(({ from }) => (from ?? 0) <= serverMajor()))('$sql', async ({ given, sql, transaction }) => {
    const database = await createDatabase()
    const connection = await database.connect()
    await connection.run(given)
    const options = transaction === false ? { transaction: false, connect: () => database.connect() } : {}
    const { tables } = await measure(connection, sql, options)
    const measured = tables.map(({ table, lock, rewritten, scanned }) => line(table, lock, rewritten, scanned))
    expect(claims(given, sql)).toEqual(sorted(measured))
  })
})
