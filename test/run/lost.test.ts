import { describe, expect, test } from 'vitest'
import type { Connection } from '../../src/model/database.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { up } from '../../src/run/up.ts'
import { createDatabase } from '../support/postgres.ts'
import { history, journalRows, refusalOf, upInput } from '../support/run.ts'

const files = { '1_a.sql': '-- migrate:up\ncreate table a ();\nselect pg_sleep(60);\n-- migrate:down\ndrop table a;\n' }

/** A session whose connection breaks right after the server got the COMMIT of a migration: the answer never arrives. */
function losingAnswerToCommit(connection: Connection, breakIt: () => Promise<void>): Connection {
  let wrote = false
  const wrapped: Connection = {
    kind: connection.kind,
    versionNumber: connection.versionNumber,
    query: (sql, parameters) => connection.query(sql, parameters),
    series: async (steps) => {
      if (steps.some(({ sql }) => sql.includes('insert into migrate.migration'))) wrote = true
      return connection.series(steps)
    },
    run: async (sql) => {
      await connection.run(sql)
      if (sql !== 'commit' || !wrote) return
      wrote = false
      await breakIt()
      // The session is gone, so this is what a client sees that still waits for the answer.
      await connection.run('select')
    },
    readySeries: (steps) => () => wrapped.series(steps),
    describe: (sql) => connection.describe(sql),
    texts: (sql) => connection.texts(sql),
    onNotice: (listen) => connection.onNotice(listen),
    cancel: () => connection.cancel(),
    close: () => connection.close(),
  }
  return wrapped
}

describe('a connection that breaks', () => {
  test('while a statement runs: an error, nothing is left, the next run begins anew', async () => {
    const database = await createDatabase()
    const [connection, killer] = [await database.connect(), await database.connect()]
    const kill = (event: RunEvent): void => {
      if (event.kind === 'statement-started' && event.statement === 1)
        void killer.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
        )
    }
    const input = upInput(connection, await history(files))
    expect(await refusalOf(up({ ...input, onEvent: kill }))).toMatchObject({ code: 'connection-lost' })
    expect((await killer.query(`select to_regclass('a') as a`)).rows).toEqual([{ a: null }])
    expect(await journalRows(killer)).toEqual({ migrations: [], steps: [], runs: ['up tester open'] })
  })

  test('while COMMIT is under way: never reported as done nor as failed; the next run reads which it was', async () => {
    const database = await createDatabase()
    const [connection, killer, next] = [await database.connect(), await database.connect(), await database.connect()]
    const [{ pid } = { pid: 0 }] = (await connection.query<{ pid: number }>('select pg_backend_pid() as pid')).rows
    const broken = losingAnswerToCommit(connection, async () => {
      await killer.query('select pg_terminate_backend($1, 5000)', [pid])
    })
    const migrations = await history({
      '1_a.sql': '-- migrate:up\ncreate table a ();\n-- migrate:down\ndrop table a;\n',
    })
    expect(await refusalOf(up(upInput(broken, migrations)))).toMatchObject({ code: 'connection-lost' })
    expect(await up(upInput(next, migrations))).toMatchObject({ applied: [], pending: [] })
    expect((await journalRows(killer)).migrations).toEqual(['1'])
  })
})
