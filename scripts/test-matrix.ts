import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Tests whose answers depend on the server's version: claimed locks, rewrites and scans against measured ones, catalogues, the model against the catalogue. */
const measuredTests: readonly string[] = [
  'test/rules/measured.test.ts',
  'test/dialects/effects.test.ts',
  'test/dialects/type-change.test.ts',
  'test/verify/fingerprint.test.ts',
  'test/verify/fingerprint-reading.test.ts',
  'test/lint/kinds.test.ts',
  'test/lint/dependents.test.ts',
  'test/lint/replay.test.ts',
  'test/lint/query-columns.test.ts',
  'test/lint/live.test.ts',
  'test/lint/kinds-live.test.ts',
  'test/lint/same-findings.test.ts',
  'test/lint/random-live.test.ts',
  'test/lint/found-ddl.test.ts',
  'test/lint/random-ddl.test.ts',
]
const majors: readonly number[] = [14, 15, 16, 17, 18]

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

/** Runs the measured tests, or the files named on the command line, once on each major version; all run even if one fails. */
function main(files: readonly string[]): void {
  if (!existsSync(join(root, 'test/matrix/node_modules'))) {
    run(npm, ['ci', '--prefix', 'test/matrix', '--no-audit', '--no-fund'], {})
  }
  const failed = majors.filter((major) => {
    console.log(`\nPostgreSQL ${major}`)
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    return run(process.execPath, [vitest, 'run', ...files], { MIGRATE_TEST_MAJOR: String(major) }) !== 0
  })
  if (failed.length === 0) return
  console.error(`\nFailed on PostgreSQL ${failed.join(', ')}.`)
  process.exitCode = 1
}

function run(program: string, programArguments: readonly string[], env: Readonly<Record<string, string>>): number {
  const { status } = spawnSync(program, programArguments, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  return status ?? 1
}

const named = process.argv.slice(2)
main(named.length > 0 ? named : measuredTests)
