import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sourceFile } from '../../src/app/source-files.ts'
import { writeFiles } from '../../src/app/write-files.ts'
import type { FileWrite } from '../../src/app/write-files.ts'
import { directory } from '../support/cli.ts'

const old = 'select 1;\n'
const files = { 'a.sql': old, 'b.sql': old }

function change(cwd: string, name: string, before: string | undefined): FileWrite {
  const sha = before === undefined ? {} : { sha256: sourceFile(name, Buffer.from(before)).sha256 }
  return { path: join(cwd, name), shown: name, text: 'select 2;\n', ...sha }
}

async function state(cwd: string): Promise<unknown> {
  const names = (await readdir(cwd, { withFileTypes: true })).filter((entry) => entry.isFile())
  return Object.fromEntries(
    await Promise.all(names.map(async ({ name }) => [name, await readFile(join(cwd, name), 'utf8')])),
  )
}

test('files are changed and made, and nothing else is left there', async () => {
  const cwd = await directory(files)
  await writeFiles([change(cwd, 'a.sql', old), change(cwd, 'c.sql', undefined)])
  expect(await state(cwd)).toEqual({ 'a.sql': 'select 2;\n', 'b.sql': old, 'c.sql': 'select 2;\n' })
})

test('a byte order mark stays', async () => {
  const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(old)])
  const cwd = await directory({ 'a.sql': bytes })
  await writeFiles([
    { path: join(cwd, 'a.sql'), shown: 'a.sql', text: 'select 2;\n', sha256: sourceFile('a.sql', bytes).sha256 },
  ])
  expect([...(await readFile(join(cwd, 'a.sql'))).subarray(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 0x73])
})

test('a directory that is missing is made, with those above it', async () => {
  const cwd = await directory(files)
  await writeFiles([change(cwd, 'new/within/c.sql', undefined)])
  expect(await state(join(cwd, 'new/within'))).toEqual({ 'c.sql': 'select 2;\n' })
})

describe('all or nothing', () => {
  test.each([
    ['a file that changed meanwhile', 'b.sql', 'select 0;\n', 'file-changed'],
    ['a file that is gone', 'gone.sql', old, 'file-changed'],
    ['a new file that is there', 'b.sql', undefined, 'file-exists'],
    ['a directory in its place', 'd.sql', old, 'output-unwritable'],
    ['a new file below a file', 'b.sql/c.sql', undefined, 'output-unwritable'],
  ])('%s', async (_, name, before, code) => {
    const cwd = await directory(files)
    await mkdir(join(cwd, 'd.sql'))
    await expect(writeFiles([change(cwd, 'a.sql', old), change(cwd, name, before)])).rejects.toMatchObject({ code })
    expect(await state(cwd)).toEqual(files)
  })

  test('a directory that was made for it is gone again', async () => {
    const cwd = await directory(files)
    const changes = [change(cwd, 'new/within/c.sql', undefined), change(cwd, 'gone.sql', old)]
    await expect(writeFiles(changes)).rejects.toMatchObject({ code: 'file-changed' })
    expect(await readdir(cwd)).toEqual(['a.sql', 'b.sql'])
  })
})
