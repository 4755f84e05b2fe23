import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ToolkitError } from '../../core/errors.ts'
import { repositoryOf } from '../git.ts'

/** What `migrate init` found in a project. */
export interface Project {
  /** Its directory. */
  readonly root: string
  /** How it runs programs of its packages, and how a job installs them. */
  readonly packages: PackageManager
  /** Undefined where no sign of one was found. */
  readonly ci: 'github' | 'gitlab' | undefined
  readonly hook: HookPlace | undefined
  /** Where it lies in its repository: `''` or `shop/`. */
  readonly prefix: string
  /** Directory of the migrations, relative to the project. */
  readonly directory: string
  /** Whether their downgrades have proofs beside them: only migrations of our own format do. */
  readonly native: boolean
}

export interface PackageManager {
  readonly run: string
  readonly install: string
}

/** What runs before a commit: a file that may be written, or the configuration of a tool that somebody must add to. */
export type HookPlace =
  | { readonly kind: 'file'; readonly path: string; readonly shell: boolean }
  | { readonly kind: 'tool'; readonly file: string }

/** What is not installed must not be fetched: another package of that name may be what is found. */
const managers: readonly (PackageManager & { readonly file: string })[] = [
  { file: 'pnpm-lock.yaml', run: 'pnpm exec', install: 'corepack enable && pnpm install --frozen-lockfile' },
  { file: 'yarn.lock', run: 'yarn', install: 'corepack enable && yarn install --immutable' },
  { file: 'bun.lock', run: 'bunx --no-install', install: 'npm install --global bun && bun install --frozen-lockfile' },
  { file: 'package-lock.json', run: 'npx --no', install: 'npm ci' },
]
const npm: PackageManager = { run: 'npx --no', install: 'npm install' }

/** Configurations of tools that run hooks, which nobody but their owner should write into. */
const hookTools = ['lefthook.yml', 'lefthook.yaml', '.lefthook.yml', '.lefthook.yaml', '.pre-commit-config.yaml']

/** Looks at a project; changes nothing. */
export async function readProject(root: string, directory: string): Promise<Project> {
  const has = (name: string): boolean => existsSync(join(root, name))
  const repository = await repositoryOf(root).catch((error: unknown) => {
    // Without git there are no hooks and no remotes, which is no reason not to begin.
    if (error instanceof ToolkitError && error.code === 'git-failed') return undefined
    throw error
  })
  return {
    root,
    packages: managers.find(({ file }) => has(file)) ?? npm,
    // A job is only looked for at the top of a repository.
    ci: repository === undefined || repository.prefix === '' ? ciOf(has, repository?.remotes ?? '') : undefined,
    hook: hookOf(has, repository?.hooks),
    prefix: repository?.prefix ?? '',
    directory,
    native: isNative(join(root, directory)),
  }
}

function ciOf(has: (name: string) => boolean, remotes: string): Project['ci'] {
  if (has('.gitlab-ci.yml')) return 'gitlab'
  if (has('.github')) return 'github'
  if (/gitlab/i.test(remotes)) return 'gitlab'
  return /github/i.test(remotes) ? 'github' : undefined
}

function hookOf(has: (name: string) => boolean, hooks: string | undefined): HookPlace | undefined {
  if (has('.husky')) return { kind: 'file', path: '.husky/pre-commit', shell: false }
  const file = hookTools.find(has)
  if (file !== undefined) return { kind: 'tool', file }
  return hooks === undefined ? undefined : { kind: 'file', path: join(hooks, 'pre-commit'), shell: true }
}

/** A directory that is yet to be made holds our own format; one that is there, where a file of it says so. */
function isNative(directory: string): boolean {
  if (!existsSync(directory)) return true
  const files = readdirSync(directory).filter((name) => !name.startsWith('.'))
  const marked = (name: string): boolean =>
    name.endsWith('.sql') && /^--\s*migrate:up/m.test(readFileSync(join(directory, name), 'utf8'))
  return files.length === 0 || files.some(marked)
}
