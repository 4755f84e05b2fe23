import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateHistory, writeHistory } from './generate-migrations.ts'
import { commitAll } from './tools.ts'

/** Files of each history that is linted: the cost must grow with them and not faster. */
const sizes: readonly number[] = [700, 2000, 7000, 20_000]

/** What 700 files may take with nothing remembered. */
const maxMegabytes = 250

/**
 * A file of the largest history may cost so many times one of the second size. That one is what it is compared with,
 * as the start of the program is spread over few files in the first.
 */
const maxRatio = 1.5

interface Cost {
  /** Of the processor, for the whole process: where others are at work as well, it says more than a clock. */
  readonly seconds: number
  readonly megabytes: number
}

const ways = ['cold', 'again', 'changed'] as const
type Way = (typeof ways)[number]

/**
 * Lints histories of growing size: with nothing remembered, once more, and one changed file of it. Prints processor time
 * and peak memory for each. Answers false where 700 files take more memory than they may, or a file costs more the more
 * there are.
 */
export function growth(root: string, seed: number): boolean {
  console.log('growth: lint of histories of growing size: processor time in all, in ms a file, peak memory')
  const each = new Map<string, number>()
  let memory = 0
  for (const size of sizes) {
    const costs = costsOf(root, size, seed)
    for (const way of ways) {
      const { seconds, megabytes } = costs[way]
      each.set(`${way} ${size}`, seconds / size)
      if (size === sizes[0]) memory = Math.max(memory, megabytes)
      console.log(
        `  ${String(size).padStart(6)} files ${way.padEnd(8)} ${seconds.toFixed(2).padStart(8)} s ${((seconds / size) * 1000).toFixed(2).padStart(7)} ms ${megabytes.toFixed(0).padStart(6)} MB`,
      )
    }
  }
  const ratios = ways.map((way) => (each.get(`${way} ${sizes.at(-1)}`) ?? 0) / (each.get(`${way} ${sizes[1]}`) ?? 1))
  const linear = ratios.every((ratio) => ratio <= maxRatio)
  const shown = ways.map((way, index) => `${way} ${(ratios[index] ?? 0).toFixed(2)}`).join(', ')
  console.log(
    `  a file of ${sizes.at(-1)} against one of ${sizes[1]}: ${shown}; ${linear ? 'within' : 'ABOVE'} ${maxRatio}`,
  )
  console.log(
    `  ${memory <= maxMegabytes ? 'within' : 'ABOVE'} the ${maxMegabytes} MB that ${sizes[0]} files may take\n`,
  )
  return linear && memory <= maxMegabytes
}

function costsOf(root: string, size: number, seed: number): Readonly<Record<Way, Cost>> {
  const folder = join(root, '.cache/bench/growth')
  const files = generateHistory(size, seed)
  writeHistory(folder, files.slice(0, -1))
  commitAll(folder)
  const last = files.at(-1)
  if (last === undefined) throw new Error('A history of no files has none to change.')
  writeFileSync(join(folder, last.name), last.text)
  // What is remembered lies below it.
  mkdirSync(join(folder, 'node_modules'))
  const cold = lintOnce(root, folder, ['--no-cache'])
  lintOnce(root, folder, [])
  const again = lintOnce(root, folder, [])
  const path = join(folder, last.name)
  writeFileSync(path, readFileSync(path, 'utf8').replace('-- migrate:up\n', '-- migrate:up\n-- changed\n'))
  const changed = lintOnce(root, folder, ['--changed', '--base', 'main'])
  rmSync(folder, { recursive: true, force: true })
  return { cold, again, changed }
}

function lintOnce(root: string, folder: string, words: readonly string[]): Cost {
  const script = [join(root, 'bin/migrate.js'), 'lint', '--no-config', '--fail-on', 'error', ...words, '.']
  const run = spawnSync(process.execPath, ['--import', join(root, 'bench/say-cost.mjs'), ...script], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  const [, kilobytes, microseconds] = /peak memory (\d+) kB, processor time (\d+) us/.exec(run.stderr) ?? []
  if (microseconds === undefined) throw new Error(`lint ended with ${run.status}: ${run.stderr.slice(-2000)}`)
  return { seconds: Number(microseconds) / 1e6, megabytes: Number(kilobytes) / 1024 }
}
