import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { ToolkitError, messageOf } from '../core/errors.ts'
import { compared } from './compared.ts'
import type { RunningServer, Shadow, ShadowOptions } from './shadow.ts'

/** What is started where no version is wanted. */
const newestMajor = 18

/** A server in a container. Only the package testcontainers and an engine that answers are needed. */
export const testcontainers: Shadow = {
  id: 'testcontainers',
  summary: 'A server in a container: the image postgres:MAJOR, or the one that the configuration names.',
  rank: 25,
  async available(options) {
    const major = options.major ?? newestMajor
    const image = imageName(options)
    const stated = statedMajor(image)
    if (options.major !== undefined && stated !== undefined && stated !== options.major)
      return { available: false, reason: `the image ${image} is not PostgreSQL ${options.major}` }
    if (!isInstalled()) return { available: false, reason: 'the package testcontainers is not installed' }
    const { engineAddress } = await import('./testcontainers/engine.ts')
    if ((await engineAddress()) === undefined)
      return { available: false, reason: 'no container engine answers (DOCKER_HOST, or Docker’s usual socket)' }
    return { available: true, major: stated ?? major, description: `PostgreSQL in a container (${image})` }
  },
  async start(options) {
    try {
      return compared(await startServer(options), options)
    } catch (error) {
      throw new ToolkitError({
        code: 'shadow-unavailable',
        message: `No server starts in a container of ${imageName(options)}: ${messageOf(error)}`,
        hint: 'Look whether the image runs: docker run --rm -e POSTGRES_PASSWORD=secret IMAGE. Or name an empty database with --shadow-url.',
        cause: error,
      })
    }
  },
}

async function startServer(options: ShadowOptions): Promise<RunningServer> {
  const { startInContainer } = await import('./testcontainers/server.ts')
  const password = randomBytes(12).toString('hex')
  return startInContainer(imageName(options), password, options)
}

function imageName({ image, major }: ShadowOptions): string {
  return image ?? `postgres:${major ?? newestMajor}`
}

/** What a tag says: `16-3.4` of postgis, `pg17` of pgvector. Others are asked when they run. */
function statedMajor(image: string): number | undefined {
  const found = /:(?:pg)?(\d{2})(?=$|[.-])[^/]*$/.exec(image)
  return found === null ? undefined : Number(found[1])
}

function isInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve('testcontainers')
    return true
  } catch {
    return false
  }
}
