import { describe, expect, test } from 'vitest'
import type { Connection } from '../../src/model/database.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { type UpInput, up } from '../../src/run/up.ts'
import { eventually } from '../support/child-run.ts'
import { type TestDatabase, createDatabase } from '../support/postgres.ts'
import { history, journalRows, refusalOf, upInput } from '../support/run.ts'

const a = '-- migrate:up\ncreate table a ();\n-- migrate:down\ndrop table a;\n'

async function inputOn(database: TestDatabase, files: Readonly<Record<string, string>>): Promise<UpInput> {
  const connection = await database.connect()
  return { ...upInput(connection, await history(files)), openAnother: () => database.connect() }
}

async function pidOf(connection: Connection): Promise<number> {
  const { rows } = await connection.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid ?? 0
}

const others = `select pg_terminate_backend(pid, 5000) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and application_name like 'migrate%'`

describe('the server ends the session of a run', () => {
  test.each<RunEvent['kind']>(['migration-started', 'statement-started', 'lock-wait', 'migration-applied'])(
    'at %s: the run ends with words and its row, and the next one goes on',
    async (moment) => {
      const database = await createDatabase()
      const killer = await database.connect()
      await killer.run('create table books (id int)')
      const input = await inputOn(database, {
        '1_a.sql': a,
        '2_books.sql': '-- migrate:up\nalter table books add column isbn text;\n-- migrate:down\nselect 1;\n',
      })
      const holder = await database.connect()
      await holder.run('begin; lock table books in access share mode')
      const pid = await pidOf(input.connection)
      let ended: Promise<unknown> | undefined
      const onEvent = (event: RunEvent): void => {
        if (event.kind === moment) ended ??= killer.query('select pg_terminate_backend($1, 5000)', [pid])
      }
      const lock = { timeoutsMs: Array.from({ length: 50 }, () => 20), pauseFactor: 1 }
      await expect(up({ ...input, onEvent, options: { lock } })).rejects.toMatchObject({
        code: 'connection-lost',
        hint: expect.stringContaining('Run the command again when the server answers'),
      })
      await ended
      // Where something was on its way to the server just then, the server's last words may not arrive.
      const { rows } = await killer.query(
        `select outcome, error_code, coalesce(sql_state, '57P01') as sql_state from migrate.run`,
      )
      expect(rows).toEqual([{ outcome: 'failed', error_code: 'connection-lost', sql_state: '57P01' }])
      await holder.run('commit')
      const next = await inputOn(database, {
        '1_a.sql': a,
        '2_books.sql': '-- migrate:up\nalter table books add column isbn text;\n-- migrate:down\nselect 1;\n',
      })
      await up(next)
      expect((await journalRows(killer)).migrations).toEqual(['1', '2'])
    },
  )

  test('and the one that watches: a new one writes down how the run ended', async () => {
    const database = await createDatabase()
    const killer = await database.connect()
    await killer.run(`set application_name = 'killer'`)
    const input = await inputOn(database, {
      '1_a.sql': '-- migrate:up\nselect pg_sleep(60);\n-- migrate:down\nselect 1;\n',
    })
    const refusal = refusalOf(up(input))
    await eventually(
      async () =>
        (
          await killer.query(
            `select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`,
          )
        ).rows.length,
      (n) => n === 1,
    )
    await killer.query(others)
    expect(await refusal).toMatchObject({ code: 'connection-lost' })
    expect(await journalRows(killer)).toEqual({
      migrations: [],
      steps: ['1 up 0 rolled-back 57P01'],
      runs: ['up tester failed connection-lost'],
    })
  })

  test('that watches, alone: the run goes on without', async () => {
    const database = await createDatabase()
    const killer = await database.connect()
    let second: Connection | undefined
    const input = await inputOn(database, {
      '1_a.sql': '-- migrate:up\nselect pg_sleep(0.5);\n-- migrate:down\nselect 1;\n',
    })
    const openAnother = async (): Promise<Connection> => (second = await database.connect())
    let ended: Promise<unknown> | undefined
    const onEvent = (event: RunEvent): void => {
      if (event.kind !== 'migration-started' || second === undefined) return
      ended = pidOf(second).then((pid) => killer.query('select pg_terminate_backend($1, 5000)', [pid]))
    }
    expect((await up({ ...input, openAnother, onEvent })).applied).toHaveLength(1)
    await ended
  })
})

describe('what the server answers that is not about the SQL', () => {
  test.each([
    ['53100', 'Free space'],
    ['40001', 'Run the command again'],
    ['57014', 'raise run.limits.scan'],
    ['25006', 'Connect to the primary'],
    ['53200', 'out of memory'],
  ])('%s is written down, with what to do next', async (sqlState, advice) => {
    const database = await createDatabase()
    const input = await inputOn(database, {
      '1_a.sql': `-- migrate:up\ncreate table a ();\ndo $$ begin raise exception using errcode = '${sqlState}', message = 'no'; end $$;\n-- migrate:down\nselect 1;\n`,
    })
    await expect(up(input)).rejects.toMatchObject({ code: 'migration-failed', hint: expect.stringContaining(advice) })
    const { rows } = await input.connection.query(
      `select r.outcome, r.error_code, r.sql_state as run, s.sql_state as step, s.statement, s.duration_ms is not null as timed
         from migrate.run r join migrate.step s on s.run = r.id`,
    )
    expect(rows).toEqual([
      { outcome: 'failed', error_code: 'migration-failed', run: sqlState, step: sqlState, statement: 1, timed: true },
    ])
  })

  test('the place in the statement is written down too', async () => {
    const database = await createDatabase()
    const input = await inputOn(database, {
      '1_a.sql': '-- migrate:up\nselect nothing from nowhere;\n-- migrate:down\nselect 1;\n',
    })
    await expect(up(input)).rejects.toMatchObject({ code: 'migration-failed' })
    const { rows } = await input.connection.query('select statement, sql_state, position from migrate.step')
    expect(rows).toEqual([{ statement: 0, sql_state: '42P01', position: 21 }])
  })
})
