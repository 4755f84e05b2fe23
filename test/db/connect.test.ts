import { describe, expect, test } from 'vitest'
import { ToolkitError } from '../../src/core/errors.ts'
import { connect } from '../../src/db/connect.ts'
import { DatabaseError } from '../../src/db/database-error.ts'
import { eventually } from '../support/child-run.ts'
import { adminUrl, createDatabase, serverMajor, urlOf } from '../support/postgres.ts'
import { startShadow } from '../support/shadow.ts'

/** The code of the error that opening `url` gives, and whether its words hold the password. */
async function refusal(url: string): Promise<object> {
  try {
    await (await connect(url)).close()
    return { code: 'none' }
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error
    const words = [error.message, error.hint, error.details, String(error.cause), error.stack].join(' ')
    return { code: error.code, secret: words.includes('s3cret') }
  }
}

test('a session knows its server', async () => {
  const connection = await (await createDatabase()).connect()
  expect({ kind: connection.kind, major: Math.floor(connection.versionNumber / 10_000) }).toEqual({
    kind: 'server',
    major: serverMajor(),
  })
})

describe('what keeps a session from being opened is told apart, and no password is shown', () => {
  test.each([
    ['nobody listens', 'postgres://user:s3cret@127.0.0.1:1/shop', 'cannot-connect'],
    ['no such host', 'postgres://user:s3cret@host.invalid/shop', 'cannot-connect'],
    ['no such socket', 'postgres://user:s3cret@localhost/shop?host=/nowhere', 'cannot-connect'],
    ['a port that is none', 'postgres://user:s3cret@localhost:port/shop', 'url-invalid'],
    ['another kind of database', 'mysql://user:s3cret@localhost/shop', 'url-invalid'],
    ['no URL', 'user:s3cret@shop', 'url-invalid'],
    ['no directory', 'pglite://', 'url-invalid'],
  ])('%s', async (_title, url, code) => {
    expect(await refusal(url)).toEqual({ code, secret: false })
  })

  test('no such database', async () => {
    expect(await refusal(urlOf('nowhere'))).toEqual({ code: 'cannot-connect', secret: false })
  })

  test('no such user', async () => {
    const url = new URL(adminUrl())
    url.username = 'nobody'
    url.password = 's3cret'
    expect(await refusal(url.href)).toEqual({ code: 'authentication-failed', secret: false })
  })

  test('a wrong password, no password, no entry in pg_hba.conf', async () => {
    const database = await (await startShadow()).createDatabase()
    const as = (user: string, password: string): string => {
      const url = new URL(database.url ?? '')
      url.username = user
      url.password = password
      return url.href
    }
    const connection = await database.connect()
    await connection.run(`
      create role clerk login password 'right'; create role guest login;
      copy (select unnest(array['local all clerk scram-sha-256', 'local all postgres trust'])) to program 'cat > pg_hba.conf'`)
    await connection.run('select pg_reload_conf()')
    await expect.poll(() => refusal(as('guest', 's3cret')), { timeout: 20_000 }).not.toEqual({ code: 'none' })
    await connection.close()
    const found = []
    for (const [user, password] of [
      ['clerk', 's3cret'],
      ['clerk', ''],
      ['guest', 's3cret'],
      ['clerk', 'right'],
    ] as const) {
      found.push(await refusal(as(user, password)))
    }
    const refused = { code: 'authentication-failed', secret: false }
    expect(found).toEqual([refused, refused, refused, { code: 'none' }])
  })
})

describe('a session', () => {
  test('gives rows and counts', async () => {
    const connection = await (await createDatabase()).connect()
    await connection.run('create table t (id int, name text); insert into t values (1, null)')
    expect([
      await connection.query('insert into t select i, $1 from generate_series(2, 4) i', ['x']),
      await connection.query('select id, name, 9007199254740993::bigint as big from t where id < $1 order by id', [3]),
      await connection.query('create table u ()'),
    ]).toEqual([
      { rows: [], count: 3 },
      {
        rows: [
          { id: 1, name: null, big: '9007199254740993' },
          { id: 2, name: 'x', big: '9007199254740993' },
        ],
        count: 2,
      },
      { rows: [], count: 0 },
    ])
  })

  test('takes exactly one statement with parameters', async () => {
    const connection = await (await createDatabase()).connect()
    await expect(connection.query('select 1; select 2')).rejects.toMatchObject({ sqlState: '42601' })
  })

  test('reports an error of the server with its state and place, and goes on', async () => {
    const connection = await (await createDatabase()).connect()
    const error: unknown = await connection.run('select nothing').catch((reason: unknown) => reason)
    expect(error instanceof DatabaseError ? [error.sqlState, error.position] : error).toEqual(['42703', 8])
    expect((await connection.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  test('answers each of several commands that did not wait for each other', async () => {
    const connection = await (await createDatabase()).connect()
    const answers = await Promise.allSettled([
      connection.run('begin'),
      connection.query('select 1 as one'),
      connection.run('select nothing'),
      connection.query('select 2 as two'),
      connection.run('rollback'),
      connection.query('select 3 as three'),
    ])
    expect(
      answers.map((one) =>
        one.status === 'fulfilled' ? one.value?.rows : one.reason instanceof DatabaseError && one.reason.sqlState,
      ),
    ).toEqual([undefined, [{ one: 1 }], '42703', '25P02', undefined, [{ three: 3 }]])
  })

  test('never takes the COMMIT of a failed transaction for done', async () => {
    const connection = await (await createDatabase()).connect()
    await connection.run('begin')
    await connection.run('select nothing').catch(() => undefined)
    await expect(connection.run('commit')).rejects.toMatchObject({ sqlState: '25P02' })
  })

  test('reports that it was lost, while a command runs and afterwards', async () => {
    const database = await createDatabase()
    const [victim, killer] = [await database.connect(), await database.connect()]
    const { rows } = await victim.query<{ pid: number }>('select pg_backend_pid() as pid')
    const running = victim.run('select pg_sleep(60)').catch((reason: unknown) => reason)
    await killer.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    const codes = [await running, await victim.run('select 1').catch((reason: unknown) => reason)].map((error) =>
      error instanceof ToolkitError ? error.code : error,
    )
    expect(codes).toEqual(['connection-lost', 'connection-lost'])
  })

  test('is cancelled from outside', async () => {
    const database = await createDatabase()
    const connection = await database.connect()
    const running = connection.run('select pg_sleep(60)').catch((reason: unknown) => reason)
    // A request that comes before the statement does hits nothing.
    const observer = await database.connect()
    const asleep = `select from pg_stat_activity where query like 'select pg_sleep%' and datname = current_database()`
    await eventually(
      async () => (await observer.query(asleep)).rows.length,
      (found) => found === 1,
    )
    await connection.cancel()
    expect(await running).toMatchObject({ name: 'DatabaseError', sqlState: '57014' })
  })

  test('hands on notices until nobody listens', async () => {
    const connection = await (await createDatabase()).connect()
    const heard: object[] = []
    const stop = connection.onNotice((notice) => heard.push(notice))
    await connection.run(`do $$ begin raise notice 'one'; raise warning 'two'; end $$`)
    stop()
    await connection.run(`do $$ begin raise notice 'three'; end $$`)
    expect(heard).toEqual([
      { severity: 'NOTICE', message: 'one' },
      { severity: 'WARNING', message: 'two' },
    ])
  })

  test('can be read-only, and has a name', async () => {
    const { url } = await createDatabase()
    const connection = await connect(url, { readOnly: true, applicationName: 'looking' })
    const { rows } = await connection.query(`select current_setting('application_name') as name`)
    const writing = connection.run('create table t ()').catch((reason: unknown) => reason)
    expect([rows, await writing]).toMatchObject([[{ name: 'looking' }], { sqlState: '25006' }])
    await connection.close()
  })
})
