import { execFileSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'

const first = `exports.up = async (knex) => {
  await knex.schema.createTable('a', (table) => { table.bigIncrements('id') })
}
exports.down = async (knex) => {
  await knex.schema.dropTable('a')
}
`
const second = `exports.up = async (knex) => {
  await knex.schema.dropTable('a')
}
exports.down = (knex) => knex.raw('create table a (id bigint primary key)')
`

async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = await directory({ 'package.json': '{}', ...files })
  await mkdir(join(cwd, 'node_modules'))
  await symlink(join(import.meta.dirname, '../../node_modules/knex'), join(cwd, 'node_modules/knex'), 'dir')
  return cwd
}

async function lintIn(cwd: string, ...args: readonly string[]): Promise<unknown> {
  const { code, stdout } = await migrate(['lint', '--json', ...args], { cwd })
  if (code === 2) return stdout
  const { findings } = JSON.parse(stdout)
  return {
    code,
    findings: findings.map((one: Record<string, unknown>) =>
      [one['path'], one['line'], one['column'], one['rule']].join(' '),
    ),
  }
}

test('programs are linted like files of SQL, by the command line and in its JSON', async () => {
  const cwd = await project({ 'migrations/1_a.js': first, 'migrations/2_b.js': second })
  expect(await lintIn(cwd)).toEqual({ code: 1, findings: ['migrations/2_b.js 2 3 drop-table'] })
  const text = await migrate(['lint'], { cwd })
  expect(text.stdout).toContain(`error drop-table migrations/2_b.js:2:3
  2 │   await knex.schema.dropTable('a')
    │   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^`)
})

test('what was remembered of a program counts only while it sends the same from the same places', async () => {
  const helper = (sql: string): string => `module.exports = (knex) => knex.raw('${sql}')\n`
  const calls = "exports.up = require('../helper')\nexports.down = async () => {}\n"
  const cwd = await project({
    'migrations/1_a.js': first,
    'migrations/2_b.js': `/* knex */ ${calls}`,
    'helper.js': helper('drop table a'),
    'knexfile.js': '',
  })
  const rules = async (): Promise<unknown> => {
    const remembered = await lintIn(cwd)
    expect(remembered).toEqual(await lintIn(cwd, '--no-cache'))
    return remembered
  }
  const dropped = { code: 1, findings: ['migrations/2_b.js 1 20 drop-table', 'migrations/2_b.js 1 20 missing-down'] }
  expect([await rules(), await rules()]).toEqual([dropped, dropped])
  await writeFile(join(cwd, 'helper.js'), helper('create table b (id bigint primary key)'))
  expect(await rules()).toEqual({ code: 1, findings: ['migrations/2_b.js 1 20 missing-down'] })
  await writeFile(join(cwd, 'migrations/2_b.js'), `\n${calls}`)
  expect(await rules()).toEqual({ code: 1, findings: ['migrations/2_b.js 2 9 missing-down'] })
})

test('what would be committed and is not what lies on disk cannot be run, and counts as unknown', async () => {
  const cwd = await project({ 'migrations/1_a.js': first, 'migrations/2_b.js': second })
  execFileSync('git', ['init', '-q'], { cwd })
  execFileSync('git', ['add', 'migrations'], { cwd })
  expect(await lintIn(cwd, '--staged')).toEqual({ code: 1, findings: ['migrations/2_b.js 2 3 drop-table'] })
  await writeFile(join(cwd, 'migrations/2_b.js'), second.replace("dropTable('a')", "dropTable('b')"))
  expect(await lintIn(cwd, '--staged')).toEqual({
    code: 1,
    findings: ['migrations/2_b.js 1 9 sql-not-understood', 'migrations/2_b.js 1 9 sql-not-understood'],
  })
})

test('TypeScript needs Node to strip types, or tsx in the project', async () => {
  const program = `import type { Knex } from 'knex'
export const up = async (knex: Knex): Promise<void> => {
  await knex.schema.dropTable('a')
}
export const down = (knex: Knex) => knex.raw('create table a (id bigint primary key)')
`
  const cwd = await project({ 'package.json': '{ "type": "module" }', 'migrations/1_a.ts': program })
  const strips = 'typescript' in process.features && process.features.typescript !== false
  const needsTsx = expect.stringContaining('Install it: npm install --save-dev tsx.')
  expect(await lintIn(cwd)).toEqual(strips ? { code: 1, findings: ['migrations/1_a.ts 3 3 drop-table'] } : needsTsx)
  await symlink(join(import.meta.dirname, '../../node_modules/tsx'), join(cwd, 'node_modules/tsx'), 'dir')
  expect(await lintIn(cwd)).toEqual({ code: 1, findings: ['migrations/1_a.ts 3 3 drop-table'] })
})

test('our runner leaves them to their tool', async () => {
  const cwd = await project({ 'migrations/1_a.js': first })
  const { code, stderr } = await migrate(['up', '--url', 'postgres://127.0.0.1:1/x'], { cwd })
  expect({ code, stderr }).toMatchInlineSnapshot(`
    {
      "code": 2,
      "stderr": "error layout-not-run
      These are migrations of knex, which this program reads but does not run.
      Nothing was done.

      What works on them: migrate lint, migrate plan, migrate verify. Run them with
      their own tool.
    ",
    }
  `)
})
