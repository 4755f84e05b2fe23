import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Something that listens on this machine answers in a millisecond; nobody shall wait for an engine that is not there. */
const answerWithinMs = 1000

/** Where a container engine answers; undefined where none does. The places are those where testcontainers looks for one. */
export async function engineAddress(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  for (const address of candidates(env)) if (await answers(address)) return address
  return undefined
}

function candidates(env: NodeJS.ProcessEnv): readonly string[] {
  const named = [configured('tc.host'), env['DOCKER_HOST'] ?? configured('docker.host')]
  const { XDG_RUNTIME_DIR: runtime } = env
  const sockets = [
    '/var/run/docker.sock',
    ...(runtime === undefined ? [] : [join(runtime, 'docker.sock')]),
    join(homedir(), '.docker/run/docker.sock'),
    join(homedir(), '.docker/desktop/docker.sock'),
    `/run/user/${process.getuid?.() ?? ''}/docker.sock`,
  ]
  const usual =
    process.platform === 'win32'
      ? ['npipe:////./pipe/docker_engine']
      : sockets.filter((path) => existsSync(path)).map((path) => `unix://${path}`)
  return [...named.filter((address) => address !== undefined), ...usual]
}

/** A line of `~/.testcontainers.properties`. */
function configured(key: string): string | undefined {
  try {
    const lines = readFileSync(join(homedir(), '.testcontainers.properties'), 'utf8').split('\n')
    const parts = lines.map((line) => /^\s*([\w.]+)\s*[=:]\s*(.*?)\s*$/.exec(line))
    return parts.find((found) => found?.[1] === key)?.[2]
  } catch {
    return undefined
  }
}

/** Any answer counts: one that speaks TLS answers plain words with a complaint. */
async function answers(address: string): Promise<boolean> {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, port, pathname } = new URL(address)
  const local = protocol === 'unix:' || protocol === 'npipe:'
  return new Promise((resolve) => {
    const socket = connect(local ? { path: pathname } : { host: hostname, port: Number(port || 2375) })
    const end = (answered: boolean): void => {
      socket.destroy()
      resolve(answered)
    }
    socket.setTimeout(answerWithinMs, () => end(false))
    socket.on('error', () => end(false)).on('close', () => end(false))
    socket.on('data', () => end(true))
    socket.on('connect', () => socket.write('GET /_ping HTTP/1.0\r\n\r\n'))
  })
}
