import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { silentLog } from '../../src/core/log.ts'
import { local } from '../../src/shadows/local.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The database `postgres` of the one server that all tests share. */
    readonly adminUrl: string
    readonly serverMajor: number
  }
}

const root = join(import.meta.dirname, '../..')

/**
 * Starts one real server for the whole run: the newest major, or that of MIGRATE_TEST_MAJOR. Where none starts, the
 * run fails: no test may pass for want of a server.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  buildForCommandLine()
  const wanted = process.env['MIGRATE_TEST_MAJOR']
  const options = {
    cacheDirectory: join(root, '.cache'),
    searchIn: [join(root, 'test/matrix')],
    log: silentLog,
    ...(wanted === undefined ? {} : { major: Number(wanted) }),
  }
  const availability = await local.available(options)
  if (!availability.available) throw new Error(`No server for the tests: ${availability.reason}`)
  const server = await local.start(options)
  const database = await server.createDatabase()
  if (database.url === undefined) throw new Error('The server for the tests has no URL.')
  project.provide('adminUrl', database.url)
  project.provide('serverMajor', availability.major)
  return () => server.stop()
}

/** Tests of the command line run what users run. Type errors are for the type check to report: the files come out anyway. */
function buildForCommandLine(): void {
  const run = (...words: readonly string[]): boolean =>
    spawnSync(process.execPath, words, { cwd: root, stdio: 'ignore' }).status === 0
  if (run('scripts/stamp.mjs', '--is-current')) return
  run('scripts/stamp.mjs', '--remove')
  run(join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json')
  // The stamp too: what a former build found out must not be believed.
  for (const step of ['join-modules', 'stamp']) run(`scripts/${step}.mjs`)
}
