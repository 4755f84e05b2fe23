import { describe, expect, test } from 'vitest'
import { down } from '../../src/run/down.ts'
import { journalVersions } from '../../src/run/journal/versions.ts'
import { status } from '../../src/run/status.ts'
import { up } from '../../src/run/up.ts'
import { systemClock } from '../../src/core/time.ts'
import { gates } from '../../src/gates/registry.gen.ts'
import { createDatabase } from '../support/postgres.ts'
import { downInput, history, journalRows, refusalOf, upInput } from '../support/run.ts'

const a = '-- migrate:up\ncreate table a (id int);\n-- migrate:down\ndrop table a;\n'
const b = '-- migrate:up\ncreate table b (id int);\n-- migrate:down\ndrop table b;\n'
const c = '-- migrate:up\ncreate table c (id int);\n-- migrate:down\ndrop table c;\n'

describe('a history that does not fit the journal is refused before anything runs', () => {
  test('S5, P10: an applied file was edited; comments and white space may change', async () => {
    const connection = await (await createDatabase()).connect()
    await up(upInput(connection, await history({ '1_a.sql': a })))
    const tidied = await history({ '1_a.sql': `-- a comment\n${a}`, '2_b.sql': b })
    const report = await up(upInput(connection, tidied))
    expect({ applied: report.applied.map(({ id }) => id), reformatted: report.reformatted }).toEqual({
      applied: ['2'],
      reformatted: ['1'],
    })
    const edited = await history({ '1_a.sql': a.replace('id int', 'id bigint'), '2_b.sql': b, '3_c.sql': c })
    expect(await refusalOf(up(upInput(connection, edited)))).toEqual({
      code: 'history-edited',
      message: 'The file of 1 was changed after the migration had been applied. Nothing was changed.',
      at: { path: '1_a.sql', line: 1, column: 1 },
      details: undefined,
    })
    expect((await journalRows(connection)).migrations).toEqual(['1', '2'])
  })

  test('S7, P10: an applied file was deleted', async () => {
    const connection = await (await createDatabase()).connect()
    await up(upInput(connection, await history({ '1_a.sql': a, '2_b.sql': b })))
    const without = await history({ '2_b.sql': b, '3_c.sql': c })
    expect(await refusalOf(up(upInput(connection, without)))).toMatchObject({
      code: 'history-deleted',
      message: '1 is applied and has no file any more. Nothing was changed.',
    })
  })

  test('S6, P10: a late one is refused, or applied where the policy says so', async () => {
    const connection = await (await createDatabase()).connect()
    await up(upInput(connection, await history({ '1_a.sql': a, '3_c.sql': c })))
    const merged = await history({ '1_a.sql': a, '2_b.sql': b, '3_c.sql': c })
    expect(await refusalOf(up(upInput(connection, merged)))).toMatchObject({
      code: 'history-late',
      message: '2 is not applied, and 3, which comes after it, is. Nothing was changed.',
    })
    expect((await up(upInput(connection, merged, { late: 'apply' }))).applied.map(({ id }) => id)).toEqual(['2'])
  })

  test('an id that is required or asked for and does not exist', async () => {
    const connection = await (await createDatabase()).connect()
    const needy = await history({ '1_a.sql': `-- migrate:requires 99\n${a}` })
    expect(await refusalOf(up(upInput(connection, needy)))).toMatchObject({ code: 'migration-unknown' })
    expect(await refusalOf(up(upInput(connection, await history({ '1_a.sql': a }), { to: '7' })))).toMatchObject({
      code: 'migration-unknown',
    })
  })
})

describe('the journal', () => {
  test('one that a newer tool wrote, and one that is none, are refused and left alone', async () => {
    const connection = await (await createDatabase()).connect()
    const migrations = await history({ '1_a.sql': a })
    await connection.run('create schema migrate; create table migrate.migration (id text)')
    expect(await refusalOf(up(upInput(connection, migrations)))).toMatchObject({ code: 'journal-unreadable' })
    await connection.run(
      'create table migrate.journal_version (version int); insert into migrate.journal_version values (1)',
    )
    expect(await refusalOf(up(upInput(connection, migrations)))).toMatchObject({ code: 'journal-unreadable' })
    await connection.run('insert into migrate.journal_version values (99)')
    expect(await refusalOf(up(upInput(connection, migrations)))).toMatchObject({
      code: 'journal-newer',
      message: `The journal in schema "migrate" has version 99; this tool knows versions up to ${journalVersions.length}.`,
    })
  })

  test('lives in the schema that is asked for, also one that needs quotes', async () => {
    const connection = await (await createDatabase()).connect()
    await up(upInput(connection, await history({ '1_a.sql': a }), { schema: 'My "Journal"' }))
    const { rows } = await connection.query('select id from "My ""Journal""".migration')
    expect(rows).toEqual([{ id: '1' }])
  })
})

describe('down', () => {
  const files = { '1_a.sql': a, '2_b.sql': b, '3_c.sql': c }

  test('reverts the last one, several, or down to one that stays', async () => {
    const connection = await (await createDatabase()).connect()
    const migrations = await history(files)
    await up(upInput(connection, migrations))
    const one = await down(downInput(connection, migrations))
    expect(one.reverted.map(({ id, from }) => ({ id, from }))).toEqual([{ id: '3', from: 'file' }])
    await up(upInput(connection, migrations))
    expect(
      (await down(downInput(connection, migrations, { to: '1', dryRun: true }))).reverted.map(({ id }) => id),
    ).toEqual(['3', '2'])
    expect((await down(downInput(connection, migrations, { to: '1' }))).reverted.map(({ id }) => id)).toEqual([
      '3',
      '2',
    ])
    expect((await journalRows(connection)).migrations).toEqual(['1'])
    const { rows } = await connection.query(`select to_regclass('a')::text as a, to_regclass('b')::text as b`)
    expect(rows).toEqual([{ a: 'a', b: null }])
    expect((await up(upInput(connection, migrations))).applied.map(({ id }) => id)).toEqual(['2', '3'])
  })

  test('takes the way back from the journal when the file is gone or was edited', async () => {
    const connection = await (await createDatabase()).connect()
    await up(upInput(connection, await history(files)))
    const older = await history({
      '1_a.sql': a,
      '2_b.sql': b.replace('id int', 'id bigint').replace('drop table b', 'drop table nonsense'),
    })
    const report = await down(downInput(connection, older, { steps: 2 }))
    expect(report.reverted.map(({ id, from }) => ({ id, from }))).toEqual([
      { id: '3', from: 'journal' },
      { id: '2', from: 'journal' },
    ])
  })

  test('S9: refuses what is irreversible, before it reverts anything after it', async () => {
    const connection = await (await createDatabase()).connect()
    const migrations = await history({
      '1_a.sql': '-- migrate:up\ncreate table a (id int);\n-- migrate:down none because it is the first\n',
      '2_b.sql': b,
    })
    await up(upInput(connection, migrations))
    expect(await refusalOf(down(downInput(connection, migrations, { steps: 2 })))).toMatchObject({
      code: 'downgrade-refused',
      message: '1 (a) cannot be reverted: it is declared irreversible: it is the first. Nothing was changed.',
    })
    expect((await journalRows(connection)).migrations).toEqual(['1', '2'])
  })

  test('a failing way back changes nothing', async () => {
    const connection = await (await createDatabase()).connect()
    const migrations = await history({ '1_a.sql': a.replace('drop table a', 'drop table a; select 1 / 0') })
    await up(upInput(connection, migrations))
    expect(await refusalOf(down(downInput(connection, migrations)))).toMatchObject({ code: 'migration-failed' })
    const { rows } = await connection.query(`select to_regclass('a')::text as a`)
    expect(rows).toEqual([{ a: 'a' }])
    expect((await journalRows(connection)).migrations).toEqual(['1'])
  })
})

test('status on a fresh database writes nothing; later it says what became of each file', async () => {
  const connection = await (await createDatabase()).connect()
  const migrations = await history({ '1_a.sql': a, '2_b.sql': b })
  const input = { connection, gates, clock: systemClock }
  expect(await status({ ...input, migrations })).toEqual({
    applied: [],
    pending: [
      { id: '1', name: 'a', phase: 'expand', held: undefined },
      { id: '2', name: 'b', phase: 'expand', held: undefined },
    ],
    unfinished: [],
    unchecked: [],
    backfills: [],
    problems: [],
  })
  const { rows } = await connection.query(`select to_regnamespace('migrate') as journal`)
  expect(rows).toEqual([{ journal: null }])
  await up(upInput(connection, migrations))
  const later = await history({ '1_a.sql': `-- x\n${a}`, '3_c.sql': c })
  const report = await status({ ...input, migrations: later })
  expect({ applied: report.applied.map(({ id, file }) => ({ id, file })), problems: report.problems }).toEqual({
    applied: [
      { id: '1', file: 'reformatted' },
      { id: '2', file: 'deleted' },
    ],
    problems: [{ kind: 'deleted', migration: '2' }],
  })
})
