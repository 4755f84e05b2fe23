import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { VerifyAnswer, VerifyRequest } from '../../src/app/answers/verify.ts'
import { createToolkit } from '../../src/app/toolkit.ts'
import { silentLog } from '../../src/core/log.ts'
import { directory } from '../support/cli.ts'
import { adminUrl } from '../support/postgres.ts'

const books = '20260101000001_books.sql'
const isbn = '20260101000002_isbn.sql'
const notes = '20260101000003_notes.sql'
const files = {
  [`migrations/${books}`]: file('create table books (id int primary key, title text)', 'drop table books'),
  [`migrations/${isbn}`]: file('alter table books add column isbn text', 'alter table books drop column isbn'),
  [`migrations/${notes}`]: file('create table notes (id int primary key)', 'drop table notes'),
}

function file(up: string, down: string): string {
  return `-- migrate:up\n${up};\n\n-- migrate:down\n${down};\n`
}

async function verify(cwd: string, more: Partial<VerifyRequest> = {}): Promise<VerifyAnswer> {
  const toolkit = await createToolkit({ cwd, env: {}, config: undefined, log: silentLog })
  const shadow = { shadow: 'url', shadowUrl: adminUrl() }
  return toolkit.verify({ migrations: [], all: false, write: true, onProgress: () => undefined, ...shadow, ...more })
}

/** A check for which no server is there to be had: one that needs it cannot verify anew. */
const alone = { check: true, shadow: 'url', shadowUrl: 'postgres://nobody@127.0.0.1:1/none' }

/** What each migration was said to be, in short. */
function saidOf({ exit, report }: VerifyAnswer): object {
  return {
    exit,
    entries: report.entries.map(({ id, from, file: problem, refused }) =>
      [id.slice(-1), from, problem?.text, refused].filter((part) => part !== undefined).join(' '),
    ),
  }
}

const unchanged = { exit: 'ok', entries: ['1 file', '2 file', '3 file'] }

async function proofsIn(cwd: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(join(cwd, 'migrations/proofs'))).toSorted()
  const texts = await Promise.all(names.map((name) => readFile(join(cwd, 'migrations/proofs', name), 'utf8')))
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']))
}

test('the same input gives the same bytes, on scratch databases of their own', async () => {
  const [one, other] = [await directory(files), await directory(files)]
  await verify(one)
  await verify(other, { all: true })
  expect(Object.keys(await proofsIn(one))).toEqual(['1', '2', '3'].map((n) => `2026010100000${n}.json`))
  expect(await proofsIn(other)).toEqual(await proofsIn(one))
  await verify(one, { all: true })
  expect(await proofsIn(other)).toEqual(await proofsIn(one))
})

test('a check of valid proofs reads files and nothing else', async () => {
  const cwd = await directory(files)
  await verify(cwd)
  expect(saidOf(await verify(cwd, alone))).toEqual(unchanged)
  expect(saidOf(await verify(cwd, { shadowUrl: alone.shadowUrl }))).toEqual(unchanged)
})

test('a check verifies what is missing or stale in memory, says so, and writes nothing', async () => {
  const cwd = await directory(files)
  await verify(cwd)
  await rm(join(cwd, 'migrations/proofs/20260101000003.json'))
  await writeFile(join(cwd, 'migrations', isbn), file('alter table books add column isbn text', 'select 1'))
  const before = await proofsIn(cwd)
  const answer = await verify(cwd, { check: true })
  expect(saidOf(answer)).toEqual({
    exit: 'no',
    entries: [
      '1 file',
      expect.stringMatching(
        /^2 run Its proof is stale\. Its downgrade was changed after it had been verified\. The downgrade is broken\. D1 broken: .*"isbn"/,
      ),
      '3 run There is no proof.',
    ],
  })
  expect(await proofsIn(cwd)).toEqual(before)
  const text = answer.text({ color: false, width: 80 })
  expect(text).toContain('Make them anew with: migrate verify — and commit')
})

test('where nothing can be verified anew, what is missing is still an answer', async () => {
  const cwd = await directory(files)
  await verify(cwd, { migrations: [books, isbn] })
  const answer = await verify(cwd, alone)
  expect(saidOf(answer)).toEqual({ exit: 'no', entries: ['1 file', '2 file', '3 run There is no proof.'] })
  expect(answer.report.unable).toContain('No scratch database can be had')
})

test('an edit of an older upgrade makes later proofs stale, one of an older downgrade does not', async () => {
  const cwd = await directory(files)
  await verify(cwd)
  await writeFile(
    join(cwd, 'migrations', books),
    file('create table books (id int primary key, title text)', 'drop table if exists books'),
  )
  expect(saidOf(await verify(cwd, alone))).toMatchObject({
    entries: [expect.stringContaining('stale'), '2 file', '3 file'],
  })
  await writeFile(
    join(cwd, 'migrations', books),
    file('create table books (id int primary key, title varchar(9))', 'drop table books'),
  )
  const history = 'Its proof is stale. The history before it was changed after it had been verified.'
  expect(saidOf(await verify(cwd, alone))).toEqual({
    exit: 'no',
    entries: [expect.stringContaining('Its upgrade was changed'), `2 run ${history}`, `3 run ${history}`],
  })
})

test('a proof of an older format counts as missing, with a word', async () => {
  const cwd = await directory({ ...files, 'migrations/proofs/20260101000001.json': '{"version": 1}\n' })
  expect(saidOf(await verify(cwd, alone))).toMatchObject({
    entries: [
      '1 run There is no proof. Its proof is of an older version that says less (version 1, not 3).',
      '2 run There is no proof.',
      '3 run There is no proof.',
    ],
  })
})

test('a proof that says something else than what is found is told by a check of all', async () => {
  const cwd = await directory(files)
  await verify(cwd)
  const path = join(cwd, 'migrations/proofs/20260101000002.json')
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace('"standing": "proven"', '"standing": "not covered"'))
  const answer = await verify(cwd, { check: true, all: true })
  expect(saidOf(answer)).toEqual({
    exit: 'no',
    entries: ['1 run', '2 run It says something else: D0 is proven now, in the file not covered.', '3 run'],
  })
  expect(answer.text({ color: false, width: 80 })).toContain('migrate verify 20260101000002')
})

test('what is broken stays a no when nothing changed', async () => {
  const cwd = await directory({ ...files, [`migrations/${notes}`]: file('create table notes (id int)', 'select 1') })
  const first = await verify(cwd)
  const second = await verify(cwd)
  const third = await verify(cwd, alone)
  expect([first.exit, second.exit, third.exit]).toEqual(['no', 'no', 'no'])
  expect(second.text({ color: false, width: 80 })).toContain('(unchanged since verified)')
})

test('proofs of migrations that there are not are removed by a run, and told by a check', async () => {
  const cwd = await directory(files)
  await verify(cwd)
  await rm(join(cwd, 'migrations', notes))
  await writeFile(join(cwd, 'migrations/proofs/7.json'), '{"somebody": "else"}')
  const obsolete = ['migrations/proofs/20260101000003.json']
  const check = await verify(cwd, alone)
  expect([check.exit, check.report.obsolete, check.report.removed]).toEqual(['ok', obsolete, []])
  const run = await verify(cwd)
  expect([run.exit, run.report.removed]).toEqual(['ok', obsolete])
  expect(Object.keys(await proofsIn(cwd))).toEqual(['20260101000001.json', '20260101000002.json', '7.json'])
})

test('a higher level that is asked for is missed by proofs that are unchanged', async () => {
  const cwd = await directory(files)
  await verify(cwd)
  await writeFile(join(cwd, 'migrate.config.json'), '{"verify": {"level": "D5"}}')
  const { exit, report } = await verify(cwd, alone)
  expect([exit, report.entries[0]?.refused]).toEqual([
    'no',
    expect.stringMatching(/^The downgrade is not proven to level D5\. D\d not covered: /),
  ])
})

test('foreign layouts have no proofs to check', async () => {
  const cwd = await directory({ 'migrations/V1__books.sql': 'create table books (id int);' })
  await expect(verify(cwd, { check: true })).rejects.toMatchObject({ code: 'command-invalid' })
})

test('forms that there are not are refused', async () => {
  const cwd = await directory(files)
  const answer = await verify(cwd)
  await expect(async () => answer.as('sarif', { color: false, width: 80 })).rejects.toMatchObject({
    code: 'command-invalid',
  })
  expect(await answer.as('junit', { color: false, width: 80 })).toContain('<testsuites name="migrate verify"')
})
