import { expect, onTestFinished, test } from 'vitest'
import type { Connection } from '../../src/model/database.ts'
import { type CliResult, directory, migrate } from '../support/cli.ts'
import { createDatabase, runAsAdmin } from '../support/postgres.ts'

const books =
  '-- migrate:up\ncreate table books (id bigint primary key, title text);\n-- migrate:down\ndrop table books;\n'
const notNull = ['plan', '-e', 'alter table books alter column title set not null']

interface Site {
  readonly url: string
  readonly connection: Connection
  readonly run: (...args: readonly string[]) => Promise<CliResult>
  /** `step: lock, rows, whose rate` of each lock that the steps of the plan take. */
  readonly locks: (...args: readonly string[]) => Promise<readonly string[]>
}

interface PlanAnswer {
  readonly plans: readonly {
    readonly steps: readonly {
      readonly id: string
      readonly statements?: readonly {
        readonly locks: readonly {
          readonly lock: string
          readonly rows: number | null
          readonly estimateFrom: string
        }[]
      }[]
    }[]
  }[]
}

async function site(files: Readonly<Record<string, string>>): Promise<Site> {
  const database = await createDatabase()
  const cwd = await directory(files)
  const run: Site['run'] = (...args) => migrate(args, { cwd })
  return {
    url: database.url,
    connection: await database.connect(),
    run,
    locks: async (...args) => {
      const { code, stdout, stderr } = await run(...args, '--json')
      if (code !== 0) throw new Error(stderr)
      const { plans }: PlanAnswer = JSON.parse(stdout)
      return plans.flatMap(({ steps }) =>
        steps.flatMap(({ id, statements = [] }) =>
          statements.flatMap(({ locks }) =>
            locks.map(({ lock, rows, estimateFrom }) => `${id}: ${lock}, ${rows} rows, ${estimateFrom}`),
          ),
        ),
      )
    },
  }
}

const fill = (connection: Connection, rows: number): Promise<void> =>
  connection.run(`insert into books select n, 'x' from generate_series(1, ${rows}) n; analyze books`)

test('each step says how large its table is there and about how long it takes; nothing is written', async () => {
  const { url, connection, run, locks } = await site({ 'migrations/20260101000000_books.sql': books })
  await run('up', '--url', url)
  await fill(connection, 2000)
  await connection.run(
    `do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$`,
  )
  const { code, stdout } = await run(...notNull, '--url', url)
  const said = stdout.replaceAll(/\s+/g, ' ')
  expect({ code, said }).toEqual({
    code: 0,
    said: expect.stringContaining('Sizes are those of the database that was asked (PostgreSQL '),
  })
  expect(said).toMatch(
    /here SHARE UPDATE EXCLUSIVE: public\.books \(2 k rows, [\d.]+ kB\), all rows read, less than 1s \(estimate at an assumed rate\): nobody waits/,
  )
  const markdown = await run(...notNull, '--url', url, '--format', 'markdown')
  expect(markdown.stdout).toMatch(
    /^- SHARE UPDATE EXCLUSIVE: public\.books \(2 k rows, .* \(estimate at an assumed rate\)/m,
  )
  expect(await locks(...notNull, '--url', url)).toEqual([
    'refuse-null: ACCESS EXCLUSIVE, 2000 rows, null',
    'validate: SHARE UPDATE EXCLUSIVE, 2000 rows, assumed',
    'set-not-null: ACCESS EXCLUSIVE, 2000 rows, null',
    'set-not-null: ACCESS EXCLUSIVE, 2000 rows, null',
  ])
  expect(await locks(...notNull)).toEqual([])
})

test('a table that no migration made is known from the database, or from a snapshot of it', async () => {
  const { url, connection, run, locks } = await site({})
  await connection.run('create table books (id bigint primary key, title text)')
  await fill(connection, 500)
  const rename = ['plan', '-e', 'alter table books rename column title to name']
  expect((await run(...rename)).code).not.toBe(0)
  const asked = await locks(...rename, '--url', url)
  expect(asked).toContain('backfill: ROW EXCLUSIVE, 500 rows, assumed')
  expect((await run('snapshot', '--url', url, '--output', 'shop.json')).code).toBe(0)
  expect(await locks(...rename, '--snapshot', 'shop.json')).toEqual(asked)
  expect((await run(...rename, '--snapshot', 'shop.json')).stdout.replaceAll(/\s+/g, ' ')).toContain(
    'Sizes are those of the snapshot shop.json (PostgreSQL',
  )
  const both = await run(...rename, '--snapshot', 'shop.json', '--url', url)
  expect({ code: both.code, said: both.stderr }).toEqual({
    code: 2,
    said: expect.stringContaining('--url and --snapshot both say what the live database holds'),
  })
})

test('a rate that earlier runs measured there is taken, where the role may read the journal', async () => {
  const { url, connection, run, locks } = await site({
    'migrations/20260101000000_books.sql': books,
    'migrations/20260102000000_slow.sql':
      '-- migrate:up\nalter table books add constraint slow check (pg_sleep(0.002) is not null);\n-- migrate:down\nalter table books drop constraint slow;\n',
  })
  await run('up', '1', '--url', url)
  await fill(connection, 600)
  expect((await run('up', '--url', url)).code).toBe(0)
  const validated = (lines: readonly string[]): string | undefined => lines.find((line) => line.startsWith('validate'))
  expect(validated(await locks(...notNull, '--url', url))).toBe('validate: SHARE UPDATE EXCLUSIVE, 600 rows, measured')
  const role = `${new URL(url).pathname.slice(1)}_reader`
  await runAsAdmin(`create role ${role} login password 'x'`)
  onTestFinished(() => runAsAdmin(`drop owned by ${role}; drop role ${role}`).catch(() => undefined))
  const reader = Object.assign(new URL(url), { username: role, password: 'x' })
  expect(validated(await locks(...notNull, '--url', reader.href))).toBe(
    'validate: SHARE UPDATE EXCLUSIVE, 600 rows, assumed',
  )
})
