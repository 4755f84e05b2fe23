import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { messageOf, ToolkitError } from '../core/errors.ts'
import { textField } from '../core/json.ts'

/** Bytes of one answer of git; a staged migration is a file that somebody wrote. */
const maxAnswer = 256 * 1024 * 1024

/** Where a branch is compared from, when nobody says: the first that there is. */
const usualBases = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master']

/** Paths from the start of the file system, as git knows them. */
export type Paths = ReadonlySet<string>

/**
 * Files that were added or changed since the branch left `base`, with what is not committed yet and what git does not
 * track. What was deleted is not in it; a renamed file is a new one.
 *
 * @throws ToolkitError `git-failed` without a repository, without `base`, or without a common ancestor
 */
export async function changedPaths(cwd: string, base: string | undefined): Promise<Paths> {
  const from = base ?? (await usualBase(cwd))
  return (await changedAtOnce(cwd, from)) ?? changedOneByOne(cwd, from)
}

/** With three processes at once; undefined where one of them fails. */
async function changedAtOnce(cwd: string, base: string): Promise<Paths | undefined> {
  if (base.startsWith('-')) return undefined
  const [top, ...lists] = await Promise.all([
    git(cwd, ['rev-parse', '--show-toplevel'], 'may fail'),
    // Unknown before git 2.30.
    git(cwd, ['diff', '--no-relative', ...diffOptions, '--merge-base', base, '--'], 'may fail'),
    git(cwd, ['ls-files', ...untrackedOptions, '--full-name', ':/'], 'may fail'),
  ])
  if (top.failed !== undefined || lists.some(({ failed }) => failed !== undefined)) return undefined
  return fullPaths(withoutBreak(top.text), lists.flatMap(namesIn))
}

/** One after the other, so that what fails is known. */
async function changedOneByOne(cwd: string, base: string): Promise<Paths> {
  const top = await topOf(cwd)
  const ancestor = await ancestorOf(top, base)
  const changed = await names(top, ['diff', ...diffOptions, ancestor, '--'])
  return fullPaths(top, [...changed, ...(await names(top, ['ls-files', ...untrackedOptions]))])
}

const diffOptions = ['--name-only', '-z', '--no-renames', '--diff-filter=d'] as const
const untrackedOptions = ['--others', '--exclude-standard', '-z'] as const

function fullPaths(top: string, names: readonly string[]): Paths {
  return new Set(names.map((name) => join(top, name)))
}

/** What the next commit would hold. */
export interface Staged {
  /** Files that it would add or change. */
  readonly changed: Paths
  /** Every file that it would hold. */
  readonly all: Paths
  /** Files whose text on disk is another, or that are gone from there. */
  readonly different: Paths
  /** The text that it would hold. */
  bytes(path: string): Promise<Uint8Array>
}

export interface Repository {
  /** Directory of the hooks, from the start of the file system. */
  readonly hooks: string
  /** The project's directory below the top of the repository: `''` or `shop/`. */
  readonly prefix: string
  /** The addresses that it is kept at, as the configuration has them. */
  readonly remotes: string
}

/** What a project's repository says of where it is kept and what it runs before a commit; undefined outside of one. */
export async function repositoryOf(cwd: string): Promise<Repository | undefined> {
  const { text, failed } = await git(cwd, ['rev-parse', '--show-prefix', '--git-path', 'hooks'], 'may fail')
  if (failed !== undefined) return undefined
  const [prefix = '', hooks = ''] = text.split(/\r?\n/)
  const { text: remotes } = await git(cwd, ['config', '--get-regexp', String.raw`^remote\..*\.url$`], 'may fail')
  return { hooks: resolve(cwd, hooks), prefix, remotes }
}

/** @throws ToolkitError `git-failed` */
export async function stagedState(cwd: string): Promise<Staged> {
  const top = await topOf(cwd)
  const list = async (args: readonly string[]): Promise<Paths> => fullPaths(top, await names(top, args))
  return {
    changed: await list(['diff', '--cached', ...diffOptions]),
    all: await list(['ls-files', '-z']),
    different: await list(['diff', '--name-only', '-z', '--no-renames']),
    bytes: async (path) => (await git(top, ['cat-file', 'blob', `:0:${path.slice(top.length + 1)}`])).bytes,
  }
}

async function topOf(cwd: string): Promise<string> {
  const { text, failed } = await git(cwd, ['rev-parse', '--show-toplevel'], 'may fail')
  if (failed === undefined) return withoutBreak(text)
  throw gitFailed('This is not inside a git repository.', 'Name the files instead: migrate lint FILES', failed)
}

function withoutBreak(line: string): string {
  return line.replace(/\r?\n$/, '')
}

async function usualBase(cwd: string): Promise<string> {
  const asked = usualBases.map((name) => `${name}^{commit}\n`).join('')
  const { text } = await git(cwd, ['cat-file', '--batch-check'], 'may fail', asked)
  const answers = text.split('\n')
  const found = usualBases.find((_name, index) => / commit \d+$/.test(answers[index] ?? ''))
  if (found !== undefined) return found
  await topOf(cwd)
  throw gitFailed(
    'No branch to compare with was found.',
    `Name one: --base REF. Looked for: ${usualBases.join(', ')}. A CI job may have to fetch it first.`,
  )
}

async function commitOf(top: string, name: string): Promise<string | undefined> {
  const { text, failed } = await git(top, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`], 'may fail')
  return failed === undefined ? text.trim() : undefined
}

/** The commit at which the branch left `base`. */
async function ancestorOf(top: string, base: string): Promise<string> {
  const commit = base.startsWith('-') ? undefined : await commitOf(top, base)
  if (commit === undefined) {
    throw gitFailed(
      `git knows no commit "${base}".`,
      'Name a branch, tag or commit that was fetched: git fetch origin main',
    )
  }
  const { text, failed } = await git(top, ['merge-base', commit, 'HEAD'], 'may fail')
  if (failed === undefined) return text.trim()
  const shallow = (await git(top, ['rev-parse', '--is-shallow-repository'], 'may fail')).text.trim() === 'true'
  throw gitFailed(
    `"${base}" and the current commit have no common ancestor${shallow ? ' in this shallow clone' : ''}.`,
    shallow
      ? 'Fetch the whole history: git fetch --unshallow (GitHub: actions/checkout with fetch-depth: 0; GitLab: GIT_DEPTH: 0).'
      : 'Name another commit with --base REF.',
    failed,
  )
}

async function names(top: string, args: readonly string[]): Promise<readonly string[]> {
  return namesIn(await git(top, args))
}

function namesIn({ text }: GitAnswer): readonly string[] {
  return text.split('\0').filter((name) => name !== '')
}

interface GitAnswer {
  readonly bytes: Uint8Array
  readonly text: string
  /** What was thrown where git said no. */
  readonly failed: unknown
}

/** Runs git itself, never a shell: names in a repository may hold anything. */
async function git(
  cwd: string,
  args: readonly string[],
  fails: 'may fail' | 'must not' = 'must not',
  input?: string,
): Promise<GitAnswer> {
  try {
    // Asked for here, because loading it takes some milliseconds, which most commands need not wait for.
    const { execFile } = await import('node:child_process')
    const running = promisify(execFile)('git', ['--no-optional-locks', ...args], {
      cwd,
      encoding: 'buffer',
      maxBuffer: maxAnswer,
    })
    // A process that ends before it has read everything is told by how it ended.
    running.child.stdin?.on('error', () => undefined).end(input)
    const { stdout } = await running
    return { bytes: stdout, text: stdout.toString('utf8'), failed: undefined }
  } catch (error) {
    if (textField(error, 'code') === 'ENOENT')
      throw gitFailed('The program git was not found.', 'Install git, or name the files: migrate lint FILES', error)
    if (fails === 'may fail') return { bytes: new Uint8Array(), text: '', failed: error }
    throw gitFailed(`git ${args[0] ?? ''} failed: ${messageOf(error)}`, 'Look at: git status', error)
  }
}

function gitFailed(message: string, hint: string, cause?: unknown): ToolkitError {
  return new ToolkitError({ code: 'git-failed', message, hint, ...(cause === undefined ? {} : { cause }) })
}
