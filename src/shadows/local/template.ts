import { createHash } from 'node:crypto'
import { access, cp, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sweepUnfinished, unfinishedName } from '../unfinished.ts'
import type { ServerBinaries } from './binaries.ts'
import { programName } from './platform.ts'
import { runProgram } from './program.ts'
import type { ServerUser } from './user.ts'

/** No socket, no password: only who can enter the server's own directory can connect. */
const initdbArguments = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--wal-segsize=1']

export interface TemplateContext {
  readonly binaries: ServerBinaries
  readonly user: ServerUser
  readonly env: NodeJS.ProcessEnv
  readonly cacheDirectory: string
}

/**
 * Puts a prepared data directory at `directory/data`. `initdb` takes a second, copying its result a tenth: so it runs
 * once for each version and the result is kept in the cache. Several processes may prepare at once; the first to
 * finish wins, and no other ever sees a half-written template.
 */
export async function prepareData(directory: string, context: TemplateContext): Promise<string> {
  const data = join(directory, 'data')
  const template = join(context.cacheDirectory, templateName(context.binaries))
  if (await exists(join(template, 'PG_VERSION'))) await copy(template, data, context.user)
  else {
    await initialise(data, directory, context)
    await keep(data, template)
  }
  return data
}

function templateName({ version, source }: ServerBinaries): string {
  const options = createHash('sha256').update(initdbArguments.join(' ')).digest('hex').slice(0, 8)
  return `postgres-${version}-${source}-${process.arch}-${options}`
}

async function initialise(data: string, cwd: string, { binaries, user, env }: TemplateContext): Promise<void> {
  const initdb = join(binaries.bin, programName('initdb'))
  const [program = initdb, ...rest] = [...user.prefix, initdb, '-D', data, ...initdbArguments]
  await runProgram(program, rest, { env, cwd, ...user.spawn })
}

/** Copied beside its place and then renamed, which is one step; a template that is there already stays. */
async function keep(data: string, template: string): Promise<void> {
  const building = unfinishedName(template)
  try {
    await mkdir(join(template, '..'), { recursive: true })
    await sweepUnfinished(template)
    await copyTree(data, building)
    await rename(building, template)
  } catch {
    // Another process was first, or the cache is full: this server has its data all the same.
    await rm(building, { recursive: true, force: true })
  }
}

async function copy(template: string, data: string, user: ServerUser): Promise<void> {
  await copyTree(template, data)
  if (user.owner !== undefined) await runProgram('chown', ['-R', `${user.owner}:${user.owner}`, data])
}

async function copyTree(from: string, to: string): Promise<void> {
  if (process.platform === 'win32') return cp(from, to, { recursive: true })
  const options = process.platform === 'linux' ? ['-a', '--reflink=auto'] : ['-a']
  await runProgram('cp', [...options, from, to]).catch(async () => {
    await rm(to, { recursive: true, force: true })
    // BusyBox has no --reflink.
    await runProgram('cp', ['-a', from, to])
  })
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
