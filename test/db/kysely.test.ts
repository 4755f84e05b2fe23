import { expect, test } from 'vitest'
import { embeddedTimeoutMs } from '../support/embedded.ts'
import { connect } from '../../src/db/connect.ts'
import { kyselyOn } from '../../src/db/kysely.ts'
import { createDatabase } from '../support/postgres.ts'

interface Tables {
  readonly books: { readonly id: number; readonly title: string }
}

test.each(['server', 'embedded'] as const)(
  'typed queries run in the session that is there: %s',
  async (kind) => {
    const connection = kind === 'server' ? await (await createDatabase()).connect() : await connect('pglite://memory')
    const database = await kyselyOn<Tables>(connection)
    await connection.run('create temporary table books (id int, title text)')
    const inserted = await database
      .insertInto('books')
      .values([
        { id: 1, title: 'a' },
        { id: 2, title: 'b' },
      ])
      .executeTakeFirst()
    const failing = database.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('books').execute()
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    await connection.run('begin')
    await database.updateTable('books').set({ title: 'c' }).where('id', '=', 2).execute()
    await connection.run('commit')
    await database.destroy()
    expect([
      inserted.numInsertedOrUpdatedRows,
      (await connection.query('select * from books order by id')).rows,
    ]).toEqual([
      2n,
      [
        { id: 1, title: 'a' },
        { id: 2, title: 'c' },
      ],
    ])
    await connection.close()
  },
  embeddedTimeoutMs,
)
