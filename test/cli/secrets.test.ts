import { chmod, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { buildProgram } from '../../src/cli/program.ts'
import type { Terminal } from '../../src/cli/terminal.ts'
import { connect } from '../../src/db/connect.ts'
import { passwordIn } from '../../src/db/password.ts'
import { eventually } from '../support/child-run.ts'
import { directory, migrate, startMigrate } from '../support/cli.ts'
import { type OwnServer, ownServer } from '../support/own-server.ts'

/** What URLs, files, shells and SQL each take for something of their own. */
const odd = String.raw`p@s:w/o?r#d%41&a'b"c\d $e;ü`
const wrong = String.raw`wr0ng@:/?#%'"\ ü`
const files = {
  'migrations/1_a.sql': '-- migrate:up\ncreate table a (id int);\n-- migrate:down\ndrop table a;\n',
  'migrations/2_b.sql':
    '-- migrate:up\nalter table a add column b int;\n-- migrate:down\nalter table a drop column b;\n',
}

/** A server that asks everybody but its administrator for a password. */
async function guardedServer(): Promise<OwnServer> {
  const server = await ownServer(async (data) => {
    await writeFile(join(data, 'pg_hba.conf'), 'local all postgres trust\nlocal all all scram-sha-256\n')
  })
  await server.run(`create role clerk login superuser password '${odd.replaceAll("'", "''")}'`)
  return server
}

/** The address with the user, and what comes after it. */
function address(server: OwnServer, password?: string): string {
  const login = password === undefined ? 'clerk' : `clerk:${encodeURIComponent(password)}`
  return server.url().replace('//postgres@', `//${login}@`)
}

describe('a password', () => {
  test('comes from the URL, a service, PGPASSWORD, a password file or a command', { timeout: 120_000 }, async () => {
    const server = await guardedServer()
    const escaped = odd.replaceAll(/[\\:]/g, String.raw`\$&`)
    const cwd = await directory({
      ...files,
      pgpass: `# who\nlocalhost:*:postgres:other:no\nlocalhost:5432:*:clerk:${escaped}\n`,
      secret: odd,
    })
    const commands = await directory({
      ...files,
      'migrate.config.json': JSON.stringify({ passwordCommand: ['cat', join(cwd, 'secret')] }),
    })
    await chmod(join(cwd, 'pgpass'), 0o600)
    await writeFile(join(cwd, 'url'), `${address(server, odd)}\n`)
    const url = address(server)
    const status = async (
      env: Readonly<Record<string, string>>,
      where = cwd,
    ): Promise<readonly [number | null, string]> => {
      const { code, stderr } = await migrate(['status'], { cwd: where, env: { HOME: cwd, ...env } })
      return [code, stderr.replaceAll(/\s+/g, ' ')]
    }
    const fine = [0, '']
    expect(await status({ DATABASE_URL: address(server, odd) })).toEqual(fine)
    expect(await status({ DATABASE_URL_FILE: join(cwd, 'url') })).toEqual(fine)
    expect(await status({ DATABASE_URL: url, PGPASSWORD: odd })).toEqual(fine)
    expect(await status({ DATABASE_URL: url, PGPASSFILE: join(cwd, 'pgpass') })).toEqual(fine)
    expect(await status({ DATABASE_URL: url }, commands)).toEqual(fine)
    const services = { PGSERVICE: 'guarded', PGSERVICEFILE: join(cwd, 'services') }
    await writeFile(services.PGSERVICEFILE, `[guarded]\npassword=${odd}\n[wrong]\npassword=${wrong}\n`)
    expect(await status({ DATABASE_URL: url, ...services })).toEqual(fine)
    const [code, said] = await status({ DATABASE_URL: url, ...services, PGSERVICE: 'wrong' })
    expect([code, formsOf(wrong).filter((form) => said.includes(form))]).toEqual([6, []])
    expect(await status({ DATABASE_URL: url })).toEqual([
      6,
      expect.stringMatching(/asks for a password, and none was given/),
    ])
    await chmod(join(cwd, 'pgpass'), 0o644)
    expect(await status({ DATABASE_URL: url, PGPASSFILE: join(cwd, 'pgpass') })).toEqual([
      6,
      expect.stringMatching(/none was given.* can be read by others, so it was not used: chmod 600/),
    ])
  })

  test('that is refused: where it came from is said, and not what it is', { timeout: 60_000 }, async () => {
    const server = await guardedServer()
    const cwd = await directory({ ...files, pgpass: '*:*:*:*:s3cret\n' })
    const commands = await directory({
      ...files,
      'migrate.config.json': JSON.stringify({ passwordCommand: ['echo', 's3cret'] }),
    })
    await chmod(join(cwd, 'pgpass'), 0o600)
    const url = address(server)
    const said = async (env: Readonly<Record<string, string>>, where = cwd): Promise<string> => {
      const { code, stderr } = await migrate(['status'], { cwd: where, env: { HOME: commands, ...env } })
      expect([code, stderr.includes('s3cret')]).toEqual([6, false])
      return (
        /(?:The password that was sent is|Give it in the URL)(?:[^;,]*)/.exec(stderr.replaceAll(/\s+/g, ' '))?.[0] ??
        stderr
      )
    }
    const sent = 'The password that was sent is'
    expect(await said({ DATABASE_URL: address(server, 's3cret') })).toBe(
      `${sent} the one in the address or its connection service`,
    )
    expect(await said({ DATABASE_URL: url, PGPASSWORD: 's3cret' })).toBe(`${sent} that of PGPASSWORD`)
    const named = join(cwd, 'pgpass')
    expect(await said({ DATABASE_URL: url, PGPASSFILE: named })).toBe(`${sent} the one in the password file "${named}"`)
    expect(await said({ DATABASE_URL: url }, commands)).toBe(
      `${sent} what "passwordCommand" in the configuration printed`,
    )
    expect(await said({ DATABASE_URL: url })).toBe('Give it in the URL')
  })

  test.each([
    [['sh', '-c', 'echo s3cret >&2; echo s3cret; exit 3'], 'ended with 3'],
    [['no-such-program-s3', 's3cret'], 'was not found'],
    [['true', 's3cret'], 'printed nothing'],
  ])('a command that fails says so without what it said: %j', async (passwordCommand, how) => {
    const cwd = await directory({ ...files, 'migrate.config.json': JSON.stringify({ passwordCommand }) })
    const { code, stdout, stderr } = await migrate(['status', '--url', 'postgres://clerk@127.0.0.1:1/shop'], { cwd })
    expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([
      6,
      expect.stringMatching(new RegExp(`password-command-failed.*${how}`)),
    ])
    expect(stdout + stderr).not.toContain('s3cret')
  })

  test.each([
    ['*:*:*:*:plain', 'plain'],
    [String.raw`db.example:5432:shop:clerk:a\:b\\c:d`, String.raw`a:b\c:d`],
    ['other:5432:shop:clerk:no\n#db.example:5432:shop:clerk:no\ndb.example:*:shop:clerk:yes\r\n', 'yes'],
    ['db.example:5433:shop:clerk:no', undefined],
    ['db.example:5432:shop:clerk', undefined],
    ['', undefined],
  ])('is found in a password file as by libpq: %j', (text, password) => {
    const asked = { host: 'db.example', port: 5432, database: 'shop', user: 'clerk' }
    expect(passwordIn(text, asked)).toBe(password)
  })
})

/** The password in every form in which it may turn up. */
function formsOf(password: string): readonly string[] {
  const json = JSON.stringify(password).slice(1, -1)
  const url = new URL('postgres://localhost/')
  url.password = password
  return [
    password,
    encodeURIComponent(password),
    encodeURI(password),
    json,
    url.password,
    password.replaceAll("'", "''"),
  ]
}

async function processes(): Promise<string> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')))
  return lines.join('\n')
}

/** Every command of the command line that does anything, by its words, with its options. */
function commands(): ReadonlyMap<string, ReadonlySet<string>> {
  const terminal: Terminal = {
    env: {},
    cwd: '/',
    interactive: false,
    draws: false,
    style: () => ({ color: false, width: 80 }),
    out: () => undefined,
    err: () => undefined,
    readStdin: () => Promise.resolve(new Uint8Array()),
  }
  const leaves = (command: Command, before: readonly string[]): readonly (readonly [string, ReadonlySet<string>])[] =>
    command.commands.flatMap((inner) => {
      const words = [...before, inner.name()]
      const options = new Set(inner.options.flatMap(({ long }) => long ?? []))
      return inner.commands.length > 0 ? leaves(inner, words) : [[words.join(' '), options] as const]
    })
  return new Map(leaves(buildProgram(terminal, { exitCode: 0 }), []))
}

/** In an order in which each has something to do; a command that is missing here fails the test. */
const asked: readonly (readonly [command: string, ...args: readonly string[]])[] = [
  ['init', '--label', 'test'],
  ['status', '--verbose'],
  ['up', '1', '--verbose'],
  ['approve', '2'],
  ['gate', '2'],
  ['snapshot'],
  ['new', 'another', '--dir', 'elsewhere'],
  ['lint', '--verbose'],
  ['lock'],
  ['plan', '-e', 'alter table a alter column id set not null'],
  ['explain', 'authentication-failed'],
  ['verify', '--verbose'],
  ['drift', '--verbose'],
  ['baseline', '--dry-run'],
  ['import', '--from', 'dbmate'],
  ['repair', '--dead-runs', '--yes'],
  ['queries capture', '--release', '1', '--from-database', '--verbose'],
  ['queries check', '--verbose'],
  ['up', '--dry-run', '--verbose'],
]

test('no password is in output, errors, journal, sessions or the list of processes', { timeout: 600_000 }, async () => {
  const known = commands()
  expect(new Set([...asked.map(([command]) => command), 'down'])).toEqual(new Set(known.keys()))
  const server = await guardedServer()
  const patient = JSON.stringify({ run: { lockTimeout: '5s', attempts: 1 } })
  const cwd = await directory({ ...files, 'elsewhere/.keep': '', 'migrate.config.json': patient })
  const seen: string[] = []
  /** What the command says with that address wherever it takes one; one that takes none has it in its environment. */
  const say = async (command: string, args: readonly string[], url: string, more: readonly string[]) => {
    const takes = (option: string): readonly string[] => (known.get(command)?.has(option) === true ? [option, url] : [])
    const given = [...takes('--url'), ...takes('--shadow-url'), ...more]
    const result = await migrate([...command.split(' '), ...args, ...given], { cwd, env: { DATABASE_URL: url } })
    seen.push(result.stdout, result.stderr)
    return result.code
  }
  const each = async (command: string, ...args: readonly string[]): Promise<void> => {
    const right = await say(command, args, address(server, odd), [])
    const refused = await say(command, args, address(server, wrong), ['--json'])
    expect([command, right === 6 || right === 70]).toEqual([command, false])
    if (known.get(command)?.has('--url') === true) expect([command, refused]).toEqual([command, 6])
    if (known.get(command)?.has('--direct-url') !== true) return
    const direct = await say(command, args, address(server, odd), ['--direct-url', address(server, wrong)])
    // Not every one gets as far as that address.
    expect([command, direct === 70]).toEqual([command, false])
  }
  for (const [command, ...args] of asked) await each(command, ...args)

  // One that waits for a lock, so that it can be looked at while it runs; then it fails, and its error is kept.
  const blocker = await connect(server.url())
  await blocker.run('begin; lock table a')
  // A transaction goes on seeing the sessions that it has seen first.
  const watcher = await connect(server.url())
  const waiting = startMigrate(['up', '--label', 'test', '--url', address(server, odd), '--verbose'], { cwd })
  const line = /alter table a add column b/
  const sessions = await Promise.race([
    eventually(
      async () => {
        const { rows } = await watcher.query<{ line: string }>(
          'select to_jsonb(a)::text as line from pg_stat_activity a',
        )
        return rows.map((row) => row.line)
      },
      (lines) => lines.some((one) => line.test(one)),
    ),
    waiting.ended.then((result) => Promise.reject(new Error(JSON.stringify(result)))),
  ])
  seen.push(...sessions, await processes())
  const ended = await waiting.ended
  seen.push(ended.stdout, ended.stderr)
  expect(ended.code).toBe(4)
  await blocker.run('rollback')
  await each('down', '--unproven', '--yes', '--label', 'test')

  const { rows } = await blocker.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'migrate'`,
  )
  for (const { name } of rows) {
    const kept = await blocker.query<{ line: string }>(`select to_jsonb(t)::text as line from ${name} t`)
    seen.push(...kept.rows.map(({ line }) => line))
  }
  await blocker.close()
  await watcher.close()
  const everything = seen.join('\n')
  expect(everything).toContain('lock-timeout')
  expect([...formsOf(odd), ...formsOf(wrong)].filter((form) => everything.includes(form))).toEqual([])
})
