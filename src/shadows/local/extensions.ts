import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ServerBinaries } from './binaries.ts'
import { programName } from './platform.ts'
import { runProgram } from './program.ts'

/** npm packages hold their files and not the interpreters: CREATE EXTENSION fails at loading the library. */
const withoutInterpreter = /pl(?:perl|python)/

/** Names of the extensions that these binaries can create: their control files. */
export async function extensionsOf(binaries: ServerBinaries): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (const place of await placesOf(binaries)) {
    const files = await readdir(place).catch(() => [])
    for (const file of files) if (file.endsWith('.control')) found.add(file.slice(0, -'.control'.length))
  }
  return new Set([...found].filter((name) => binaries.source === 'machine' || !withoutInterpreter.test(name)))
}

/** Where they lie: as `pg_config` says, else at the usual places beside the programs. */
async function placesOf({ bin, native }: ServerBinaries): Promise<readonly string[]> {
  const beside = ['share/postgresql', 'share'].map((share) => join(dirname(bin), share, 'extension'))
  if (native !== undefined) return beside
  const configured = await runProgram(join(bin, programName('pg_config')), ['--sharedir']).catch(() => undefined)
  if (configured !== undefined) return [join(configured.trim(), 'extension')]
  // Debian: /usr/lib/postgresql/15/bin and /usr/share/postgresql/15.
  return [...beside, join(dirname(bin).replace('/lib/', '/share/'), 'extension')]
}
