import { beforeAll, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import { found } from './random/found.ts'
import { bothAfter, differences } from './random/play.ts'

beforeAll(() => postgres.load())

test.each(found.filter(({ from }) => (from ?? 0) <= serverMajor()))(
  '$title: after every statement the model has what the server has',
  async ({ statements }) => {
    const connection = await (await createDatabase()).connect()
    for (const [at, statement] of statements.entries()) {
      await connection.run(statement)
      const { server, model, complete } = await bothAfter(connection, statements.slice(0, at + 1))
      const after = { statement, complete, differences: differences(server, model) }
      expect(after).toEqual({ statement, complete: true, differences: [] })
    }
  },
)
