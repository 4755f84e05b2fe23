import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { createToolkit, type Toolkit } from '../../src/app/toolkit.ts'
import { directory } from '../support/cli.ts'

const now = new Date('2026-11-23T21:05:00Z')
const books =
  '-- migrate:up\ncreate table books (id bigint primary key, title text);\n-- migrate:down\ndrop table books;\n'

async function toolkit(
  files: Readonly<Record<string, string>>,
  options: object = {},
): Promise<{ readonly cwd: string; readonly toolkit: Toolkit }> {
  const cwd = await directory(files)
  return { cwd, toolkit: await createToolkit({ cwd, env: {}, log: silentLog, ...options }) }
}

test('a new migration comes after all that are there, whatever the clock says', async () => {
  const { cwd, toolkit: tools } = await toolkit({ 'migrations/20260101000000_books.sql': books })
  for (const name of ['first', 'second']) await tools.create({ name, now })
  await writeFile(join(cwd, 'migrations/20300101000000_of_another_clock.sql'), '')
  await tools.create({ name: 'third', now })
  expect((await readdir(join(cwd, 'migrations'))).toSorted()).toEqual([
    '20260101000000_books.sql',
    '20261123210500_first.sql',
    '20261123210501_second.sql',
    '20300101000000_of_another_clock.sql',
    '20300101000001_third.sql',
  ])
})

test.each([
  [{ name: 'x', change: 'two words' }, {}, 'command-invalid'],
  [{ name: 'x', change: '' }, {}, 'command-invalid'],
  [{ name: '../x' }, {}, 'migration-name-invalid'],
  [{ name: 'x' }, { layout: 'flyway' }, 'layout-not-run'],
  [{ name: 'x' }, { dir: 'a-file' }, 'output-unwritable'],
])('%j with %j: %s, and nothing is written', async (request, options, code) => {
  const { cwd, toolkit: tools } = await toolkit({ 'a-file': 'mine' }, options)
  await expect(tools.create(request)).rejects.toMatchObject({ code })
  expect(await readdir(cwd)).toEqual(['a-file'])
  expect(await readFile(join(cwd, 'a-file'), 'utf8')).toBe('mine')
})

test('where migrations lie in another directory, none is begun in silence', async () => {
  const { cwd, toolkit: tools } = await toolkit({ 'db/migrations/20260101000000_books.sql': books })
  await expect(tools.create({ name: 'x' })).rejects.toMatchObject({
    code: 'directory-missing',
    message: expect.stringContaining('there are migrations in "db/migrations"'),
  })
  expect(await readdir(cwd)).toEqual(['db'])
})

test('an exit code has a page: what it means, what to do, and which errors end with it', async () => {
  const { toolkit: tools } = await toolkit({})
  const page = async (name: string): Promise<string> =>
    (await tools.explain({ name })).text({ color: false, width: 80 })
  expect(await page('8')).toMatch(
    /^# Exit code 8\n\nStopped half-way.*Run the same command again.*- `backfill-halfway`/s,
  )
  expect(await page('70')).toMatch(/^# Exit code 70\n\nA bug.*Report it/s)
  expect(await page('0')).toBe('# Exit code 0\n\nNothing to say.\n\nGo on.\n')
  expect(await page('backfill-halfway')).toMatch(/Exit code: 8\. Run the same command again/)
  await expect(page('9')).rejects.toMatchObject({ code: 'command-invalid' })
})
