import { expect, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { up } from '../../src/run/up.ts'
import { createDatabase } from '../support/postgres.ts'
import { history, refusalOf, upInput } from '../support/run.ts'
import { wireProxy } from '../support/wire-proxy.ts'

/** A migration that keeps what holds in its transaction. */
const seen = (table: string): string =>
  `-- migrate:up
create table ${table} as select current_setting('synchronous_commit') as it;
-- migrate:down
drop table ${table};
`

test('what is built from nothing is flushed by the end of the run, what comes later by each commit', async () => {
  const database = await createDatabase()
  const admin = await database.connect()
  // The server of the tests flushes nothing by itself.
  await admin.run(
    `do $$ begin execute format('alter database %I set synchronous_commit = on', current_database()); end $$`,
  )
  const connection = await database.connect()
  const files = { '1_first.sql': seen('first'), '2_second.sql': seen('second') }
  await up(upInput(connection, await history(files)))
  await up(upInput(connection, await history({ ...files, '3_third.sql': seen('third') })))
  const { rows } = await connection.query(
    `select (select it from first) as first, (select it from second) as second, (select it from third) as third,
            current_setting('synchronous_commit') as afterwards`,
  )
  expect(rows).toEqual([{ first: 'off', second: 'off', third: 'on', afterwards: 'on' }])
})

test('what is built from nothing is not called done when the session broke before the end was written', async () => {
  const database = await createDatabase()
  const proxy = await wireProxy(database.url, {
    at: ({ type, sql = '' }) => type === 'P' && sql.startsWith('update "migrate"."run"'),
    when: 'before',
    outcome: 'cut',
  })
  const connection = await connect(proxy.url)
  const input = upInput(connection, await history({ '1_first.sql': seen('first') }))
  const refusal = await refusalOf(up({ ...input, openAnother: () => connect(database.url) }))
  expect(refusal.code).toBe('connection-lost')
  const { rows } = await (await database.connect()).query('select outcome, error_code from migrate.run')
  expect(rows).toEqual([{ outcome: 'failed', error_code: 'connection-lost' }])
})
