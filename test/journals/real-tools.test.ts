import { readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import knex from 'knex'
import { Kysely, Migrator, PostgresDialect, type Migration } from 'kysely'
import { runner } from 'node-pg-migrate'
import pg from 'pg'
import { expect, test } from 'vitest'
import { createToolkit } from '../../src/app/toolkit.ts'
import { silentLog } from '../../src/core/log.ts'
import { directory } from '../support/cli.ts'
import { createDatabase } from '../support/postgres.ts'
import { tools } from './tools.ts'

/** The tools themselves apply the files, so that their tables are what they make and not what is written about them. */
const really: Readonly<Record<string, (url: string, cwd: string) => Promise<void>>> = {
  knex: async (url, cwd) => {
    const database = knex({ client: 'pg', connection: url })
    try {
      await database.migrate.up({ directory: join(cwd, 'db/migrations') })
      await database.migrate.up({ directory: join(cwd, 'db/migrations') })
    } finally {
      await database.destroy()
    }
  },
  kysely: async (url, cwd) => {
    const database = new Kysely<unknown>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }),
    })
    try {
      const migrator = new Migrator({
        db: database,
        provider: { getMigrations: () => modulesIn(join(cwd, 'src/migrations')) },
      })
      const { error } = await migrator.migrateTo('2024-01-02_index')
      expect(error).toBeUndefined()
    } finally {
      await database.destroy()
    }
  },
  'node-pg-migrate': async (url, cwd) => {
    const options = {
      databaseUrl: url,
      dir: join(cwd, 'db'),
      migrationsTable: 'pgmigrations',
      direction: 'up',
      count: 2,
      log: () => undefined,
    } as const
    await runner(options)
  },
}

async function modulesIn(folder: string): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).toSorted()
  const loaded = await Promise.all(files.map((file) => import(pathToFileURL(join(folder, file)).href)))
  return Object.fromEntries(files.map((file, index): [string, Migration] => [file.replace(/\.js$/, ''), loaded[index]]))
}

test.each(Object.keys(really))(
  '%s itself applied two of three: they are taken over, the third is ours',
  async (tool) => {
    const one = tools.find((candidate) => candidate.tool === tool)
    const database = await createDatabase()
    const cwd = await directory(one?.files ?? {})
    await symlink(join(import.meta.dirname, '../../node_modules'), join(cwd, 'node_modules'), 'dir')
    await really[tool]?.(database.url, cwd)
    const toolkit = await createToolkit({
      cwd,
      env: {},
      config: false,
      dir: 'db/ours',
      url: database.url,
      log: silentLog,
    })
    const files = tool === 'node-pg-migrate' ? 'db' : undefined
    const answer = await toolkit.import({ write: true, dryRun: false, files, onEvent: () => undefined })
    const idAndName = (line: string): readonly (string | undefined)[] => line.split(' ').slice(0, 2)
    const names = one?.imported.map(idAndName).map(([id, name]) => ({ id, name }))
    expect(answer.json).toMatchObject({ from: tool, imported: names, pending: 1 })
    const up = await toolkit.up({ safe: false, dryRun: false, onEvent: () => undefined })
    expect(up).toMatchObject({ exit: 'ok', json: { applied: [{ name: 'isbn' }] } })
  },
)
