import { getContainerRuntimeClient } from 'testcontainers'
import { databaseMaker, firstAnswer, scratchSettings } from '../own-server.ts'
import type { RunningServer, ShadowOptions } from '../shadow.ts'
import { scratchDirectory, startContainer } from './container.ts'
import { readImage } from './image.ts'
import { sweepContainers } from './leftovers.ts'

/** `initdb` takes a few seconds on a machine that has much to do. */
const readyTimeoutMs = 120_000

/** Starts a server in a container, and waits until it answers. */
export async function startInContainer(
  image: string,
  password: string,
  options: ShadowOptions,
): Promise<RunningServer> {
  const client = await getContainerRuntimeClient()
  await sweepContainers(client)
  const { entrypoint, command } = await readImage(client, image, options)
  const settings = scratchSettings.flatMap((setting) => ['-c', setting])
  const container = await startContainer(client, {
    image,
    command: [...entrypoint, ...(command.length === 0 ? ['postgres'] : command), ...settings],
    environment: {
      PGDATA: `${scratchDirectory}/data`,
      POSTGRES_USER: 'postgres',
      POSTGRES_DB: 'postgres',
      POSTGRES_PASSWORD: password,
      POSTGRES_INITDB_ARGS: '--no-sync',
    },
  })
  try {
    const host = container.host.includes(':') ? `[${container.host}]` : container.host
    const adminUrl = `postgres://postgres:${password}@${host}:${container.port}/postgres`
    const failure = (): string | undefined =>
      options.signal?.aborted === true ? 'the run was ended' : container.failure()
    const facts = await firstAnswer(adminUrl, { failure, timeoutMs: readyTimeoutMs })
    const version = `${Math.floor(facts.versionNumber / 10_000)}.${facts.versionNumber % 10_000}`
    let stopped: Promise<void> | undefined
    return {
      description: `PostgreSQL ${version} in a container (${image})`,
      sessions: 'many',
      facts,
      createDatabase: databaseMaker(adminUrl),
      stop: () => (stopped ??= container.stop()),
    }
  } catch (error) {
    await container.stop()
    throw error
  }
}
