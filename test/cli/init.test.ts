import { execFile } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'

const run = promisify(execFile)

interface InitReport {
  readonly files: readonly { readonly path: string; readonly state: string; readonly add?: string }[]
  readonly notes: readonly string[]
}

async function init(cwd: string, ...args: readonly string[]): Promise<InitReport> {
  const { code, stdout, stderr } = await migrate(['init', '--json', ...args], { cwd })
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

async function project(files: Readonly<Record<string, string>>, remote?: string): Promise<string> {
  const cwd = await directory(files)
  await run('git', ['init', '-q'], { cwd })
  if (remote !== undefined) await run('git', ['remote', 'add', 'origin', remote], { cwd })
  return cwd
}

const text = (cwd: string, path: string): Promise<string> => readFile(join(cwd, path), 'utf8')

describe('migrate init', () => {
  test('writes what an empty project lacks, and the second time nothing', async () => {
    const cwd = await project({ 'package-lock.json': '{}' }, 'git@github.com:some/shop.git')
    const paths = [
      'migrate.config.json',
      'migrations/.gitkeep',
      '.github/workflows/migrations.yml',
      '.git/hooks/pre-commit',
    ]
    expect((await init(cwd)).files).toEqual(paths.map((path) => ({ path, state: 'written' })))
    expect(JSON.parse(await text(cwd, 'migrate.config.json'))).toEqual({ dir: 'migrations' })
    expect(await text(cwd, '.github/workflows/migrations.yml')).toMatch(
      /run: npm ci[\s\S]*npx --no migrate lint --changed[\s\S]*npx --no migrate verify --check/,
    )
    expect((await stat(join(cwd, '.git/hooks/pre-commit'))).mode & 0o777).toBe(0o755)
    const again = await init(cwd)
    expect(again.files.map(({ path, state }) => [path, state])).toEqual(
      ['migrate.config.json', '.github/workflows/migrations.yml', '.git/hooks/pre-commit'].map((path) => [
        path,
        'kept',
      ]),
    )
    expect(again.files.map(({ add }) => add)).toEqual([undefined, undefined, undefined])
    await writeFile(join(cwd, '.git/hooks/pre-commit'), '#!/bin/sh\nnpm test\n')
    expect((await init(cwd)).files.at(-1)?.add).toContain('npx --no migrate lint --staged')
  })

  test('never overwrites, and says what to add to files of others', async () => {
    const mine = {
      'migrate.config.mjs': 'export default {}\n',
      '.gitlab-ci.yml': 'build: {}\n',
      'lefthook.yml': 'a: 1\n',
      'pnpm-lock.yaml': '',
    }
    const cwd = await project(mine)
    const { files, notes } = await init(cwd)
    expect(files).toEqual([
      { path: 'migrate.config.mjs', state: 'kept' },
      { path: 'migrations/.gitkeep', state: 'written' },
      { path: '.gitlab/migrations.yml', state: 'written' },
    ])
    expect(notes).toEqual([
      'Add to .gitlab-ci.yml:  include: { local: .gitlab/migrations.yml }',
      expect.stringContaining('Add to lefthook.yml'),
    ])
    for (const [path, before] of Object.entries(mine)) expect(await text(cwd, path)).toBe(before)
    expect(await text(cwd, '.gitlab/migrations.yml')).toContain('pnpm exec migrate verify --check')
  })

  test('takes the directory of another tool as it is, and asks for no proofs that are not kept there', async () => {
    const sql = '-- +goose Up\ncreate table t (id int);\n-- +goose Down\ndrop table t;\n'
    const cwd = await project({ 'db/migrations/00001_t.sql': sql, '.gitlab-ci.yml': 'migrate lint' })
    expect((await init(cwd, '--layout', 'goose')).files).toContainEqual({ path: '.gitlab-ci.yml', state: 'kept' })
    expect(JSON.parse(await text(cwd, 'migrate.config.json'))).toEqual({ dir: 'db/migrations', layout: 'goose' })
    expect((await migrate(['lint'], { cwd })).code).toBe(0)
  })

  test('in a part of a repository writes the hook for that part, and no job where none is looked for', async () => {
    const top = await project({ 'shop/package.json': '{}', '.github/keep': '' })
    const { files, notes } = await init(join(top, 'shop'))
    expect(files.map(({ path }) => path)).toEqual([
      'migrate.config.json',
      'migrations/.gitkeep',
      '../.git/hooks/pre-commit',
    ])
    expect(notes).toEqual([expect.stringContaining('No CI system was recognised')])
    expect(await text(top, '.git/hooks/pre-commit')).toContain('cd shop/ && ')
  })

  test('without git writes no hook, and says so', async () => {
    const { files, notes } = await init(await directory({}))
    expect(files.map(({ path }) => path)).toEqual(['migrate.config.json', 'migrations/.gitkeep'])
    expect(notes.join('\n')).toContain('no git repository')
  })
})

test('the hook lets commits without migrations pass, and stops one that lint refuses', async () => {
  const cwd = await project({
    'migrations/1_t.sql': '-- migrate:up\ncreate index i on t (id);\n-- migrate:down\ndrop index i;\n',
  })
  await init(cwd)
  const hook = await text(cwd, '.git/hooks/pre-commit')
  expect(hook).toContain('npx --no migrate lint --staged')
  // The package is not installed there: its command is put into the hook instead.
  const bin = join(import.meta.dirname, '../../bin/migrate.js')
  await writeFile(
    join(cwd, '.git/hooks/pre-commit'),
    hook.replace('npx --no migrate', `"${process.execPath}" "${bin}"`),
  )
  const commit = async (...paths: readonly string[]): Promise<string> => {
    await run('git', ['add', ...paths], { cwd })
    const who = ['-c', 'user.name=tester', '-c', 'user.email=tester@example.org']
    return run('git', [...who, 'commit', '-qm', 'one'], { cwd }).then(
      () => 'committed',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
  }
  expect(await commit('migrate.config.json')).toBe('committed')
  expect(await commit('migrations')).toContain('create-index-without-concurrently')
})
