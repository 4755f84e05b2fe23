import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { silentLog } from '../src/core/log.ts'
import { local } from '../src/shadows/local.ts'
import { plantedHistory } from '../test/planted/history.ts'
import { type Scenario, migrate, seed } from './scenarios.ts'

/** Verifying the history with planted faults: 300 pairs, 60 of them wrong. */
export const verifyScenarios: readonly Scenario[] = [
  {
    name: 'verify',
    title: '300 migrations with their downgrades, against psql running each up, down and up',
    target: 3,
    start: verifyScenario,
  },
  {
    name: 'verify-again',
    title: 'the same history once more, against reading its files',
    target: { moreMs: 1000 },
    start: againScenario,
  },
]

/** 0: everything is proven; 1: something is broken. */
const verifyExits = [0, 1]

/** Both on one server: ours makes its databases there, psql gets a fresh one each round. */
async function verifyScenario(root: string): ReturnType<Scenario['start']> {
  const folder = writtenHistory(root, 'verify')
  const server = await local.start({ cacheDirectory: join(root, '.cache'), log: silentLog })
  const empty = await server.createDatabase()
  return {
    contestants: [
      {
        name: 'migrate verify',
        ...migrate(root, ['verify', '--all', '--no-config', '--dir', folder, '--shadow-url', empty.url ?? '']),
        exits: verifyExits,
      },
      {
        name: 'psql, a file at a time',
        command: 'sh',
        // What a script in a pipeline does: psql for each file. Faults of the history make some of them fail.
        words: [
          '-c',
          `for file in "$0"/*.sql; do psql -qX -f "$file" "$1" >/dev/null 2>&1 || true; done`,
          join(folder, 'psql'),
        ],
        exits: [0],
        prepare: async () => {
          const database = await server.createDatabase()
          return { words: [database.url ?? ''], clean: () => database.drop() }
        },
      },
    ],
    stop: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
      rmSync(`${folder}-psql`, { recursive: true, force: true })
    },
  }
}

/** The round that is not counted writes the certificates. */
async function againScenario(root: string): ReturnType<Scenario['start']> {
  const folder = writtenHistory(root, 'verify-again')
  return {
    contestants: [
      { name: 'migrate verify', ...migrate(root, ['verify', '--no-config', '--dir', folder]), exits: verifyExits },
      { name: 'cat', command: 'sh', words: ['-c', 'cat "$0"/*.sql', folder], exits: [0] },
    ],
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

function writtenHistory(root: string, name: string): string {
  const folder = join(root, '.cache/bench', name)
  rmSync(folder, { recursive: true, force: true })
  const { files, migrations } = plantedHistory(seed)
  for (const { path, text } of files) write(join(folder, path), text)
  for (const { id, step } of migrations) {
    write(join(`${folder}-psql`, `${id}.1.sql`), step.up)
    if (typeof step.down !== 'string') continue
    write(join(`${folder}-psql`, `${id}.2.sql`), step.down)
    write(join(`${folder}-psql`, `${id}.3.sql`), step.up)
  }
  return folder
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
