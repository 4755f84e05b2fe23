import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Answer } from '../../src/app/answer.ts'
import { createToolkit, type Toolkit } from '../../src/app/toolkit.ts'
import { silentLog } from '../../src/core/log.ts'
import { directory } from '../support/cli.ts'
import { createDatabase } from '../support/postgres.ts'
import { refusalOf } from '../support/run.ts'

const a = '-- migrate:up\ncreate table a (id int);\n\n-- migrate:down\ndrop table a;\n'
const b = '-- migrate:up\ncreate table b (id int);\n\n-- migrate:down\ndrop table b;\n'
const style = { color: false, width: 80 }

interface Project {
  readonly toolkit: Toolkit
  readonly write: (file: string, text: string) => Promise<void>
  readonly remove: (file: string) => Promise<void>
  readonly lockFile: () => Promise<string>
  readonly lock: (how?: 'check' | 'force') => Promise<Answer>
}

async function project(files: Readonly<Record<string, string>>, url?: string): Promise<Project> {
  const cwd = await directory(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`migrations/${name}`, text])),
  )
  const path = (file: string): string => join(cwd, 'migrations', file)
  const toolkit = await createToolkit({ cwd, env: {}, config: false, url, log: silentLog })
  return {
    toolkit,
    write: (file, text) => writeFile(path(file), text),
    remove: (file) => rm(path(file)),
    lockFile: () => readFile(path('migrate.lock'), 'utf8'),
    lock: (how) => toolkit.lock({ check: how === 'check', force: how === 'force' }),
  }
}

test('the newest id and a hash over all first, so that two branches conflict; then a line a migration', async () => {
  const { lock, lockFile, write } = await project({ '1_a.sql': a })
  expect((await lock('check')).exit).toBe('no')
  expect((await lock()).text(style)).toBe(
    'migrations/migrate.lock says what the files say: 1 migration. Commit it with\nthem.\n',
  )
  const before = await lockFile()
  expect(before).toMatch(/^1 [\w-]{43}\n1 [\w-]{43} [\w-]{43}\n$/)
  await write('2_b.sql', b)
  expect((await lock()).text(style)).toContain('added        2\n')
  const after = await lockFile()
  expect(after.split('\n')[1]).toBe(before.split('\n')[1])
  expect(after.split('\n')[0]).toMatch(/^2 /)
  expect((await lock('check')).exit).toBe('ok')
})

test('P10: line ends and a byte order mark do not count, comments are told apart from what a file means', async () => {
  const { lock, write } = await project({ '1_a.sql': a, '2_b.sql': b })
  await lock()
  await write('1_a.sql', `\uFEFF${a.replaceAll('\n', '\r\n')}`)
  expect(await lock('check')).toMatchObject({ exit: 'ok', json: { differences: [] } })
  await write('1_a.sql', `-- why\n${a}`)
  expect(await lock('check')).toMatchObject({ exit: 'ok', json: { differences: [{ id: '1', change: 'reformatted' }] } })
  await write('1_a.sql', `-- migrate:gate approval\n${a}`)
  await write('2_b.sql', b.replace('drop table b', 'drop table b cascade'))
  expect(await lock('check')).toMatchObject({
    exit: 'no',
    json: {
      differences: [
        { id: '1', change: 'edited' },
        { id: '2', change: 'edited' },
      ],
    },
  })
})

describe('P10: files that are not those that were locked are refused before anything runs', () => {
  test.each([
    ['S5: edited', { '1_a.sql': a.replace('int', 'bigint') }, 'edited       1'],
    ['S5: deleted', { '1_a.sql': undefined }, 'deleted      1'],
    ['S6: added before one that was locked', { '2_c.sql': b.replaceAll('b', 'c') }, 'late         2'],
    ['added', { '4_c.sql': b.replaceAll(' b', ' c') }, 'added        4'],
    ['reordered', { '1_a.sql': undefined, '9_a.sql': a }, 'added        9\ndeleted      1'],
  ])('%s', async (_, changes, details) => {
    const database = await createDatabase()
    const { toolkit, lock, write, remove } = await project({ '1_a.sql': a, '3_b.sql': b }, database.url)
    await lock()
    for (const [file, text] of Object.entries(changes)) await (text === undefined ? remove(file) : write(file, text))
    const up = toolkit.up({ safe: false, dryRun: false, onEvent: () => undefined })
    expect(await refusalOf(up)).toMatchObject({
      code: 'lock-file-stale',
      message: 'migrations/migrate.lock does not say what the files say. Nothing was changed.',
      details,
    })
    const { rows } = await (await database.connect()).query(`select to_regnamespace('migrate') as journal`)
    expect(rows).toEqual([{ journal: null }])
    const { exit, notes } = await toolkit.lint({ paths: [] })
    expect({ exit, notes: notes.join('\n').includes(details) }).toEqual({ exit: 'no', notes: true })
  })
})

test('S6: a late one is not locked before it has a newer id, unless that is wanted', async () => {
  const { lock, lockFile, write } = await project({ '1_a.sql': a, '3_b.sql': b })
  await lock()
  const before = await lockFile()
  await write('2_c.sql', b.replaceAll(' b', ' c'))
  expect(await refusalOf(lock())).toMatchObject({
    code: 'history-late',
    message: '2 comes before 3, which was locked earlier and may be applied somewhere. Nothing was written.',
  })
  expect(await lockFile()).toBe(before)
  expect((await lock('force')).text(style)).toContain('late         2\n')
  expect((await lock('check')).exit).toBe('ok')
})

test('a merge that was not resolved is told as one, and written anew by force', async () => {
  const { toolkit, lock, lockFile, write } = await project({ '1_a.sql': a })
  await lock()
  const ours = await lockFile()
  await write('migrate.lock', `<<<<<<< HEAD\n${ours}=======\n2 x\n>>>>>>> other\n`)
  for (const refused of [() => lock(), () => lock('check'), () => toolkit.lint({ paths: [] })])
    expect(await refusalOf(refused())).toMatchObject({
      code: 'lock-file-invalid',
      message:
        '"migrations/migrate.lock" holds the marks of a merge: two branches changed migrations. Nothing was changed.',
    })
  expect((await lock('force')).exit).toBe('ok')
  expect(await lockFile()).toBe(ours)
})
