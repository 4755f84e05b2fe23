import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Connection } from '../../src/model/database.ts'
import { childRun } from '../support/child-run.ts'
import type { Child } from '../support/child-run.ts'
import { directory, migrate } from '../support/cli.ts'
import type { CliResult } from '../support/cli.ts'
import { createDatabase } from '../support/postgres.ts'
import { journalRows } from '../support/run.ts'

const a = '-- migrate:up\ncreate table a (id int);\n-- migrate:down\ndrop table a;\n'
const b = '-- migrate:up\ncreate table b (id int);\n-- migrate:down\ndrop table b;\n'

interface Project {
  readonly connection: Connection
  readonly run: (...args: readonly string[]) => Promise<CliResult>
  readonly write: (file: string, text: string) => Promise<void>
  readonly remove: (file: string) => Promise<void>
}

/** A project; `killed` says where an `up` of it, or a `down` after it, died. */
async function project(
  files: Readonly<Record<string, string>>,
  killed: readonly Omit<Child, 'url' | 'files'>[] = [],
): Promise<Project> {
  const database = await createDatabase()
  const connection = await database.connect()
  await connection.run(
    `create table calls (name text); create procedure work() language sql as $$ insert into calls values ('work') $$`,
  )
  for (const child of killed) await childRun(database.url, files, child).ended
  const cwd = await directory(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`migrations/${name}`, text])),
  )
  const path = (file: string): string => join(cwd, 'migrations', file)
  return {
    connection,
    run: (...args) => migrate([...args, '--url', database.url], { cwd, env: { USER: 'mender' } }),
    write: (file, text) => writeFile(path(file), text),
    remove: (file) => rm(path(file)),
  }
}

/** The words of the repair that a refusal names, as they would be pasted. */
function repairNamed({ stderr }: CliResult, flag: string): readonly string[] {
  const found = new RegExp(`migrate (repair \\S+ ${flag})`).exec(stderr.replaceAll(/\s+/g, ' '))
  if (found?.[1] === undefined) throw new Error(`No repair with ${flag} is named in: ${stderr}`)
  return found[1].split(' ')
}

async function repairs(connection: Connection): Promise<readonly string[]> {
  const { rows } = await connection.query<{ line: string }>(
    `select concat_ws(' ', r.action, r.migration, run.by_user, run.outcome) as line
       from migrate.repair r join migrate.run run on run.id = r.run order by r.id`,
  )
  return rows.map(({ line }) => line)
}

describe('S5: a file that was edited or deleted after it had been applied', () => {
  test('accepted as it is now: shown, asked for, written down', async () => {
    const { connection, run, write } = await project({ '1_a.sql': a })
    await run('up')
    await write('1_a.sql', a.replace('id int', 'id bigint').replace('drop table a', 'drop table a cascade'))
    const refused = await run('up')
    expect(refused.code).toBe(1)
    const words = repairNamed(refused, '--accept-edit')
    const before = await journalRows(connection)
    const dry = await run(...words, '--dry-run')
    expect({ ...dry, stdout: dry.stdout.replaceAll(/hash \w+/g, 'hash HASH') }).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "",
        "stdout": "Migration 1
        before  applied, with a file of hash HASH
        after   applied, with a file of hash HASH
      Nothing was changed.
      ",
      }
    `)
    const unasked = await run(...words)
    expect({ code: unasked.code, stderr: unasked.stderr.replaceAll(/hash \w+/g, 'hash HASH') }).toMatchInlineSnapshot(`
      {
        "code": 2,
        "stderr": "error confirmation-missing
        The journal would be changed, and nothing else.
        Migration 1
          before  applied, with a file of hash HASH
          after   applied, with a file of hash HASH

        Nobody can be asked here. Add --yes when this is what you want.
      ",
      }
    `)
    expect(await journalRows(connection)).toEqual(before)
    const done = await run(...words, '--yes')
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(done.stdout).toContain('The journal says so now')
    expect(await repairs(connection)).toEqual(['accept-edit 1 mender done'])
    expect((await run('up')).stdout).toBe('Nothing to apply: the database is up to date.\n')
    const { rows } = await connection.query('select down, position, run from migrate.migration')
    expect(rows).toEqual([{ down: 'drop table a cascade;\n', position: 1, run: 1 }])
    const again = await run(...words, '--yes')
    expect({ code: again.code, refused: again.stderr.includes('The file of 1 is what was applied.') }).toEqual({
      code: 1,
      refused: true,
    })
  })

  test('forgotten: what it made stays, the journal knows it no more', async () => {
    const { connection, run, remove } = await project({ '1_a.sql': a, '2_b.sql': b })
    await run('up')
    await remove('1_a.sql')
    const words = repairNamed(await run('up'), '--forget')
    expect((await run(...words, '--yes')).code).toBe(0)
    expect((await journalRows(connection)).migrations).toEqual(['2'])
    expect((await connection.query(`select to_regclass('a')::text as a`)).rows).toEqual([{ a: 'a' }])
    expect((await run('up')).code).toBe(0)
    expect((await run('repair', '1', '--forget', '--yes')).stderr).toContain('There is no migration 1')
  })
})

test('S6: a late one that the database has already is written down as applied', async () => {
  const { connection, run, write } = await project({ '1_a.sql': a, '3_b.sql': b })
  await run('up')
  await write('2_c.sql', '-- migrate:up\ncreate table c ();\n-- migrate:down\ndrop table c;\n')
  await connection.run('create table c ()')
  const words = repairNamed(await run('up'), '--applied')
  expect((await run(...words, '--yes')).code).toBe(0)
  expect((await run('status', '--exit-code')).stdout).toContain('3 applied (1 baselined), 0 pending.')
})

describe('one that is written down as applied goes to the place of its file, and is reverted from there', () => {
  const c = '-- migrate:up\nalter table a add column c int;\n-- migrate:down\nalter table a drop column c;\n'
  const reverted = ({ stdout }: CliResult): readonly string[] =>
    [...stdout.matchAll(/^reverted\s+(\S+)/gm)].map(([, id = '']) => id)

  test('after it was forgotten: what stands on it still goes first', async () => {
    const { connection, run } = await project({ '1_a.sql': a, '2_b.sql': b, '3_c.sql': c })
    await run('up')
    expect((await run('repair', '1', '--forget', '--yes')).code).toBe(0)
    expect((await run('repair', '1', '--applied', '--yes')).code).toBe(0)
    const down = await run('down', '3', '--unproven', '--yes')
    expect({ code: down.code, order: reverted(down) }).toEqual({ code: 0, order: ['3', '2', '1'] })
    expect((await journalRows(connection)).migrations).toEqual([])
  })

  test('behind what it requires, where that was applied late', async () => {
    const { run, write } = await project({ '1_a.sql': a, '4_b.sql': b })
    await run('up')
    await write('3_c.sql', c)
    await write('2_d.sql', '-- migrate:requires 3\n-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n')
    for (const id of ['3', '2']) expect((await run('repair', id, '--applied', '--yes')).code).toBe(0)
    const down = await run('down', '3', '--unproven', '--dry-run')
    expect([...down.stdout.matchAll(/^would revert\s+(\S+)/gm)].map(([, id]) => id)).toEqual(['4', '2', '3'])
  })
})

describe('a migration outside a transaction that stopped half-way', () => {
  const half = {
    '1_work.sql':
      '-- migrate:up transaction:false\ncreate table t ();\ncall work();\ncreate table u ();\n-- migrate:down none because it is a test\n',
  }
  const died = [{ dieAtAnswer: { to: 'call work' } }]

  test('killed where nobody knows: done by your word, the next run goes on behind it', async () => {
    const { connection, run } = await project(half, died)
    const unknown = await run('up')
    expect(unknown.code).toBe(8)
    const words = repairNamed(unknown, '--done')
    expect((await run(...words, '--dry-run')).stdout).toMatchInlineSnapshot(`
      "Migration 1
        before  half-way: statement 2 of the upgrade began, and how it ended is
        unknown
        after   half-way: 2 statements of the upgrade done
      Nothing was changed.
      "
    `)
    expect((await run(...words, '--yes')).code).toBe(0)
    expect((await run('up')).stdout).toContain('1 migration applied.')
    expect((await connection.query('select name from calls')).rows).toEqual([{ name: 'work' }])
    expect((await run(...words, '--yes')).stderr).toContain('1 is not half-way')
  })

  test('killed where nobody knows: undone by your word, it runs again', async () => {
    const { connection, run } = await project(half, died)
    const words = repairNamed(await run('up'), '--undone')
    expect((await run(...words, '--yes')).code).toBe(0)
    expect((await run('up')).stdout).toContain('1 migration applied.')
    expect((await connection.query('select count(*)::int as calls from calls')).rows).toEqual([{ calls: 2 }])
    expect(await repairs(connection)).toEqual(['undone 1 mender done'])
  })

  test('what is done was edited: accepted, and the run goes on', async () => {
    const { run, write } = await project(half, died)
    await write('1_work.sql', half['1_work.sql'].replace('create table t ()', 'create table t (id int)'))
    const words = repairNamed(await run('up'), '--accept-edit')
    expect((await run(...words, '--yes')).code).toBe(0)
    expect((await run('up')).stdout).toContain('1 migration applied.')
  })

  test('its file is gone: forgotten', async () => {
    const { connection, run, remove, write } = await project(half, died)
    await remove('1_work.sql')
    await write('2_b.sql', b)
    const words = repairNamed(await run('up'), '--forget')
    expect((await run(...words, '--yes')).code).toBe(0)
    expect((await run('up')).stdout).toContain('applied    2 b')
    expect((await journalRows(connection)).migrations).toEqual(['2'])
  })

  test('a downgrade: done by your word, the next down writes down that it is reverted', async () => {
    const files = { '1_a.sql': '-- migrate:up\ncreate table a ();\n-- migrate:down transaction:false\ncall work();\n' }
    const { connection, run } = await project(files, [{}, { command: 'down', dieAtAnswer: { to: 'call work' } }])
    const words = repairNamed(await run('up'), '--done')
    expect((await run(...words, '--yes')).code).toBe(0)
    expect((await run('down', '--unproven', '--yes')).stdout).toContain('1 migration reverted.')
    expect((await journalRows(connection)).migrations).toEqual([])
    expect((await connection.query('select count(*)::int as calls from calls')).rows).toEqual([{ calls: 1 }])
  })
})

test('a backfill that stopped is begun anew, so that what is before it can be reverted', async () => {
  const files = {
    '1_a.sql':
      '-- migrate:up\ncreate table a (id int primary key, n int);\ninsert into a select generate_series(1, 90);\n-- migrate:down\ndrop table a;\n',
    '2_fill.sql':
      '-- migrate:up\n-- migrate:backfill table:a key:id batch:30\nupdate a set n = 1;\n-- migrate:down none because it is a test\n',
  }
  const died = { options: { backfill: { leastRows: 30, mostRows: 30 } }, dieAtAnswer: { to: 'UPDATE a', time: 2 } }
  const { connection, run } = await project(files, [died])
  const words = repairNamed(await run('down', '--unproven', '--yes'), '--restart-backfill')
  expect((await run(...words, '--dry-run')).stdout).toMatchInlineSnapshot(`
    "Migration 2
      before  backfill after 30 of about 90 rows
      after   not applied
    Nothing was changed.
    "
  `)
  expect((await run(...words, '--yes')).code).toBe(0)
  expect((await run('down', '--unproven', '--yes')).stdout).toContain('1 migration reverted.')
  expect((await journalRows(connection)).migrations).toEqual([])
})

test('runs that died get an end; with none there is nothing to mend', async () => {
  const { connection, run } = await project({ '1_a.sql': a }, [{ dieAtAnswer: { to: 'create table a' } }])
  expect((await journalRows(connection)).runs).toEqual(['up tester open'])
  expect((await run('repair', '--dead-runs', '--dry-run')).stdout).toMatch(
    /1 run without an end\n {2}run 1: up by tester/,
  )
  expect((await run('repair', '--dead-runs', '--yes')).code).toBe(0)
  expect((await journalRows(connection)).runs).toEqual(['up tester failed connection-lost', 'repair mender done'])
  expect(await repairs(connection)).toEqual(['dead-runs mender done'])
  expect(await run('repair', '--dead-runs', '--yes')).toMatchObject({ code: 1, stdout: '' })
  expect((await run('up')).stdout).toContain('1 migration applied.')
})

test('asked wrongly: one migration and one thing to do with it', async () => {
  const { run } = await project({ '1_a.sql': a })
  for (const words of [['1'], ['1', '--done', '--forget'], ['--forget'], ['1', '--dead-runs']])
    expect(await run('repair', ...words)).toMatchObject({ code: 2, stdout: '' })
  expect((await run('repair', '1', '--accept-edit', '--yes')).stderr).toContain('1 is not applied')
  expect((await run('repair', '1', '--restart-backfill', '--yes')).stderr).toContain('1 is no backfill')
})
