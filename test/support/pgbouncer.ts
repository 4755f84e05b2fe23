import { execFile, spawn } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { serverUser } from '../../src/shadows/local/user.ts'
import { adminUrl } from './postgres.ts'

const run = promisify(execFile)
const cache = join(import.meta.dirname, '../../.cache/pgbouncer')
/** PgBouncer and the libraries that a small Debian lacks. */
const packages = ['pgbouncer', 'libevent-2.1-7', 'libc-ares2']

/** Starts a real PgBouncer before the shared server; gives the address of a database behind it. Stopped with the test. */
export async function pgbouncer(database: string, mode: 'transaction' | 'session'): Promise<string> {
  const root = await installed()
  const folder = await mkdtemp(join(tmpdir(), 'migrate-pgbouncer-'))
  const port = await freePort()
  const server = new URL(adminUrl())
  const host = server.searchParams.get('host') ?? server.hostname
  const serverPort = server.searchParams.get('port') ?? server.port
  const user = decodeURIComponent(server.username)
  const password = server.password === '' ? '' : ` password='${decodeURIComponent(server.password)}'`
  const settings = [
    '[databases]',
    `${database} = dbname=${database} host=${host} port=${serverPort} user=${user}${password}`,
    '[pgbouncer]',
    `listen_addr = 127.0.0.1`,
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    `pool_mode = ${mode}`,
    'ignore_startup_parameters = extra_float_digits,options',
    `logfile = ${folder}/log`,
    `pidfile = ${folder}/pid`,
  ]
  const file = join(folder, 'pgbouncer.ini')
  await writeFile(file, `${settings.join('\n')}\n`)
  // It does not run as root, and only the user of the server can reach the server's socket.
  const as = await serverUser()
  if (as.owner !== undefined) await chown(folder, as.owner, as.owner)
  const [command, ...words] = [...as.prefix, join(root, 'usr/sbin/pgbouncer'), file]
  const env = { PATH: process.env['PATH'], LD_LIBRARY_PATH: join(root, 'usr/lib', libraries()) }
  const child = spawn(command, words, { env, stdio: 'ignore', ...as.spawn })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })
  const url = `postgres://${server.username}@127.0.0.1:${port}/${database}`
  await answers(url)
  return url
}

/** Fetched once from Debian's packages, without installing anything. */
async function installed(): Promise<string> {
  const root = join(cache, 'root')
  if ((await readdir(root).catch(() => [])).length > 0) return root
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'fetch-'))
  await run('apt-get', ['download', ...packages], { cwd: folder })
  const unpacked = join(folder, 'root')
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.deb')))
    await run('dpkg-deb', ['-x', join(folder, file), unpacked])
  await chmod(folder, 0o755)
  await rename(unpacked, root).catch(async (error: unknown) => {
    // Another test was faster.
    if ((await readdir(root).catch(() => [])).length === 0) throw error
  })
  await rm(folder, { recursive: true, force: true })
  return root
}

function libraries(): string {
  return process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('There is no free port.')
  return address.port
}

/** PgBouncer says nothing when it is ready. */
async function answers(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      const connection = await connect(url)
      await connection.close()
      return
    } catch (error) {
      if (tries === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
