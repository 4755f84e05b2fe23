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
      expect(taken).toHaveLength(count + 1)
      expect(complete).toBe(true)
      expect(differences(server, model), taken.at(-1)).toEqual([])
    }
  },
)
