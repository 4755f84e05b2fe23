import { describe, expect, test } from 'vitest'
import type { Connection } from '../../src/model/database.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { down } from '../../src/run/down.ts'
import { type UpInput, up } from '../../src/run/up.ts'
import { eventually } from '../support/child-run.ts'
import { directory, migrate } from '../support/cli.ts'
import { type TestDatabase, createDatabase, runAsAdmin } from '../support/postgres.ts'
import { downInput, history, journalRows, refusalOf, upInput } from '../support/run.ts'

const alter =
  '-- migrate:up\nalter table books add column isbn text;\n-- migrate:down\nalter table books drop column isbn;\n'

async function watchedInput(
  database: TestDatabase,
  file: string,
  options: UpInput['options'],
  events: RunEvent[] = [],
): Promise<UpInput> {
  const connection = await database.connect()
  const input = upInput(connection, await history({ '1_a.sql': file }), options, events)
  return { ...input, openAnother: () => database.connect() }
}

async function pidOf(connection: Connection): Promise<number> {
  const { rows } = await connection.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid ?? 0
}

const waiting = 'select count(*)::int as n from pg_locks where not granted and pid = $1'

describe('a run with a second session', () => {
  test('gives way to those who queue up behind it, and tries again', async () => {
    const database = await createDatabase()
    const [reader, writer] = [await database.connect(), await database.connect()]
    await reader.run(`create table books (id int); set application_name = 'nightly report'`)
    await reader.run('begin; table books')
    const events: RunEvent[] = []
    // So patient that nothing but giving way lets the writer through while the reader reads.
    const lock = { timeoutsMs: [600_000, 600_000], pauseFactor: 0 }
    const input = await watchedInput(database, alter, { lock, limits: { queue: 20 } }, events)
    const pid = await pidOf(input.connection)
    const run = up(input)
    const observer = await database.connect()
    await eventually(
      async () => (await observer.query<{ n: number }>(waiting, [pid])).rows[0]?.n,
      (n) => n === 1,
    )
    // Answered although the reader's transaction is open all the while.
    await writer.run('insert into books values (1)')
    await reader.run('commit')
    expect((await run).applied.map(({ attempts }) => attempts)).toEqual([2])
    const waits = events.filter((event) => event.kind === 'lock-wait')
    expect(waits).toMatchObject([{ attempt: 1, gaveWayTo: 1, blockers: [{ application: 'nightly report' }] }])
    expect((await journalRows(observer)).steps).toEqual(['1 up 0 rolled-back 57014', '1 up done'])
  })

  test('is rolled back when others have waited too long for what it holds, and says so', async () => {
    const database = await createDatabase()
    const [writer, observer] = [await database.connect(), await database.connect()]
    await writer.run('create table books (id int)')
    const file = `-- migrate:up\nalter table books add column isbn text;\nselect pg_sleep(600);\n-- migrate:down\nselect 1;\n`
    const input = await watchedInput(database, file, { limits: { stall: 100 } })
    let written: Promise<void> | undefined
    const onEvent = (event: RunEvent): void => {
      if (event.kind === 'statement-started' && event.statement === 1)
        written = writer.run('insert into books values (1)')
    }
    const refusal = await refusalOf(up({ ...input, onEvent }))
    expect(refusal).toMatchObject({ code: 'migration-failed', at: { path: '1_a.sql', line: 3 } })
    expect(refusal.message).toMatch(/failed and was rolled back: cancelled: 1 session waited for what it holds/)
    await written
    expect(
      (await observer.query(`select attname::text from pg_attribute where attrelid = 'books'::regclass and attnum > 0`))
        .rows,
    ).toEqual([{ attname: 'id' }])
  })

  test('tells while it waits who is in the way', async () => {
    const database = await createDatabase()
    const holder = await database.connect()
    await holder.run(`create table books (id int); set application_name = 'nightly report'`)
    await holder.run('begin; table books')
    const events: RunEvent[] = []
    const lock = { timeoutsMs: [600_000], pauseFactor: 0 }
    const input = await watchedInput(database, alter, { lock }, events)
    const onEvent = (event: RunEvent): void => {
      events.push(event)
      if (event.kind === 'blocked') void holder.run('commit')
    }
    await up({ ...input, onEvent })
    expect(events.find(({ kind }) => kind === 'blocked')).toMatchObject({
      migration: '1',
      blockers: [{ application: 'nightly report', state: 'idle in transaction', kind: 'session' }],
    })
  })

  test('reverts as carefully as it applies', async () => {
    const database = await createDatabase()
    const [reader, writer, observer] = [await database.connect(), await database.connect(), await database.connect()]
    await reader.run('create table books (id int)')
    const migrations = await history({ '1_a.sql': alter })
    const connection = await database.connect()
    await up(upInput(connection, migrations))
    await reader.run('begin; table books')
    const lock = { timeoutsMs: [600_000, 600_000], pauseFactor: 0 }
    const input = downInput(connection, migrations, { lock, limits: { queue: 20 } })
    const run = down({ ...input, openAnother: () => database.connect() })
    await eventually(
      async () =>
        (await observer.query<{ n: number }>(`select count(*)::int as n from pg_locks where not granted`)).rows[0]?.n,
      (n) => n === 1,
    )
    await writer.run('insert into books (id) values (1)')
    await reader.run('commit')
    expect((await run).reverted.map(({ id }) => id)).toEqual(['1'])
  })
})

describe('without a place for a second session', () => {
  const files = {
    'migrations/20260101000000_books.sql':
      '-- migrate:up\ncreate table books (id int);\n\n-- migrate:down\ndrop table books;\n',
  }

  test('a run says so and goes on; up --safe does not', async () => {
    const database = await createDatabase()
    const name = new URL(database.url).pathname.slice(1)
    const role = `${name}_one`
    await runAsAdmin(
      `create role ${role} login password 'x' connection limit 1; grant create on database ${name} to ${role}`,
    )
    const owner = await database.connect()
    await owner.run(`grant create on schema public to ${role}`)
    const url = new URL(database.url)
    url.username = role
    url.password = 'x'
    const cwd = await directory(files)
    try {
      const safe = await migrate(['up', '--safe', '--url', url.href], { cwd })
      expect({ code: safe.code, stderr: safe.stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining('proof-missing'),
      })
      await migrate(['verify'], { cwd })
      const proven = await migrate(['up', '--safe', '--url', url.href], { cwd })
      expect({ code: proven.code, stderr: proven.stderr }).toEqual({
        code: 6,
        stderr: expect.stringMatching(
          /^error watcher-unavailable[\s\S]*too many connections for role[\s\S]*Nothing was\s+changed/,
        ),
      })
      const plain = await migrate(['up', '--url', url.href], { cwd })
      expect({ code: plain.code, stderr: plain.stderr }).toEqual({
        code: 0,
        stderr: expect.stringContaining('warning: There is no connection left for the session that watches the run'),
      })
    } finally {
      await owner.run(`drop owned by ${role}`)
      await runAsAdmin(`drop role ${role}`)
    }
  })
})
