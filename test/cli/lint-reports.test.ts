import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'

const files = {
  'db/1.sql': 'create table books (id bigint primary key, title text);\n',
  'db/2.sql': 'drop table books;\n',
}

const lint = ['lint', 'db', '--no-config', '--layout', 'plain']

async function ended(args: readonly string[], cwd?: string): Promise<unknown> {
  const { code, stdout, stderr } = await migrate([...lint, ...args], { cwd: cwd ?? (await directory(files)) })
  return { code, stdout, stderr }
}

test('several reports in one run: each output belongs to the format before it, one goes to stdout', async () => {
  const cwd = await directory(files)
  const { code, stdout, stderr } = await migrate(
    [
      ...lint,
      '--format',
      'sarif',
      '--output',
      'out/deep/lint.sarif',
      '--format',
      'gcc',
      '--json',
      '--output',
      'lint.json',
    ],
    { cwd },
  )
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout:
      'db/2.sql:1:1: error: The rows of books are lost, and every query of the running version that uses it fails. [drop-table]\n',
    stderr: '',
  })
  const sarif = JSON.parse(await readFile(join(cwd, 'out/deep/lint.sarif'), 'utf8'))
  const json = JSON.parse(await readFile(join(cwd, 'lint.json'), 'utf8'))
  expect([sarif.version, json.version]).toEqual(['2.1.0', 1])
  expect(await readdir(join(cwd, 'out/deep'))).toEqual(['lint.sarif'])
})

test('when all have a file nothing is printed; a file is replaced', async () => {
  const cwd = await directory({ ...files, 'lint.txt': 'old\n' })
  expect(await ended(['--format', 'gcc', '--output', 'lint.txt'], cwd)).toEqual({ code: 1, stdout: '', stderr: '' })
  expect(await readFile(join(cwd, 'lint.txt'), 'utf8')).toMatch(/^db\/2\.sql:1:1: error: /)
})

test.each([
  ['two to stdout', ['--format', 'gcc', '--format', 'sarif']],
  ['two to stdout, one of them by its short name', ['--format', 'gcc', '--json']],
  ['an output before every format', ['--output', 'x', '--format', 'gcc']],
  ['two outputs of one format', ['--format', 'gcc', '--output', 'x', '--output', 'y']],
  ['two reports in one file', ['--format', 'gcc', '--output', 'x', '--format', 'sarif', '--output', 'x']],
  ['a format that there is not', ['--format', 'sarf']],
  ['a base without anything to compare', ['--base', 'main']],
  ['standard input that is staged', ['-', '--staged']],
  ['a baseline that is to be written nowhere', ['--update-baseline']],
])('%s', async (_, args) => {
  const cwd = await directory(files)
  expect(await ended(args, cwd)).toMatchSnapshot()
  expect(existsSync(join(cwd, 'x'))).toBe(false)
})

test('a place that cannot be written to', async () => {
  const cwd = await directory({ ...files, taken: '' })
  expect(await ended(['--format', 'gcc', '--output', 'taken/lint.txt'], cwd)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^error output-unwritable\n {2}"taken\/lint\.txt" cannot be written: /),
  })
})

test('known findings are counted and do not fail', async () => {
  const cwd = await directory(files)
  const known = ['--baseline', 'known.json']
  expect([await ended([...known, '--update-baseline'], cwd), await ended(known, cwd)]).toEqual(
    Array.from({ length: 2 }, () => ({
      code: 0,
      stdout: 'nothing new to say about 2 files\n1 known finding in the baseline\n',
      stderr: '',
    })),
  )
})
