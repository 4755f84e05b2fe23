import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { replay } from '../../src/lint/replay.ts'
import type { Connection } from '../../src/model/database.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import { history } from './history.ts'
import { kinds } from './kinds.ts'
import type { KindCase } from './kinds.ts'
import { objectsOfModel, objectsOfServer } from './objects-of.ts'

beforeAll(() => postgres.load())

const cases = Object.entries(kinds).flatMap(([type, one]): readonly (readonly [string, KindCase])[] =>
  typeof one === 'string' || (one.from ?? 0) > serverMajor() ? [] : [[type.replace('OBJECT_', ''), one]],
)

/** `$a` and `$b` are names that no other test has on the server. */
function named(own: string, sql: string): string {
  return sql.replaceAll('$a', `kinds_a_${own}`).replaceAll('$b', `kinds_b_${own}`)
}

async function run(connection: Connection, sql: string): Promise<void> {
  const { statements, problems } = postgres.parse(sql)
  expect(problems).toEqual([])
  for (const statement of statements) await connection.run(statement.sql)
}

describe('the model knows what the server has, after', () => {
  test.each(cases)('%s: CREATE, RENAME, SET SCHEMA and DROP', async (_, one) => {
    const own = randomBytes(4).toString('hex')
    const database = await createDatabase()
    const connection = await database.connect()
    const files: string[] = []
    const step = async (sql: string): Promise<readonly string[]> => {
      files.push(named(own, sql))
      await run(connection, files.at(-1) ?? '')
      const model = objectsOfModel(replay(history(...files)))
      expect(model).toEqual(
        (await objectsOfServer(connection)).filter((line) => !/ kinds_/.test(line) || line.includes(own)),
      )
      return model
    }
    const before = await step(`create schema other; ${one.given ?? ''}`)
    const created = await step(one.create)
    if (one.create.startsWith('create')) expect(created.length).toBeGreaterThan(before.length)
    if (one.rename !== undefined) expect(await step(one.rename)).not.toEqual(created)
    if (one.move !== undefined) expect(await step(one.move)).not.toEqual(created)
    expect(await step(one.drop)).toEqual(before)
  })

  test.each(cases.filter(([, { cascade }]) => cascade !== undefined))('%s: DROP … CASCADE', async (_, one) => {
    const database = await createDatabase()
    const connection = await database.connect()
    const files = [`${one.given ?? ''} ${one.create}; ${one.users ?? ''}`, one.cascade ?? '']
    await run(connection, files[0] ?? '')
    expect(objectsOfModel(replay(history(files[0] ?? '')))).toEqual(await objectsOfServer(connection))
    await run(connection, files[1] ?? '')
    expect(objectsOfModel(replay(history(...files)))).toEqual(await objectsOfServer(connection))
  })
})
