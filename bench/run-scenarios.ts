import { spawnSync } from 'node:child_process'
import {
  chownSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { findBinaries } from '../src/shadows/local/binaries.ts'
import { startLocalServer } from '../src/shadows/local/server.ts'
import { generateSmallHistory, writeHistory } from './generate-migrations.ts'
import type { Contestant } from './measure.ts'
import { type Scenario, migrate } from './scenarios.ts'
import { fetchTool } from './tools.ts'

/** Applying migrations to a local server whose commits reach the disk, as PostgreSQL does unless told otherwise. */
export const runScenarios: readonly Scenario[] = [
  { name: 'up', title: '300 small migrations on a local server, against dbmate', target: 1, start: againstDbmate },
  {
    name: 'up-psql',
    title: 'the same, against one psql that runs them all from one file',
    target: 1.5,
    start: againstPsql,
  },
  {
    name: 'up-nothing',
    title: 'the same once more, with nothing left to do, beside a psql that only connects',
    target: { mostMs: 300 },
    start: nothingToDo,
  },
]

type Started = ReturnType<Scenario['start']>
type Prepare = NonNullable<Contestant['prepare']>

interface Place {
  readonly folder: string
  /** A new database for a round; `words` are made of its address. */
  fresh(words: (url: string) => readonly string[]): Prepare
  stop(): Promise<void>
}

async function placeFor(root: string, name: string): Promise<Place> {
  const folder = join(root, '.cache/bench', name)
  writeHistory(folder, generateSmallHistory(300))
  const [binaries] = await findBinaries([root])
  if (binaries === undefined) throw new Error('There are no server binaries: npm ci')
  const wal = mkdtempSync(join(root, '.cache/bench/wal-'))
  const server = await startLocalServer(binaries, join(root, '.cache'), async (data) => walOnDisk(data, wal))
  return {
    folder,
    fresh: (words) => async () => {
      const database = await server.createDatabase()
      if (database.url === undefined) throw new Error('The local server gave a database without an address.')
      return { words: words(database.url), clean: () => database.drop() }
    },
    async stop() {
      await server.stop()
      for (const path of [folder, wal]) rmSync(path, { recursive: true, force: true })
    },
  }
}

/** The data may lie in memory; what a commit waits for does not. */
function walOnDisk(data: string, wal: string): readonly string[] {
  const inside = join(data, 'pg_wal')
  const { uid, gid } = statSync(inside)
  cpSync(inside, wal, { recursive: true })
  for (const path of ['', ...readdirSync(wal, { recursive: true, encoding: 'utf8' })])
    chownSync(join(wal, path), uid, gid)
  rmSync(inside, { recursive: true })
  symlinkSync(wal, inside)
  return ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on']
}

function migrateUp(root: string, { folder, fresh }: Place): Contestant {
  return {
    name: 'migrate up',
    ...migrate(root, ['up', '--no-config', '--dir', folder]),
    exits: [0],
    prepare: fresh((url) => ['--url', url]),
  }
}

async function againstDbmate(root: string): Started {
  const place = await placeFor(root, 'up')
  const dbmate: Contestant = {
    name: 'dbmate up',
    command: fetchTool('dbmate', join(root, '.cache')),
    words: ['--no-dump-schema', '--migrations-dir', place.folder],
    exits: [0],
    // Its flags come before the command's name.
    prepare: place.fresh((url) => ['--url', withoutTls(url), 'migrate']),
  }
  return { contestants: [migrateUp(root, place), dbmate], stop: place.stop }
}

/** dbmate asks for TLS unless told otherwise; a local server has none. */
function withoutTls(url: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}sslmode=disable`
}

/** psql gets each upgrade in a transaction of its own, all in one file. */
async function againstPsql(root: string): Started {
  const place = await placeFor(root, 'up-psql')
  const file = `${place.folder}.sql`
  const upgrades = readdirSync(place.folder)
    .toSorted()
    .map((name) => readFileSync(join(place.folder, name), 'utf8').split('-- migrate:down')[0] ?? '')
  writeFileSync(file, upgrades.map((sql) => `begin;\n${sql}\ncommit;\n`).join(''))
  const psql: Contestant = {
    name: 'psql -f',
    command: 'psql',
    words: ['-qX', '-v', 'ON_ERROR_STOP=1', '-f', file],
    exits: [0],
    prepare: place.fresh((url) => [url]),
  }
  return {
    contestants: [migrateUp(root, place), psql],
    async stop() {
      await place.stop()
      rmSync(file, { force: true })
    },
  }
}

async function nothingToDo(root: string): Started {
  const place = await placeFor(root, 'up-nothing')
  const ours = migrateUp(root, place)
  const prepared = await ours.prepare?.()
  const words = [...ours.words, ...(prepared?.words ?? [])]
  const first = spawnSync(ours.command, words, { encoding: 'utf8' })
  if (first.status !== 0) throw new Error(`The migrations could not be applied: ${first.stderr}`)
  return {
    contestants: [
      { name: 'migrate up', command: ours.command, words, exits: [0] },
      { name: 'psql', command: 'psql', words: ['-qXc', 'select 1', prepared?.words[1] ?? ''], exits: [0] },
    ],
    async stop() {
      await prepared?.clean()
      await place.stop()
    },
  }
}
