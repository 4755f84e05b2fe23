import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sealed } from '../../src/app/run-plan/digest.ts'
import { readPlanFile } from '../../src/app/run-plan/file.ts'
import { connect } from '../../src/db/connect.ts'
import type { Connection } from '../../src/model/database.ts'
import type { PlannedRun } from '../../src/model/planned-run.ts'
import { eventually } from '../support/child-run.ts'
import { directory, migrate, startMigrate } from '../support/cli.ts'
import { adminUrl, createDatabase, runAsAdmin } from '../support/postgres.ts'
import { type Ask, type Asked, asked, down, up } from '../support/toolkit.ts'

const files = {
  'migrations/1_books.sql':
    '-- migrate:up\ncreate table books (id int primary key, title text);\n-- migrate:down\ndrop table books;\n',
  'migrations/2_title.sql': `-- migrate:up\nalter table books alter column title set not null;\n-- migrate:down\nalter table books alter column title drop not null;\n`,
  'migrations/3_index.sql':
    '-- migrate:up transaction:false\ncreate index concurrently books_title_idx on books (title);\n-- migrate:down transaction:false\ndrop index concurrently books_title_idx;\n',
}

interface Site {
  readonly cwd: string
  readonly url: string
  readonly connection: Connection
  run(ask: Ask): Promise<Asked>
  /** The ids that are applied. */
  applied(): Promise<readonly string[]>
  /** The plan in `plan.json`. */
  plan(): Promise<PlannedRun>
}

const withPlan = up({ plan: 'plan.json' })
const makePlan = up({ dryRun: true, output: 'plan.json' })
const approve: Ask = (toolkit) => toolkit.approve({ subject: 'plan.json', by: 'dba' })
async function site(more: Readonly<Record<string, string>> = {}): Promise<Site> {
  const cwd = await directory({ ...files, ...more })
  const database = await createDatabase()
  const { url } = database
  const connection = await database.connect()
  return {
    cwd,
    url,
    connection,
    run: (ask) => asked({ cwd, url }, ask),
    applied: async () => {
      const { rows } = await connection.query<{ id: string }>('select id from migrate.migration order by position')
      return rows.map(({ id }) => id)
    },
    plan: () => readPlanFile({ cwd }, 'plan.json'),
  }
}

/** The first migration is applied, the table has rows, and the rest is planned. */
async function planned(more: Readonly<Record<string, string>> = {}): Promise<Site> {
  const made = await site(more)
  await made.run(up({ steps: 1 }))
  await made.connection.run(`insert into books select n, 'x' from generate_series(1, 1000) n; analyze books`)
  expect((await made.run(makePlan)).code).toBe(0)
  return made
}

test('a dry run says what would be done to what, and writes nothing', async () => {
  const { run, connection } = await planned()
  const before = await connection.query(`select count(*)::int as runs from migrate.run`)
  const { code, said } = await run(up({ dryRun: true }))
  expect({ code, said }).toEqual({
    code: 0,
    said: expect.stringMatching(
      new RegExp(
        [
          String.raw`^would apply 2 title \(contract, one transaction\) 1 alter table books alter column title set not null`,
          String.raw` ACCESS EXCLUSIVE: public\.books \(1 k rows, [\d.]+ kB\), all rows read, less than 1s \(estimate at an assumed rate\): reads and writes wait`,
          String.raw` downgrade: not proven would apply 3 index \(expand, statement by statement\) 1 create index concurrently`,
          String.raw`.* SHARE UPDATE EXCLUSIVE: public\.books .* nobody waits waits for older transactions without a limit`,
          String.raw`.* Each lock is tried for in 10 attempts of 50 ms to 400 ms.* 2 migrations would be applied\.$`,
        ].join(''),
      ),
    ),
  })
  expect((await connection.query(`select count(*)::int as runs from migrate.run`)).rows).toEqual(before.rows)
})

test('the same database and files give the same bytes; the run does it and the journal has the digest', async () => {
  const { run, cwd, plan, applied, connection } = await planned()
  const text = await readFile(join(cwd, 'plan.json'), 'utf8')
  await run(up({ dryRun: true, output: 'again.json' }))
  expect(await readFile(join(cwd, 'again.json'), 'utf8')).toBe(text)
  expect((await run(withPlan)).code).toBe(0)
  expect(await applied()).toEqual(['1', '2', '3'])
  const { digest } = await plan()
  const { rows } = await connection.query(`select plan from migrate.run order by id`)
  expect(rows).toEqual([{ plan: null }, { plan: digest }])
  expect(await run(withPlan)).toEqual({
    code: 0,
    said: 'Nothing to apply: the database is up to date.',
  })
})

test('an estimate goes by what earlier runs measured here, and says so', async () => {
  const { run, plan, connection } = await site({
    'migrations/2_title.sql':
      '-- migrate:up\nalter table books add constraint slow check (pg_sleep(0.0015) is not null);\n-- migrate:down\nalter table books drop constraint slow;\n',
    'migrations/3_index.sql':
      "-- migrate:phase backfill\n-- migrate:backfill table:books key:id\n-- migrate:up\nupdate books set title = 'y' where pg_sleep(0.0015) is not null;\n-- migrate:down none because it fills\n",
    'migrations/4_title.sql':
      '-- migrate:up\nalter table books alter column title set not null;\n-- migrate:down\nalter table books alter column title drop not null;\n',
    'migrations/5_again.sql':
      "-- migrate:phase backfill\n-- migrate:backfill table:books key:id\n-- migrate:up\nupdate books set title = 'z';\n-- migrate:down none because it fills\n",
    'migrations/6_index.sql':
      '-- migrate:up transaction:false\ncreate index concurrently books_title on books (title);\n-- migrate:down transaction:false\ndrop index concurrently books_title;\n',
  })
  const estimates = async (): Promise<Readonly<Record<string, unknown>>> => {
    await run(makePlan)
    const locks = (await plan()).migrations.map(({ id, statements }) => [id, statements[0]?.locks[0]] as const)
    return Object.fromEntries(locks.map(([id, lock]) => [id, [lock?.estimateFrom, lock?.estimateMs]]))
  }
  await run(up({ steps: 1 }))
  await connection.run(`insert into books select n, 'x' from generate_series(1, 1000) n; analyze books`)
  expect(await estimates()).toMatchObject({ 2: ['assumed', expect.any(Number)], 3: ['assumed', expect.any(Number)] })
  await run(up({ steps: 2 }))
  const { rows } = await connection.query<{ perByte: number; perRow: number; heap: number; rows: number }>(
    `select (select (duration_ms - coalesce(lock_wait_ms, 0)) / bytes from migrate.step where work = 'read')::float8 as "perByte",
            (select extract(epoch from updated_at - started_at) * 1000 / rows_done from migrate.backfill)::float8 as "perRow",
            pg_relation_size('books')::float8 as heap`,
  )
  const [measured] = rows
  if (measured === undefined) throw new Error('Nothing was measured.')
  expect(await estimates()).toEqual({
    4: ['measured', expect.closeTo(measured.perByte * measured.heap, -1)],
    5: ['measured', expect.any(Number)],
    6: ['assumed', expect.any(Number)],
  })
  expect((await run(up({ dryRun: true }))).said).toContain('(estimate at a measured rate): reads and writes wait')
})

test('a plan made with --safe asks for safety when it is run', async () => {
  const { run, cwd, plan, applied } = await planned()
  const { digest: _digest, ...rest } = await plan()
  const safe = sealed({ ...rest, asked: { ...rest.asked, safe: true } })
  await writeFile(join(cwd, 'plan.json'), JSON.stringify(safe))
  expect(await run(withPlan)).toMatchObject({
    code: 1,
    said: expect.stringMatching(/^error (?:proof-missing|lint-failed)/),
  })
  expect(await applied()).toEqual(['1'])
})

const otherTitle = `-- migrate:up\nalter table books alter column title type varchar;\n-- migrate:down\nselect 1;\n`

test.each<readonly [string, (made: Site) => Promise<unknown>, number, RegExp]>([
  [
    'edited',
    async ({ cwd }) => {
      const text = await readFile(join(cwd, 'plan.json'), 'utf8')
      await writeFile(join(cwd, 'plan.json'), text.replace('set not null', 'set  not null'))
    },
    2,
    /^error plan-invalid .*"plan\.json" was edited after it had been made/,
  ],
  [
    'damaged',
    ({ cwd }) => writeFile(join(cwd, 'plan.json'), '{"version": 1, "kind": "run-plan"'),
    2,
    /^error plan-invalid .*is no JSON/,
  ],
  [
    'no plan',
    ({ cwd }) => writeFile(join(cwd, 'plan.json'), '{"version": 1}'),
    2,
    /^error plan-invalid .*is no run plan: kind/,
  ],
  [
    'of a newer version',
    ({ cwd }) => writeFile(join(cwd, 'plan.json'), '{"version": 2}'),
    2,
    /^error plan-invalid .*version 2/,
  ],
  ['not there', ({ cwd }) => rm(join(cwd, 'plan.json')), 2, /^error file-unreadable .*plan\.json/],
  [
    'made by another version of the tool',
    async ({ cwd, plan }) => {
      const { digest: _digest, ...rest } = await plan()
      await writeFile(join(cwd, 'plan.json'), JSON.stringify(sealed({ ...rest, tool: 'lockstep 0.0.9' })))
    },
    1,
    /^error plan-other-tool .*made by lockstep 0\.0\.9, and this is lockstep/,
  ],
  [
    'of files that were changed',
    ({ cwd }) => writeFile(join(cwd, 'migrations/2_title.sql'), otherTitle),
    1,
    /^error plan-other-files .*migrations\/2_title\.sql: changed since/,
  ],
  [
    'of a file that is gone',
    ({ cwd }) => rm(join(cwd, 'migrations/3_index.sql')),
    1,
    /^error plan-other-files .*3 index: its file is gone/,
  ],
  [
    'while there are more files now',
    ({ cwd }) => writeFile(join(cwd, 'migrations/4_more.sql'), otherTitle),
    1,
    /^error plan-other-files .*4 would be applied, and is not in the plan/,
  ],
  [
    'after another run',
    ({ run }) => run(up({ steps: 1 })),
    1,
    /^error plan-other-history .*Migrations of the plan were applied by another run.* 2 /,
  ],
  ['after a downgrade', ({ run }) => run(down), 1, /^error plan-other-history .*not applied any more: 1/],
  [
    'on a schema that was changed',
    ({ connection }) => connection.run('alter table books add column note text; create table other ()'),
    1,
    /^error plan-other-schema .*table public\.books was changed table public\.other was added/,
  ],
])('a plan %s is refused, and nothing is changed', async (_, change, code, said) => {
  const made = await planned()
  await change(made)
  const before = await made.applied()
  expect(await made.run(withPlan)).toEqual({ code, said: expect.stringMatching(said) })
  expect(await made.applied()).toEqual(before)
})

test('a plan for another database is refused by up and by approve', async () => {
  const made = await planned()
  const other = await site()
  await writeFile(join(other.cwd, 'plan.json'), await readFile(join(made.cwd, 'plan.json')))
  const said = expect.stringMatching(
    /^error plan-other-target .*for database "test_\w+" of another server.* database: test_\w+ → test_\w+/,
  )
  expect(await other.run(withPlan)).toEqual({ code: 7, said })
  expect(await other.run(approve)).toEqual({ code: 7, said })
  // What that one holds is none of the plan's business, and no reason to mend it.
  await other.run(up({ steps: 1 }))
  await other.connection.run(`update migrate.migration set id = '0'; update migrate.step set migration = '0'`)
  expect(await other.run(withPlan)).toEqual({ code: 7, said })
})

test('where the server does not tell its identifier, its start stands in', async () => {
  const { connection, url, cwd, plan } = await planned()
  const role = `planner_${Date.now()}`
  await runAsAdmin(`create role ${role} login`)
  try {
    await connection.run(`revoke execute on function pg_control_system() from public;
      grant usage on schema migrate to ${role}; grant select on all tables in schema migrate to ${role}`)
    const reader = new URL(url)
    reader.username = role
    // A role that may read the journal and nothing else can make a plan.
    const { code } = await asked({ cwd, url: reader.href }, makePlan)
    const { target } = await plan()
    expect([code, target.system, target.started]).toEqual([0, null, expect.stringMatching(/^\d+\.\d+$/)])
  } finally {
    await connection.run(`drop owned by ${role}`)
    await runAsAdmin(`drop role ${role}`)
  }
})

const gated = {
  'migrations/4_gone.sql':
    '-- migrate:gate approval\n-- migrate:up\nalter table books drop column title;\n-- migrate:down none because gone is gone\n',
}

test('who approves a plan approves what is in it, and nothing else', async () => {
  const { run, applied, plan, connection } = await planned(gated)
  const { migrations, digest } = await plan()
  expect(migrations.at(-1)?.gates).toEqual([{ gate: 'approval', options: {}, status: 'closed', opensWithPlan: true }])
  expect(await run(withPlan)).toEqual({
    code: 5,
    said: expect.stringMatching(
      /^error gate-closed .*The plan has 4, and approval is closed: nobody approved it yet.* migrate approve plan\.json/,
    ),
  })
  expect(await applied()).toEqual(['1'])
  expect(await run(approve)).toMatchObject({ code: 0 })
  const approvals = await connection.query('select subject, by_user, digest from migrate.approval')
  expect(approvals.rows).toEqual([{ subject: 'run plan', by_user: 'dba', digest }])
  // Without the plan the gate is as shut as before.
  expect((await run((toolkit) => toolkit.gate({ name: '4', options: [] }))).code).toBe(5)
  expect((await run(withPlan)).code).toBe(0)
  expect(await applied()).toEqual(['1', '2', '3', '4'])
})

test('a gate that has shut since holds the whole plan back', async () => {
  const { run, applied, connection } = await planned({
    'migrations/4_more.sql':
      '-- migrate:gate long-transactions max-age:1ms\n-- migrate:up\ncreate table more ();\n-- migrate:down\ndrop table more;\n',
  })
  await connection.run('begin; select 1')
  expect(await run(withPlan)).toEqual({
    code: 5,
    said: expect.stringMatching(/^error gate-closed .*The plan has 4, and long-transactions max-age:1ms is closed/),
  })
  await connection.run('rollback')
  expect(await applied()).toEqual(['1'])
})

test('a run of a plan that is killed is resumed with the plan', async () => {
  const { cwd, url, run, applied, connection } = await planned()
  const holder = await connect(url)
  // An old snapshot, for which CREATE INDEX CONCURRENTLY waits and nothing else does.
  await holder.run('begin isolation level repeatable read; select 1')
  const child = startMigrate(['up', '--plan', 'plan.json'], { cwd, env: { DATABASE_URL: url } })
  const building = `select pid from pg_stat_activity where datname = current_database() and query ilike 'create index%' and pid <> pg_backend_pid()`
  await eventually(
    async () => (await connection.query(`${building} and wait_event_type = 'Lock'`)).rows,
    (rows) => rows.length === 1,
  )
  child.signal('SIGKILL')
  await child.ended
  await eventually(
    async () => (await connection.query(building)).rows,
    (rows) => rows.length === 0,
  )
  await holder.close()
  expect(await applied()).toEqual(['1', '2'])
  expect(await run(withPlan)).toMatchObject({ code: 0 })
  expect(await applied()).toEqual(['1', '2', '3'])
  const { rows } = await connection.query(
    `select indisvalid as valid from pg_index where indexrelid = 'books_title_idx'::regclass`,
  )
  expect(rows).toEqual([{ valid: true }])
})

test.each([
  [['up', '--output', 'plan.json'], /^error command-invalid .*--output writes the plan of a dry run/],
  [
    ['up', '2', '--plan', 'plan.json', '--to', '3'],
    /^error command-invalid .*--plan says what is run, and so does N, --to/,
  ],
  [['approve', 'none.json'], /^error file-unreadable .*none\.json/],
])('%j is asked wrongly', async (args, said) => {
  const cwd = await directory(files)
  const { code, stderr } = await migrate(args, { cwd, env: { DATABASE_URL: adminUrl() } })
  expect({ code, said: stderr.replaceAll(/\s+/g, ' ') }).toEqual({ code: 2, said: expect.stringMatching(said) })
})
