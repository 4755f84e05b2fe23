import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { snapshotCatalogue } from '../../src/lint/live.ts'
import { replayMigration } from '../../src/lint/replay.ts'
import type { Catalogue } from '../../src/lint/schema/catalogue.ts'
import type { Connection } from '../../src/model/database.ts'
import { createDatabase, runAsAdmin, serverMajor } from '../support/postgres.ts'
import { migration } from './history.ts'
import { kinds } from './kinds.ts'
import type { KindCase } from './kinds.ts'
import { objectsOfModel, objectsOfServer } from './objects-of.ts'
import { snapshotOf } from './snapshot-of.ts'

/** A role that may connect, and nothing else. */
const reader = `reader_${randomBytes(6).toString('hex')}`

beforeAll(async () => {
  await postgres.load()
  await runAsAdmin(`create role ${reader}`)
})

afterAll(() => runAsAdmin(`drop role ${reader}`))

/** What belongs to the whole server is not in a snapshot of one database. */
const ofWholeServer = new Set(['DATABASE', 'ROLE', 'TABLESPACE'])

const cases = Object.entries(kinds).flatMap(([type, one]): readonly (readonly [string, KindCase])[] => {
  const kind = type.replace('OBJECT_', '')
  return typeof one === 'string' || (one.from ?? 0) > serverMajor() || ofWholeServer.has(kind) ? [] : [[kind, one]]
})

async function run(connection: Connection, sql: string): Promise<void> {
  for (const statement of postgres.parse(sql).statements) await connection.run(statement.sql)
}

/** The model of what is there, read by a role without rights. */
async function live(connection: Connection): Promise<Catalogue> {
  await connection.run(`set role ${reader}`)
  const { statements, unread } = await snapshotOf(connection)
  await connection.run('reset role')
  const catalogue = snapshotCatalogue(statements, postgres, serverMajor())
  expect([catalogue.complete, unread]).toEqual([true, undefined])
  return catalogue
}

async function ofServer(connection: Connection, own: string): Promise<readonly string[]> {
  const lines = await objectsOfServer(connection)
  return lines.filter((line) => !/ kinds_/.test(line) || line.includes(own))
}

describe('a snapshot has what the server has, and goes on as the server does, after', () => {
  test.each(cases)('%s: CREATE, RENAME, SET SCHEMA, DROP and DROP … CASCADE', async (_, one) => {
    const own = randomBytes(4).toString('hex')
    const connection = await (await createDatabase()).connect()
    const named = (sql: string): string => sql.replaceAll('$a', `kinds_a_${own}`).replaceAll('$b', `kinds_b_${own}`)
    let before: Catalogue | undefined
    const step = async (sql: string): Promise<void> => {
      await run(connection, named(sql))
      const server = await ofServer(connection, own)
      if (before !== undefined) {
        replayMigration(before, migration(named(sql)))
        expect(objectsOfModel(before)).toEqual(server)
      }
      before = await live(connection)
      expect(objectsOfModel(before)).toEqual(server)
    }
    await step(`create schema other; ${one.given ?? ''}`)
    for (const sql of [one.create, one.rename, one.move, one.drop]) if (sql !== undefined) await step(sql)
    if (one.cascade === undefined) return
    await step(`${one.create}; ${one.users ?? ''}`)
    await step(one.cascade)
  })
})
