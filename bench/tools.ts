import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Programs to compare with. Their versions are pinned so that two runs of the benchmark compare the same things. */
const versions = { 'squawk-cli': '2.66.0', dbmate: '2.36.0' } as const
const programs = { 'squawk-cli': 'squawk', dbmate: 'dbmate' } as const

/** The path of a program from npm, fetched into `.cache/` once; it is no dependency of this package. */
export function fetchTool(name: keyof typeof versions, cache: string): string {
  const folder = join(cache, 'bench', 'tools', `${name}-${versions[name]}`)
  const program = join(folder, 'node_modules', '.bin', programs[name])
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const npm = spawnSync('npm', ['install', '--no-audit', '--no-fund', `${name}@${versions[name]}`], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (npm.status !== 0) throw new Error(`${name} could not be fetched: ${npm.stderr}`)
  return program
}

/** Makes a directory a repository that holds everything in it, on the branch `main`. */
export function commitAll(directory: string): void {
  const git = (...words: readonly string[]): void => {
    const run = spawnSync('git', words, { cwd: directory, encoding: 'utf8' })
    if (run.status !== 0) throw new Error(`git ${words.join(' ')}: ${run.stderr}`)
  }
  git('init', '--quiet', '--initial-branch', 'main')
  git('add', '--all')
  git('-c', 'user.name=bench', '-c', 'user.email=bench@localhost', 'commit', '--quiet', '-m', 'history')
}
