import { createHash } from 'node:crypto'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSources } from '../../src/app/source-files.ts'
import { refusalOf } from '../support/run.ts'

async function read(bytes: Uint8Array): Promise<object | undefined> {
  const cwd = await mkdtemp(join(tmpdir(), 'source-'))
  await writeFile(join(cwd, 'a.sql'), bytes)
  const { sources } = await readSources(['a.sql'], cwd, [])
  return sources[0]?.file
}

test.each([
  ['plain', 'select 1;\n', 'select 1;\n'],
  ['with a byte order mark, which is no part of the text', '\uFEFFselect 1;\n', 'select 1;\n'],
  ['with a mark that is no byte order mark', 'select 1;\uFEFF\n', 'select 1;\uFEFF\n'],
  ['with the character that stands for others', `select '\uFFFD';\n`, `select '\uFFFD';\n`],
  ['with that and a byte order mark', `\uFEFFselect '\uFFFD';\n`, `select '\uFFFD';\n`],
  ['beyond the first plane', `select '😀';\n`, `select '😀';\n`],
  ['empty', '', ''],
])('a file %s: its text, and the hash of its bytes', async (_, content, text) => {
  const bytes = Buffer.from(content)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(await read(bytes)).toEqual({ path: 'a.sql', text, sha256 })
})

test.each([
  ['a byte of Latin-1', Buffer.from([0x73, 0xe9, 0x0a])],
  ['a character that is cut off', Buffer.from([0x73, 0xc3])],
  ['half of a pair', Buffer.from([0xed, 0xa0, 0x80])],
  ['UTF-16', Buffer.from('\uFEFFselect 1', 'utf16le')],
])('%s is refused', async (_, bytes) => {
  expect((await refusalOf(read(bytes))).code).toBe('file-not-utf8')
})
