import { describe, expect, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import type { Connection } from '../../src/model/database.ts'
import { embeddedTimeoutMs } from '../support/embedded.ts'
import { createDatabase } from '../support/postgres.ts'

const opened: readonly (readonly [string, () => Promise<Connection>])[] = [
  ['a server', async () => (await createDatabase()).connect()],
  ['an embedded database', () => connect('pglite://memory')],
]

describe.each(opened)('%s', (_name, open) => {
  test(
    'tells the columns of a statement without running it, and gives values as the server writes them',
    async () => {
      const connection = await open()
      await connection.run(
        `create table books (id bigint, price numeric(6, 2), at timestamptz, tags text[]); set timezone = 'UTC'`,
      )
      await connection.run(
        'prepare one (bigint, text) as insert into books (id, tags) values ($1, array[$2]) returning *',
      )
      const columns = await connection.describe('execute one (null, null)')
      const { rows: before } = await connection.texts('select count(*) from books')
      const { rows, count } = await connection.texts(`execute one ('7', 'a')`)
      const nothing = await connection.describe('update books set id = 1')
      const twice = await connection.texts('select 1 as a, null as a, true as a')
      await connection.close()
      expect({ columns, before, rows, count, nothing, twice }).toEqual({
        columns: [
          { name: 'id', type: 20 },
          { name: 'price', type: 1700 },
          { name: 'at', type: 1184 },
          { name: 'tags', type: 1009 },
        ],
        before: [['0']],
        rows: [['7', null, null, '{a}']],
        count: 1,
        nothing: [],
        twice: { rows: [['1', null, 't']], count: 1 },
      })
    },
    embeddedTimeoutMs,
  )

  test(
    'an error is the server’s, and what was sent behind it is answered for itself',
    async () => {
      const connection = await open()
      const [first, second, third] = await Promise.allSettled([
        connection.describe('select * from nothing'),
        connection.texts('select 1'),
        connection.describe('select 1 as one'),
      ])
      await connection.close()
      expect([first, second, third]).toMatchObject([
        { status: 'rejected', reason: { sqlState: '42P01' } },
        { status: 'fulfilled', value: { rows: [['1']] } },
        { status: 'fulfilled', value: [{ name: 'one', type: 23 }] },
      ])
    },
    embeddedTimeoutMs,
  )
})
