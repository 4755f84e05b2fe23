import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createToolkit, type Toolkit } from '../../src/app/toolkit.ts'
import { silentLog } from '../../src/core/log.ts'
import type { Connection } from '../../src/model/database.ts'
import { directory } from '../support/cli.ts'
import { createDatabase } from '../support/postgres.ts'
import { refusalOf } from '../support/run.ts'

/** Each row of the table in docs/guides/history.md, tried as its users would come to it. */
const a = '-- migrate:up\ncreate table a (id int);\n-- migrate:down\ndrop table a;\n'
const b = '-- migrate:up\ncreate table b (id int);\n-- migrate:down\ndrop table b;\n'
const c = '-- migrate:up\ncreate table c (id int);\n-- migrate:down\ndrop table c;\n'

interface Project {
  readonly path: (file: string) => string
  readonly connection: Connection
  readonly toolkit: Toolkit
  readonly up: () => ReturnType<Toolkit['up']>
  readonly applied: () => Promise<readonly string[]>
}

/** A project whose migrations are applied. */
async function project(files: Readonly<Record<string, string>>): Promise<Project> {
  const database = await createDatabase()
  const connection = await database.connect()
  const cwd = await directory(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`migrations/${name}`, text])),
  )
  const toolkit = await createToolkit({ cwd, env: {}, config: false, url: database.url, log: silentLog })
  const up = (): ReturnType<Toolkit['up']> => toolkit.up({ safe: false, dryRun: false, onEvent: () => undefined })
  await up()
  return {
    path: (file) => join(cwd, 'migrations', file),
    connection,
    toolkit,
    up,
    applied: async () => {
      const { rows } = await connection.query<{ id: string }>('select id from migrate.migration order by position')
      return rows.map(({ id }) => id)
    },
  }
}

test('S5: an applied file was edited: refused, and nothing that is pending runs', async () => {
  const { path, up, applied } = await project({ '1_a.sql': a })
  await writeFile(path('1_a.sql'), a.replace('id int', 'id bigint'))
  await writeFile(path('2_b.sql'), b)
  expect(await refusalOf(up())).toMatchObject({ code: 'history-edited' })
  expect(await applied()).toEqual(['1'])
})

test('S5: an applied file was only reformatted: a note, and the rest runs', async () => {
  const { path, up } = await project({ '1_a.sql': a })
  await writeFile(path('1_a.sql'), `\uFEFF-- Its reason.\r\n${a.replaceAll('\n', '\r\n')}`)
  await writeFile(path('2_b.sql'), b)
  expect(await up()).toMatchObject({ exit: 'ok', json: { reformatted: ['1'], applied: [{ id: '2' }] } })
})

test('S5: an applied file was deleted: refused; the journal can still take it back', async () => {
  const { path, toolkit, up, applied } = await project({ '1_a.sql': a, '2_b.sql': b })
  await rm(path('2_b.sql'))
  expect(await refusalOf(up())).toMatchObject({ code: 'history-deleted' })
  const down = { unproven: true, dryRun: false, confirm: () => Promise.resolve(true), onEvent: () => undefined }
  expect(await toolkit.down(down)).toMatchObject({ exit: 'ok' })
  expect(await applied()).toEqual(['1'])
})

test('S6: 1 and 3 are applied, then 2 appears: refused, with what to do', async () => {
  const { path, up, applied } = await project({ '1_a.sql': a, '3_c.sql': c })
  await writeFile(path('2_b.sql'), b)
  expect(await refusalOf(up())).toMatchObject({ code: 'history-late' })
  expect(await applied()).toEqual(['1', '3'])
  await rename(path('2_b.sql'), path('4_b.sql'))
  await up()
  expect(await applied()).toEqual(['1', '3', '4'])
})

test.each([true, false])(
  'S6: with --safe the file that came late is named, not its missing proof (dry: %s)',
  async (dryRun) => {
    const { path, toolkit, applied } = await project({ '1_a.sql': a, '3_c.sql': c })
    await writeFile(path('2_b.sql'), b)
    const safe = toolkit.up({ safe: true, dryRun, onEvent: () => undefined })
    expect(await refusalOf(safe)).toMatchObject({ code: 'history-late' })
    expect(await applied()).toEqual(['1', '3'])
  },
)

test('an applied file got another id: refused as deleted, so that it does not run twice', async () => {
  const { path, up, applied } = await project({ '1_a.sql': a, '2_b.sql': b })
  await rename(path('2_b.sql'), path('5_b.sql'))
  expect(await refusalOf(up())).toMatchObject({ code: 'history-deleted' })
  expect(await applied()).toEqual(['1', '2'])
})

test('two files have one id, as numbers: refused before anything is asked of the database', async () => {
  const { path, up, applied } = await project({ '1_a.sql': a })
  await writeFile(path('01_b.sql'), b)
  expect(await refusalOf(up())).toMatchObject({ code: 'migration-duplicate' })
  expect(await applied()).toEqual(['1'])
})

test('S9: down without a down section: an error each time, never a success that did nothing', async () => {
  const { toolkit, applied } = await project({ '1_a.sql': '-- migrate:up\ncreate table a ();\n' })
  const down = { unproven: true, dryRun: false, confirm: () => Promise.resolve(true), onEvent: () => undefined }
  for (const time of [1, 2])
    expect({ time, ...(await refusalOf(toolkit.down(down))) }).toMatchObject({ time, code: 'downgrade-refused' })
  expect(await applied()).toEqual(['1'])
})

test('S10: several pairs of sections in one file: refused, and none of them runs', async () => {
  const { path, connection, up, applied } = await project({ '1_a.sql': a })
  await writeFile(path('2_b.sql'), `${b}${c}`)
  expect(await refusalOf(up())).toMatchObject({ code: 'directive-invalid', message: 'up is written twice.' })
  expect(await applied()).toEqual(['1'])
  expect((await connection.query(`select to_regclass('b') as b`)).rows).toEqual([{ b: null }])
})
