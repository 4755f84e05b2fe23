import { ToolkitError, messageOf } from '../core/errors.ts'
import type { ServerFacts } from '../model/server-facts.ts'
import { compared } from './compared.ts'
import { lackingExtensions } from './lacking.ts'
import type { Shadow } from './shadow.ts'
import { openDatabases } from './url/databases.ts'
import { look } from './url/look.ts'
import { refused } from './url/refused.ts'

/** A server that the user names. Only databases that are created here are ever written to, and they are dropped again. */
export const url: Shadow = {
  id: 'url',
  summary: 'The server named with --shadow-url: databases are created there and dropped again.',
  rank: 10,
  async available(options) {
    if (options.url === undefined) return { available: false, reason: 'no --shadow-url is given' }
    try {
      const facts = await look(options, options.url)
      const description = descriptionOf(facts)
      const major = Math.floor(facts.versionNumber / 10_000)
      if (options.major !== undefined && options.major !== major)
        return { available: false, reason: `${description} is not PostgreSQL ${options.major}` }
      const reason = lackingExtensions(description, options.extensions, (name) => name in facts.extensions)
      return reason === undefined ? { available: true, major, description } : { available: false, reason }
    } catch (error) {
      if (error instanceof ToolkitError && error.code === 'shadow-refused') throw error
      return { available: false, reason: messageOf(error) }
    }
  },
  async start(options) {
    if (options.url === undefined) throw refused('No --shadow-url is given.')
    const facts = await look(options, options.url)
    const databases = await openDatabases(options.url)
    const server = {
      description: descriptionOf(facts),
      sessions: 'many' as const,
      facts,
      createDatabase: databases.create,
      stop: databases.close,
    }
    return compared(server, options)
  },
}

function descriptionOf({ versionNumber }: ServerFacts): string {
  return `PostgreSQL ${Math.floor(versionNumber / 10_000)}.${versionNumber % 10_000} at --shadow-url`
}
