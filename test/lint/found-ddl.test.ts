import { beforeAll, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import { found } from './random/found.ts'
import { differences, play } from './random/play.ts'

beforeAll(() => postgres.load())

test.each(found.filter(({ from }) => (from ?? 0) <= serverMajor()))(
  '$title: after every statement the model has what the server has',
  async ({ statements }) => {
    const connection = await (await createDatabase()).connect()
    for (const count of statements.keys()) {
      const { taken, server, model, complete } = await play(connection, statements.slice(0, count + 1))
      const whole = { taken: taken.length, complete, different: differences(server, model) }
      expect({ after: statements[count], ...whole }).toEqual({
        after: statements[count],
        taken: count + 1,
        complete: true,
        different: [],
      })
    }
  },
)
