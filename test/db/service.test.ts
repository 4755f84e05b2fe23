import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ToolkitError } from '../../src/core/errors.ts'
import { connect } from '../../src/db/connect.ts'
import { withService } from '../../src/db/service.ts'
import { directory } from '../support/cli.ts'
import { migrateHere as migrate } from '../support/cli-here.ts'
import { createDatabase } from '../support/postgres.ts'

const secret = 's3cret@:/'
const file = `# services
[shop]
host=db.example
port=6432
user=clerk
password=${secret}
dbname=shop
sslmode=verify-full
keepalives=1

[local]
  host=/run/postgresql
dbname=with space
[nothing]
user=clerk
[later]
host=late
`

async function resolved(url: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const cwd = await directory({ 'services.conf': file })
  return withService(url, { PGSERVICEFILE: join(cwd, 'services.conf'), ...env })
}

async function refusal(promise: Promise<unknown>): Promise<object> {
  try {
    await promise
    return { code: 'none' }
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error
    const words = [error.message, error.hint, error.details, String(error.cause), error.stack].join(' ')
    return { code: error.code, words: `${error.message} ${error.hint}`, secret: words.includes('s3cret') }
  }
}

const login = `clerk:${encodeURIComponent(secret)}`

describe('a connection service', () => {
  test.each([
    ['postgres:///?service=shop', {}, `postgres://${login}@db.example:6432/shop?sslmode=verify-full`],
    ['postgres://', { PGSERVICE: 'shop' }, `postgres://${login}@db.example:6432/shop?sslmode=verify-full`],
    [
      'postgresql://ann@other:1/books?service=shop&sslmode=disable',
      {},
      `postgresql://ann:${encodeURIComponent(secret)}@other:1/books?sslmode=disable`,
    ],
    ['postgres:///?service=shop&port=7&dbname=b', {}, `postgres://${login}@db.example:7/b?sslmode=verify-full`],
    [
      'postgres://clerk@localhost/shop?host=/run/pg&service=shop',
      {},
      `postgres://${login}@localhost:6432/shop?sslmode=verify-full&host=%2Frun%2Fpg`,
    ],
    ['postgres:///?service=local', {}, 'postgres://localhost/with%20space?host=%2Frun%2Fpostgresql'],
    ['postgres:///?service=later', { PGUSER: 'eve', PGHOST: 'x' }, 'postgres://eve@late/'],
    ['postgres://ann@host/db?application_name=x', {}, 'postgres://ann@host/db?application_name=x'],
    ['pglite://memory', { PGSERVICE: 'shop' }, 'pglite://memory'],
  ])('%s with %o', async (url, env, expected) => {
    expect(await resolved(url, env)).toBe(expected)
  })

  test('is looked for in the home directory, then in that of the system', async () => {
    const cwd = await directory({
      'home/.pg_service.conf': '[mine]\nhost=one\n',
      'system/pg_service.conf': '[mine]\nhost=two\n[all]\nhost=three\n',
    })
    const env = { HOME: join(cwd, 'home'), PGSYSCONFDIR: join(cwd, 'system') }
    expect(await withService('postgres:///?service=mine', env)).toBe('postgres://one/')
    expect(await withService('postgres:///?service=all', env)).toBe('postgres://three/')
    expect(await refusal(withService('postgres:///?service=al', env))).toEqual({
      code: 'service-invalid',
      words: expect.stringMatching(
        /^The service "al" is not known\. Not in .*\.pg_service\.conf, .*Did you mean "all"\?$/,
      ),
      secret: false,
    })
    expect(await refusal(withService('postgres:///?service=x', { HOME: cwd }))).toMatchObject({
      code: 'service-invalid',
      words: expect.stringContaining('There is no service file. Write it to ~/.pg_service.conf'),
    })
  })

  test.each([
    ['[a]\nhost=h\nhostaddr=127.0.0.1\n', ':3 sets "hostaddr", which is not read here'],
    ['[a]\nhost=h\nservice=b\n', ':3 sets "service", which is not read here'],
    ['[a]\nhost=h\ns3cret\n', ':3 is no line of a service'],
    ['[a]\nhost = s3cret\n', ':2 is no line of a service'],
    ['[a]\npassword=s3cret\n', 'names neither a host nor a database'],
  ])('that cannot be followed is refused: %j', async (text, words) => {
    const cwd = await directory({ services: text })
    const asked = withService('postgres:///?service=a', { PGSERVICEFILE: join(cwd, 'services') })
    expect(await refusal(asked)).toEqual({
      code: 'service-invalid',
      words: expect.stringContaining(words),
      secret: false,
    })
  })

  test('a file that is named and not there is refused', async () => {
    const asked = withService('postgres:///?service=a', { PGSERVICEFILE: '/nowhere/services' })
    expect(await refusal(asked)).toMatchObject({ code: 'service-invalid', words: expect.stringContaining('/nowhere') })
  })

  test('leads every command to its database, by PGSERVICE alone and in a URL', async () => {
    const { url } = await createDatabase()
    const { username, password, pathname, searchParams, hostname, port } = new URL(url)
    const lines = [
      `host=${searchParams.get('host') ?? hostname}`,
      `port=${searchParams.get('port') ?? port}`,
      `user=${decodeURIComponent(username)}`,
      ...(password === '' ? [] : [`password=${decodeURIComponent(password)}`]),
      `dbname=${pathname.slice(1)}`,
    ]
    const cwd = await directory({
      services: `[here]\n${lines.join('\n')}\n`,
      'migrations/1_a.sql': '-- migrate:up\ncreate table a ();\n-- migrate:down\ndrop table a;\n',
    })
    const env = { PGSERVICEFILE: join(cwd, 'services') }
    const up = await migrate(['up'], { cwd, env: { ...env, PGSERVICE: 'here', PGDATABASE: 'another' } })
    expect([up.code, up.stderr]).toEqual([0, expect.stringContaining('1 a')])
    const status = await migrate(['status', '--url', 'postgres:///?service=here'], { cwd, env })
    expect(status.stdout).toContain('1 applied, 0 pending.')
    expect(await migrate(['status', '--url', 'postgres:///?service=her'], { cwd, env })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/service-invalid[\s\S]*Did you mean "here"/),
    })
    const session = await connect(url)
    expect((await session.query(`select to_regclass('a')::text as a`)).rows).toEqual([{ a: 'a' }])
    await session.close()
  })
})
