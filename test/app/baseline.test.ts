import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { createToolkit, ToolkitError } from '../../src/index.ts'
import { directory } from '../support/cli.ts'

const files = {
  'db/1.sql': 'create table books (id bigint primary key, title text);\n',
  'db/2.sql': 'drop table books;\ndrop table books;\n',
  'db/3.sql': 'create table a (id bigint primary key);\n',
  'db/4.sql': 'drop table a;\n',
}

interface Asked {
  readonly update?: boolean
  readonly paths?: readonly string[]
  readonly baseline?: string | undefined
}

async function linted(
  cwd: string,
  { update = false, paths = ['db'], baseline = 'known.json' }: Asked = {},
): Promise<unknown> {
  const toolkit = await createToolkit({ cwd, env: {}, layout: 'plain', log: silentLog })
  try {
    const { exit, report } = await toolkit.lint({ paths, baseline, updateBaseline: update })
    return {
      exit,
      found: report.findings.map(({ migration, rule }) => `${migration} ${rule}`),
      known: report.baseline?.known.map(({ migration, rule }) => `${migration} ${rule}`),
      gone: report.baseline?.gone.map(({ migration, rule }) => `${migration} ${rule}`),
    }
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error
    return { code: error.code, message: error.message, hint: error.hint }
  }
}

const change = (cwd: string, path: string, text: string): Promise<void> => writeFile(join(cwd, path), text)
const read = (cwd: string): Promise<string> => readFile(join(cwd, 'known.json'), 'utf8')

test('what is found today is written down once, and fails no more', async () => {
  const cwd = await directory(files)
  const known = ['2 drop-table', '2 drop-table', '4 drop-table']
  const calm = { exit: 'ok', found: [], known, gone: [] }
  expect(await linted(cwd, { update: true })).toEqual(calm)
  expect(await linted(cwd)).toEqual(calm)
  expect(await read(cwd)).toMatchInlineSnapshot(`
    "{
      "version": 1,
      "findings": [
        {"migration":"2","rule":"drop-table","fingerprint":"6eb01130a26a9e444d33083586606d8e"},
        {"migration":"2","rule":"drop-table","fingerprint":"d72917fc33c174a0e031663c8cad3acd"},
        {"migration":"4","rule":"drop-table","fingerprint":"6ee8b085f87782253d01750e48af9ccd"}
      ]
    }
    "
  `)
})

test('lines, comments and the case of keywords may change; the statement may not', async () => {
  const cwd = await directory(files)
  await linted(cwd, { update: true })
  await change(cwd, 'db/4.sql', '-- why\r\n\r\nDROP   TABLE a /* gone */;\r\n')
  expect(await linted(cwd)).toMatchObject({ exit: 'ok', found: [], gone: [] })
  await change(cwd, 'db/4.sql', 'drop table a cascade;\n')
  expect(await linted(cwd)).toMatchObject({ exit: 'no', found: ['4 drop-table'], gone: ['4 drop-table'] })
})

test('it does not grow: another finding of the same kind fails, also when it is written again', async () => {
  const cwd = await directory(files)
  await linted(cwd, { update: true })
  const before = await read(cwd)
  await change(cwd, 'db/2.sql', 'drop table books;\ndrop table books;\ndrop table books;\n')
  await change(cwd, 'db/5.sql', 'drop table b;\n')
  const seen = { exit: 'no', found: ['2 drop-table', '5 drop-table'] }
  expect(await linted(cwd)).toMatchObject(seen)
  expect(await linted(cwd, { update: true })).toMatchObject(seen)
  expect(await read(cwd)).toBe(before)
})

test('entries that are gone are said, and taken out when asked; those of files that were not judged stay', async () => {
  const cwd = await directory(files)
  await linted(cwd, { update: true })
  await change(cwd, 'db/4.sql', 'select 1;\n')
  await change(cwd, 'db/2.sql', 'drop table books;\n')
  expect(await linted(cwd)).toMatchObject({ exit: 'ok', gone: ['2 drop-table', '4 drop-table'] })
  expect(await linted(cwd, { update: true, paths: ['db/4.sql'] })).toMatchObject({ gone: [] })
  expect(await linted(cwd)).toMatchObject({ exit: 'ok', gone: ['2 drop-table'] })
})

test('the configuration may name it, from its own directory', async () => {
  const cwd = await directory({ ...files, 'migrate.config.json': '{ "lint": { "baseline": "known.json" } }' })
  await linted(cwd, { update: true })
  await mkdir(join(cwd, 'deep'))
  const toolkit = await createToolkit({
    cwd: join(cwd, 'deep'),
    env: {},
    config: '../migrate.config.json',
    layout: 'plain',
    log: silentLog,
  })
  const { exit, report } = await toolkit.lint({ paths: ['../db'] })
  expect({ exit, path: report.baseline?.path }).toEqual({ exit: 'ok', path: '../known.json' })
})

test.each([
  ['no file', {}, {}],
  ['no JSON', { 'known.json': '{' }, {}],
  ['another version', { 'known.json': '{ "version": 2, "findings": [] }' }, {}],
  ['an entry without a part', { 'known.json': '{ "version": 1, "findings": [{ "rule": "drop-table" }] }' }, {}],
])('%s', async (_, more, asked) => {
  expect(await linted(await directory({ ...files, ...more }), asked)).toMatchSnapshot()
})
