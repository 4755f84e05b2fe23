import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { silentLog } from '../src/core/log.ts'
import { local } from '../src/shadows/local.ts'
import { generateHistory, generateSmallHistory, writeHistory } from './generate-migrations.ts'
import type { Contestant } from './measure.ts'
import { fetchTool } from './tools.ts'

/** Two commands that do the same work, ours first. */
export interface Scenario {
  readonly name: string
  readonly title: string
  /** How many times the other's time ours may take. */
  readonly target: number
  start(root: string): Promise<{ readonly contestants: readonly Contestant[]; stop(): Promise<void> }>
}

/** Any number: it only has to be the same every time. */
const seed = 20_260_101
/** 0: nothing found; 1: findings. */
const lintExits = [0, 1]

export const scenarios: readonly Scenario[] = [
  { name: 'start', title: 'lint of one file, against loading the parser', target: 2, start: startScenario },
  { name: 'lint', title: 'lint of 700 files (about 1 MB), against squawk', target: 1.5, start: lintScenario },
  { name: 'up', title: '300 small migrations on a local server, against dbmate', target: 1.5, start: upScenario },
]

async function startScenario(root: string): ReturnType<Scenario['start']> {
  const folder = join(root, '.cache/bench/one')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, '20260101000000_books.sql')
  writeFileSync(file, '-- migrate:up\ncreate table books (id int primary key);\n\n-- migrate:down\ndrop table books;\n')
  const parser = "import('libpg-query').then(m => m.loadModule?.())"
  return {
    contestants: [
      { name: 'migrate lint (1 file)', ...migrate(root, ['lint', '--no-config', file]), exits: lintExits },
      { name: 'libpg-query alone', command: process.execPath, words: ['-e', parser], exits: [0] },
    ],
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function lintScenario(root: string): ReturnType<Scenario['start']> {
  const folder = join(root, '.cache/bench/many')
  const files = generateHistory(700, seed)
  writeHistory(folder, files)
  const squawk = fetchTool('squawk-cli', join(root, '.cache'))
  return {
    contestants: [
      { name: 'migrate lint', ...migrate(root, ['lint', '--no-config', folder]), exits: lintExits },
      { name: 'squawk', command: squawk, words: files.map(({ name }) => join(folder, name)), exits: lintExits },
    ],
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function upScenario(root: string): ReturnType<Scenario['start']> {
  const folder = join(root, '.cache/bench/up')
  writeHistory(folder, generateSmallHistory(300))
  const server = await local.start({ cacheDirectory: join(root, '.cache'), log: silentLog })
  const fresh =
    (url: (url: string) => string) => async (): Promise<{ words: readonly string[]; clean: () => Promise<void> }> => {
      const database = await server.createDatabase()
      if (database.url === undefined) throw new Error('The local server gave a database without an address.')
      return { words: ['--url', url(database.url)], clean: () => database.drop() }
    }
  return {
    contestants: [
      {
        name: 'migrate up',
        ...migrate(root, ['up', '--no-config', '--dir', folder]),
        exits: [0],
        prepare: fresh((url) => url),
      },
      {
        name: 'dbmate up',
        command: fetchTool('dbmate', join(root, '.cache')),
        words: ['--no-dump-schema', '--migrations-dir', folder],
        exits: [0],
        prepare: async () => {
          // Its flags come before the command's name.
          const { words, clean } = await fresh(withoutTls)()
          return { words: [...words, 'migrate'], clean }
        },
      },
    ],
    stop: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function migrate(root: string, words: readonly string[]): Pick<Contestant, 'command' | 'words'> {
  return { command: process.execPath, words: [join(root, 'bin/migrate.js'), ...words] }
}

/** dbmate asks for TLS unless told otherwise; a local server has none. */
function withoutTls(url: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}sslmode=disable`
}
