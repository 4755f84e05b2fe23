import { mkdtemp, readFile, rm, symlink, writeFile, chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { type ServerBinaries, findBinaries } from '../../src/shadows/local/binaries.ts'
import { startLocalServer } from '../../src/shadows/local/server.ts'
import { eventually } from './child-run.ts'
import { serverMajor } from './postgres.ts'

const root = join(import.meta.dirname, '../..')

/** A server of one test alone, for what the shared one cannot be: a replica, or one that asks for passwords. */
export interface OwnServer {
  /** Its database `postgres`. */
  url(login?: { readonly user: string; readonly password: string }): string
  /** Runs SQL as the superuser. */
  run(sql: string): Promise<void>
}

/**
 * Starts it with the major version of the shared server; `configure` changes its data directory before, and may answer
 * with settings. `program` is the shell script that runs as the server: what it calls `$postgres` is the real one.
 * Stopped with the test.
 */
export async function ownServer(
  configure: (data: string) => Promise<readonly string[] | void>,
  program?: string,
): Promise<OwnServer> {
  const found = await findBinaries([join(root, 'test/matrix')])
  const binaries = found.find(({ major }) => major === serverMajor())
  if (binaries === undefined) throw new Error(`There are no binaries of PostgreSQL ${serverMajor()}.`)
  const wrapped = program === undefined ? binaries : await wrap(binaries, program)
  const server = await startLocalServer(wrapped, join(root, '.cache'), configure)
  onTestFinished(() => server.stop())
  const url: OwnServer['url'] = (login) => {
    const address = new URL(server.adminUrl)
    if (login !== undefined) Object.assign(address, { username: login.user, password: login.password })
    return address.href
  }
  const run = async (sql: string): Promise<void> => {
    const connection = await connect(url())
    await connection.run(sql).finally(() => connection.close())
  }
  return { url, run }
}

async function wrap(binaries: ServerBinaries, program: string): Promise<ServerBinaries> {
  const bin = await mkdtemp(join(tmpdir(), 'migrate-server-'))
  onTestFinished(() => rm(bin, { recursive: true, force: true }))
  await chmod(bin, 0o755)
  await symlink(join(binaries.bin, 'initdb'), join(bin, 'initdb'))
  const script = `#!/bin/sh\npostgres='${join(binaries.bin, 'postgres')}'\n${program}`
  await writeFile(join(bin, 'postgres'), script, { mode: 0o755 })
  return { ...binaries, bin }
}

/** Starts the server again whenever it ends, until it is itself told to end. A shell's background process ignores SIGQUIT. */
const again = `
[ -n "$LISTENS" ] || LISTENS=yes exec env --default-signal=QUIT "$0" "$@"
trap 'ending=yes; kill -QUIT "$server" 2>/dev/null' QUIT
while [ -z "$ending" ]; do
  "$postgres" "$@" &
  server=$!
  wait "$server"
done
wait "$server" 2>/dev/null
`

export interface RestartableServer extends OwnServer {
  /** Stops it at once, as `pg_ctl stop -m immediate` does, and waits until it is there again. */
  restart(): Promise<void>
}

/** A server whose commits survive its crashes. */
export async function restartableServer(): Promise<RestartableServer> {
  let data = ''
  const server = await ownServer(async (directory) => {
    data = directory
    return Promise.resolve(['synchronous_commit=on'])
  }, again)
  const restart = async (): Promise<void> => {
    const [pid] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')
    process.kill(Number(pid), 'SIGQUIT')
    await eventually(
      () => Promise.resolve(isThere(Number(pid))),
      (there) => !there,
    )
    await eventually(
      () =>
        connect(server.url())
          .then((session) => session.close())
          .then(
            () => true,
            () => false,
          ),
      Boolean,
    )
  }
  return { ...server, restart }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
