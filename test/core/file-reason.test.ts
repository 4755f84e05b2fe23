import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fileReason } from '../../src/core/file-reason.ts'

async function reasonOf(doing: Promise<unknown>): Promise<string> {
  return doing.then(
    () => 'nothing went wrong',
    (error: unknown) => fileReason(error),
  )
}

test('why a file cannot be read is told in words, and its whole path is not', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'reason-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const at = (name: string): string => join(directory, name)
  await mkdir(at('folder'))
  await writeFile(at('file'), '')
  await symlink(at('circle'), at('circle'))
  const reasons = [
    await reasonOf(readFile(at('nothing'))),
    await reasonOf(readFile(at('folder'))),
    await reasonOf(readFile(at('file/inner'))),
    await reasonOf(readFile(at('circle'))),
    await reasonOf(writeFile(at('file'), '', { flag: 'wx' })),
  ]
  expect(reasons).toMatchInlineSnapshot(`
    [
      "there is no such file or directory",
      "it is a directory",
      "a part of its path is no directory",
      "its links lead in a circle",
      "there is a file of that name already",
    ]
  `)
  expect(reasons.filter((reason) => reason.includes(directory))).toEqual([])
})

test('what is no error of a file keeps its words', () => {
  expect(fileReason(new Error('Unexpected end of JSON input'))).toBe('Unexpected end of JSON input')
})
