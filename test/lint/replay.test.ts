import { beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { nothingBefore, replay } from '../../src/lint/replay.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import { linesOfModel, linesOfServer } from './catalogue-of.ts'
import { history } from './history.ts'
import { replayCases } from './replay-cases.ts'

beforeAll(() => postgres.load())

describe('the model is what the server has', () => {
  test.each(replayCases.filter(({ from }) => (from ?? 0) <= serverMajor()))('$title', async ({ files }) => {
    const database = await createDatabase()
    for (const file of files) {
      const connection = await database.connect()
      for (const statement of history(file)[0]?.upSql.statements ?? []) await connection.run(statement.sql)
      await connection.close()
    }
    const server = await linesOfServer(await database.connect())
    const model = linesOfModel(
      replay(
        history(...files).map((file) => ({ ...file, up: { ...file.up, transaction: false } })),
        nothingBefore(serverMajor()),
      ),
    )
    expect(model).toEqual(server)
  })
})
