import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { createToolkit, ToolkitError } from '../../src/index.ts'
import { directory } from '../support/cli.ts'

/** A repository with a first migration on `main`, and a branch `work` checked out. */
async function repository(): Promise<string> {
  const cwd = await directory({ 'db/1.sql': 'create table books (id bigint primary key, title text);\n' })
  git(cwd, 'init', '-q', '-b', 'main')
  commit(cwd)
  git(cwd, 'checkout', '-q', '-b', 'work')
  return cwd
}

function git(cwd: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=Tester', '-c', 'user.email=tester@example.com', '-c', 'commit.gpgsign=false']
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function commit(cwd: string): void {
  git(cwd, 'add', '-A')
  git(cwd, 'commit', '-q', '-m', 'x', '--allow-empty')
}

async function put(cwd: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true })
    await writeFile(join(cwd, path), text)
  }
}

type Scope = Parameters<Awaited<ReturnType<typeof createToolkit>>['lint']>[0]

/** `path rule` of every finding, with the number of files that were judged in front; or the error. */
async function linted(cwd: string, scope: Omit<Scope, 'paths'>, paths: readonly string[] = ['db']): Promise<unknown> {
  const toolkit = await createToolkit({ cwd, env: {}, config: false, layout: 'plain', log: silentLog })
  try {
    const { report } = await toolkit.lint({ paths, ...scope })
    return [report.files, ...report.findings.map(({ file, rule }) => `${file.path} ${rule}`)]
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error
    return { code: error.code, message: error.message, hint: error.hint }
  }
}

const index = 'create index on books (title);\n'
const drop = 'drop table books;\n'
const foundIndex = 'create-index-without-concurrently'

describe('--changed', () => {
  test('reports on what the branch added, committed or not, and takes the rest as history', async () => {
    const cwd = await repository()
    expect(await linted(cwd, { changed: {} })).toEqual([0])
    await put(cwd, { 'db/2.sql': index })
    expect(await linted(cwd, { changed: {} })).toEqual([1, `db/2.sql ${foundIndex}`])
    git(cwd, 'add', '-A')
    expect(await linted(cwd, { changed: {} })).toEqual([1, `db/2.sql ${foundIndex}`])
    commit(cwd)
    await put(cwd, { 'db/3.sql': drop })
    expect(await linted(cwd, { changed: { base: 'main' } })).toEqual([
      2,
      `db/2.sql ${foundIndex}`,
      'db/3.sql drop-table',
    ])
    expect(await linted(cwd, { changed: { base: 'HEAD' } })).toEqual([1, 'db/3.sql drop-table'])
  })

  test('counts from where the branch left, whatever came to main since', async () => {
    const cwd = await repository()
    await put(cwd, { 'db/3.sql': drop })
    commit(cwd)
    git(cwd, 'checkout', '-q', 'main')
    await put(cwd, { 'db/2.sql': index })
    commit(cwd)
    git(cwd, 'checkout', '-q', 'work')
    git(cwd, '-c', 'core.editor=true', 'merge', '-q', 'main')
    expect(await linted(cwd, { changed: {} })).toEqual([1, 'db/3.sql drop-table'])
  })

  test('a renamed file is a new one; a deleted one is none; an ignored one is not there', async () => {
    const cwd = await repository()
    await put(cwd, { 'db/2.sql': index, 'db/3.sql': drop, '.gitignore': 'ignored*\n' })
    commit(cwd)
    git(cwd, 'checkout', '-q', '-b', 'more')
    await rename(join(cwd, 'db/2.sql'), join(cwd, 'db/2 b.sql'))
    await rm(join(cwd, 'db/3.sql'))
    await put(cwd, { 'db/ignored.sql': drop })
    expect(await linted(cwd, { changed: { base: 'work' } })).toEqual([1, `db/2 b.sql ${foundIndex}`])
  })

  test('names with line feeds, quotes and letters of any language', async () => {
    const cwd = await repository()
    await put(cwd, { 'db/2 "ü\n標題.sql': index })
    expect(await linted(cwd, { changed: {} })).toEqual([1, `db/2 "ü\n標題.sql ${foundIndex}`])
  })

  test('from a directory inside, and through a link', async () => {
    const cwd = await repository()
    await put(cwd, { 'db/2.sql': index })
    expect(await linted(join(cwd, 'db'), { changed: {} }, ['.'])).toEqual([1, `2.sql ${foundIndex}`])
    const other = mkdtempSync(join(tmpdir(), 'migrate-link-'))
    onTestFinished(() => rmSync(other, { recursive: true }))
    await symlink(cwd, join(other, 'link'))
    expect(await linted(join(other, 'link'), { changed: {} })).toEqual([1, `db/2.sql ${foundIndex}`])
  })

  test('what a remote calls its main branch comes first', async () => {
    const origin = await repository()
    git(origin, 'branch', '-m', 'main', 'trunk')
    git(origin, 'checkout', '-q', 'trunk')
    const clone = await directory({})
    git(clone, 'clone', '-q', origin, 'copy')
    const cwd = join(clone, 'copy')
    await put(cwd, { 'db/2.sql': index })
    expect(await linted(cwd, { changed: {} })).toEqual([1, `db/2.sql ${foundIndex}`])
  })

  test('a shallow clone without the common ancestor says how to fetch it', async () => {
    const origin = await repository()
    await put(origin, { 'db/2.sql': index })
    commit(origin)
    git(origin, 'checkout', '-q', 'main')
    await put(origin, { 'db/3.sql': drop })
    commit(origin)
    const clone = await directory({})
    git(clone, 'clone', '-q', '--depth', '1', '--branch', 'work', '--no-single-branch', `file://${origin}`, 'copy')
    expect(await linted(join(clone, 'copy'), { changed: { base: 'origin/main' } })).toMatchInlineSnapshot(`
      {
        "code": "git-failed",
        "hint": "Fetch the whole history: git fetch --unshallow (GitHub: actions/checkout with fetch-depth: 0; GitLab: GIT_DEPTH: 0).",
        "message": ""origin/main" and the current commit have no common ancestor in this shallow clone.",
      }
    `)
  })

  test('without a repository, and with a base that there is not', async () => {
    const none = await directory({ 'db/1.sql': index })
    const cwd = await repository()
    git(cwd, 'branch', '-m', 'main', 'other')
    expect([
      await linted(none, { changed: {} }),
      await linted(cwd, { changed: { base: 'nowhere' } }),
      await linted(cwd, { changed: { base: '--output=x' } }),
      await linted(cwd, { changed: {} }),
      await linted(cwd, { changed: {}, staged: true }),
    ]).toMatchInlineSnapshot(`
      [
        {
          "code": "git-failed",
          "hint": "Name the files instead: migrate lint FILES",
          "message": "This is not inside a git repository.",
        },
        {
          "code": "git-failed",
          "hint": "Name a branch, tag or commit that was fetched: git fetch origin main",
          "message": "git knows no commit "nowhere".",
        },
        {
          "code": "git-failed",
          "hint": "Name a branch, tag or commit that was fetched: git fetch origin main",
          "message": "git knows no commit "--output=x".",
        },
        {
          "code": "git-failed",
          "hint": "Name one: --base REF. Looked for: origin/HEAD, origin/main, origin/master, main, master. A CI job may have to fetch it first.",
          "message": "No branch to compare with was found.",
        },
        {
          "code": "command-invalid",
          "hint": "In a hook before a commit: --staged. In a pipeline: --changed --base REF.",
          "message": "--changed and --staged exclude each other.",
        },
      ]
    `)
  })
})

describe('--staged', () => {
  test('judges the text that would be committed, not the one on disk', async () => {
    const cwd = await repository()
    await put(cwd, { 'db/2.sql': index, 'db/3.sql': drop })
    git(cwd, 'add', 'db/2.sql')
    await put(cwd, { 'db/2.sql': 'select 1;\n' })
    expect(await linted(cwd, { staged: true })).toEqual([1, `db/2.sql ${foundIndex}`])
  })

  test('history is as it would be committed too', async () => {
    const cwd = await repository()
    await put(cwd, { 'db/1.sql': 'select 1;\n', 'db/2.sql': index })
    git(cwd, 'add', 'db/2.sql')
    await rm(join(cwd, 'db/1.sql'))
    expect(await linted(cwd, { staged: true })).toEqual([1, `db/2.sql ${foundIndex}`])
  })

  test('a staged file that is gone from disk is judged; a staged deletion is none', async () => {
    const cwd = await repository()
    await put(cwd, { 'db/2.sql': index })
    git(cwd, 'add', '-A')
    await rm(join(cwd, 'db/2.sql'))
    expect(await linted(cwd, { staged: true })).toEqual([1, `db/2.sql ${foundIndex}`])
    git(cwd, 'rm', '-q', '--cached', 'db/2.sql')
    expect(await linted(cwd, { staged: true })).toEqual([0])
  })

  test('before the first commit', async () => {
    const cwd = await directory({
      'db/1.sql': 'create table t (id bigint primary key);\n',
      'db/2.sql': 'drop table t;\n',
    })
    git(cwd, 'init', '-q')
    git(cwd, 'add', '-A')
    expect(await linted(cwd, { staged: true })).toEqual([2, 'db/2.sql drop-table'])
  })
})
