import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import type { Connection } from '../../src/model/database.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import type { TestDatabase } from '../support/postgres.ts'
import { found } from './random/found.ts'
import { bothAfter, differences } from './random/play.ts'

let database: TestDatabase
let connection: Connection

beforeAll(async () => {
  await postgres.load()
  database = await createDatabase()
  connection = await database.connect()
})

afterAll(() => database.drop())

test.each(found.filter(({ from = 0, to = Infinity }) => from <= serverMajor() && serverMajor() <= to))(
  '$title: after every statement the model has what the server has',
  async ({ statements }) => {
    await connection.run('begin')
    try {
      for (const [at, statement] of statements.entries()) {
        await connection.run(statement)
        const { server, model, complete } = await bothAfter(connection, statements.slice(0, at + 1))
        const after = { statement, complete, differences: differences(server, model) }
        expect(after).toEqual({ statement, complete: true, differences: [] })
      }
    } finally {
      await connection.run('rollback')
    }
  },
)
