import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateHistory, writeHistory } from './generate-migrations.ts'
import type { Contestant } from './measure.ts'
import { commitAll, fetchTool } from './tools.ts'

/** Two commands that do the same work, ours first. */
export interface Scenario {
  readonly name: string
  readonly title: string
  /** How many times the other's time ours may take, how much longer in milliseconds, or how long at most whatever the other takes. */
  readonly target: number | { readonly moreMs: number } | { readonly mostMs: number }
  start(root: string): Promise<{ readonly contestants: readonly Contestant[]; stop(): Promise<void> }>
}

/** Any number: it only has to be the same every time. */
export const seed = 20_260_101
/** 0: nothing found; 1: findings. */
const lintExits = [0, 1]

export const scenarios: readonly Scenario[] = [
  { name: 'start', title: 'lint of one file, against loading the parser', target: 2, start: startScenario },
  {
    name: 'lint-cold',
    title: 'lint of 700 files (1 MB), nothing remembered, against squawk',
    target: 1,
    start: coldScenario,
  },
  { name: 'lint', title: 'lint of 700 files (1 MB) once more, against squawk', target: 1, start: againScenario },
  {
    name: 'lint-changed',
    title: 'lint of one changed file in these 700, against squawk on all',
    target: 0.5,
    start: changedScenario,
  },
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

/** How many files the history of the linting scenarios has. */
const files = 700

async function coldScenario(root: string): ReturnType<Scenario['start']> {
  const folder = manyFiles(root, 'cold')
  return {
    contestants: [
      { name: 'migrate lint', ...migrate(root, ['lint', '--no-config', '--no-cache', folder]), exits: lintExits },
      squawkOn(root, folder),
    ],
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The round that is not counted fills the cache. */
async function againScenario(root: string): ReturnType<Scenario['start']> {
  const folder = manyFiles(root, 'again')
  return {
    contestants: [
      {
        name: 'migrate lint',
        ...migrate(root, ['lint', '--no-config', folder]),
        directory: folder,
        exits: lintExits,
      },
      squawkOn(root, folder),
    ],
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** All files but the last are on the base branch; the last one has another content in every round. */
async function changedScenario(root: string): ReturnType<Scenario['start']> {
  const folder = manyFiles(root, 'changed')
  const last = join(folder, sqlFiles(folder).at(-1) ?? '')
  const text = readFileSync(last, 'utf8')
  rmSync(last)
  commitAll(folder)
  let round = 0
  return {
    contestants: [
      {
        name: 'migrate lint --changed',
        ...migrate(root, ['lint', '--no-config', '--changed', '--base', 'main', folder]),
        directory: folder,
        exits: lintExits,
        prepare: async () => {
          round += 1
          writeFileSync(last, text.replace('-- migrate:up\n', `-- migrate:up\n-- round ${round}\n`))
          return { words: [], clean: async () => undefined }
        },
      },
      squawkOn(root, folder),
    ],
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

function manyFiles(root: string, name: string): string {
  const folder = join(root, '.cache/bench', name)
  writeHistory(folder, generateHistory(files, seed))
  // What is remembered lies below it.
  mkdirSync(join(folder, 'node_modules'))
  return folder
}

function sqlFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
}

function squawkOn(root: string, folder: string): Contestant {
  return {
    name: 'squawk',
    command: fetchTool('squawk-cli', join(root, '.cache')),
    words: sqlFiles(folder).map((name) => join(folder, name)),
    exits: lintExits,
  }
}

export function migrate(root: string, words: readonly string[]): Pick<Contestant, 'command' | 'words'> {
  return { command: process.execPath, words: [join(root, 'bin/migrate.js'), ...words] }
}
