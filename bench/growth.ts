import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { generateHistory, writeHistory } from './generate-migrations.ts'

/** Files of each history that is linted: the cost must grow with them and not faster. */
const sizes: readonly number[] = [700, 2000, 6000, 20_000]

/**
 * Lints histories of growing size, with nothing remembered, and prints time and peak memory for each; then 700 files
 * once more with what was remembered. Answers false where 700 files take more memory than they may.
 */
export function growth(root: string, seed: number): boolean {
  const folder = join(root, '.cache/bench/growth')
  console.log('growth: lint of histories of growing size, nothing remembered')
  let within = true
  for (const size of sizes) {
    writeHistory(folder, generateHistory(size, seed))
    const { seconds, megabytes } = lintOnce(root, ['--no-cache', folder])
    const each = ((seconds / size) * 1000).toFixed(2)
    console.log(
      `  ${String(size).padStart(6)} files ${seconds.toFixed(2).padStart(8)} s   ${each.padStart(5)} ms a file   ${megabytes.toFixed(0).padStart(5)} MB`,
    )
    if (size === sizes[0] && megabytes > maxMegabytes) within = false
  }
  rmSync(folder, { recursive: true, force: true })
  console.log(`  ${within ? 'within' : 'ABOVE'} the ${maxMegabytes} MB that ${sizes[0]} files may take\n`)
  return within
}

const maxMegabytes = 250

function lintOnce(root: string, words: readonly string[]): { readonly seconds: number; readonly megabytes: number } {
  const start = process.hrtime.bigint()
  const script = [join(root, 'bin/migrate.js'), 'lint', '--no-config', '--fail-on', 'error', ...words]
  const run = spawnSync(process.execPath, ['--import', join(root, 'bench/say-memory.mjs'), ...script], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  const kilobytes = /peak memory (\d+) kB/.exec(run.stderr)?.[1]
  if (kilobytes === undefined) throw new Error(`lint ended with ${run.status}: ${run.stderr.slice(-2000)}`)
  return { seconds, megabytes: Number(kilobytes) / 1024 }
}
