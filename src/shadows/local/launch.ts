import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, Socket } from 'node:net'
import { join } from 'node:path'
import { scratchSettings } from '../own-server.ts'
import type { ServerBinaries } from './binaries.ts'
import { programName } from './platform.ts'
import type { ServerUser } from './user.ts'

/** A server process that was started; it may not answer yet. */
export interface LaunchedServer {
  /** The directory of its socket, or its address. */
  readonly host: string
  readonly port: number
  /** What it wrote when it ended by itself; undefined while it runs. */
  failure(): string | undefined
  /** Ends it and removes its directory; resolves when both is done. */
  stop(): Promise<void>
}

export interface LaunchOptions {
  readonly binaries: ServerBinaries
  readonly user: ServerUser
  readonly env: NodeJS.ProcessEnv
  /** Holds the data, the socket and the log; removed with the server. */
  readonly directory: string
  readonly data: string
  /** Go before those that every server here has: `autovacuum=on`. */
  readonly settings?: readonly string[] | undefined
}

/**
 * Keeps watch over the server: ends it and removes its directory as soon as the pipe on standard input closes, which
 * happens when we ask for it and also when our process is gone, however it went (kill -9 included). SIGQUIT is the
 * server's immediate shutdown; its data is thrown away.
 */
const watch = `
directory=$1; shift
exec 3<&0
"$@" </dev/null 3<&- >"$directory/log" 2>&1 &
server=$!
{ read -r _ <&3; kill -QUIT "$server"; } >/dev/null 2>&1 &
reader=$!
wait "$server"
kill "$reader" 2>/dev/null
tail -c 2000 "$directory/log" >&2
rm -rf -- "$directory"
`

/** Starts the server: on a socket in its own directory, or, on Windows, on a free port of 127.0.0.1. */
export async function launch(options: LaunchOptions): Promise<LaunchedServer> {
  return process.platform === 'win32' ? launchOnPort(options) : launchOnSocket(options)
}

function launchOnSocket({ binaries, user, env, directory, data, settings }: LaunchOptions): LaunchedServer {
  const server = [join(binaries.bin, 'postgres'), '-D', data, '-k', directory, '-p', '5432', '-c', 'listen_addresses=']
  const command = [...user.prefix, '/bin/sh', '-c', watch, 'sh', directory, ...server, ...settingArguments(settings)]
  const [program = '', ...rest] = command
  // Detached: a Ctrl-C in the terminal is ours to handle, the server must not end before we are done.
  const child = spawn(program, rest, {
    env,
    cwd: directory,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    ...user.spawn,
  })
  return supervise(child, { host: directory, port: 5432 }, () => child.stdin.end())
}

async function launchOnPort({ binaries, env, directory, data, settings }: LaunchOptions): Promise<LaunchedServer> {
  const port = await freePort()
  const address = ['-p', String(port), '-c', 'listen_addresses=127.0.0.1']
  const program = join(binaries.bin, programName('postgres'))
  const child = spawn(program, ['-D', data, ...address, ...settingArguments(settings)], {
    env,
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const end = (): void => void child.kill()
  process.on('exit', end)
  return supervise(child, { host: '127.0.0.1', port }, end)
}

function supervise(
  child: ChildProcess,
  address: { readonly host: string; readonly port: number },
  end: () => void,
): LaunchedServer {
  let complaint = ''
  let failure: string | undefined
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-2000)))
  child.stdin?.on('error', () => undefined)
  const ended = new Promise<void>((resolve) => {
    const onEnd = (reason: string): void => {
      failure ??= complaint.trim() === '' ? reason : complaint.trim()
      resolve()
    }
    child.on('error', ({ message }) => onEnd(message))
    child.on('close', (code, signal) => onEnd(`it ended with ${signal ?? code}`))
  })
  letProcessEnd(child)
  return {
    ...address,
    failure: () => failure,
    stop: async () => {
      child.ref()
      end()
      await ended
    },
  }
}

/** A server that nobody stopped must not keep our process alive; when that ends, the server does. */
function letProcessEnd(child: ChildProcess): void {
  child.unref()
  for (const stream of [child.stdin, child.stderr]) if (stream instanceof Socket) stream.unref()
}

/** The server takes the last value of a setting that is given twice. */
function settingArguments(more: readonly string[] = []): readonly string[] {
  return [...scratchSettings, ...more].flatMap((setting) => ['-c', setting])
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0))
    })
  })
}
