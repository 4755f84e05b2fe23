import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { parseJson } from '../core/json.ts'
import type { Job, Report } from './protocol.ts'

export interface ChildRequest {
  readonly job: Job
  /** Arguments for Node. */
  readonly loader: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds without a word after which it is ended. */
  readonly patience: number
}

/** Everything that the process said, and in a sentence how it ended. */
export interface ChildResult {
  readonly reports: readonly Report[]
  readonly end: string
}

/** Starts the process that runs programs, waits for it and ends it. */
export async function runChild({ job, loader, cwd, env, patience }: ChildRequest): Promise<ChildResult> {
  // Joined with other modules or not, this one lies beside the directory of that one, which the build joins by itself.
  const ending = extname(import.meta.url) === '.ts' ? '.ts' : '.js'
  const entry = fileURLToPath(new URL(`../record/child${ending}`, import.meta.url))
  const child = spawn(process.execPath, ['--enable-source-maps', '--no-warnings', ...loader, entry], {
    cwd,
    env: passedOn(env),
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const closed = once(child, 'close')
  let errors = ''
  child.stderr?.on('data', (bytes: Buffer) => {
    errors = `${errors}${bytes.toString()}`.slice(-maxErrors)
  })
  // A process that died at once is told by how it ended.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(JSON.stringify(job))
  let isLate = false
  const waitFor = (time: number): NodeJS.Timeout =>
    setTimeout(() => {
      isLate = true
      child.kill('SIGKILL')
    }, time)
  let timer = waitFor(Math.max(patience, startTime))
  const reports: Report[] = []
  const [, , , answers] = child.stdio
  if (answers instanceof Readable) {
    for await (const line of createInterface({ input: answers })) {
      clearTimeout(timer)
      timer = waitFor(patience)
      const said = parseJson(line)
      if (isReport(said)) reports.push(said)
      if (reports.at(-1)?.kind === 'done') break
    }
  }
  child.kill('SIGKILL')
  await closed
  clearTimeout(timer)
  const end = isLate
    ? `it said nothing for ${Math.round(patience / 1000)} seconds and was ended`
    : (errorIn(errors) ?? 'the process that it ran in ended')
  return { reports, end }
}

const maxErrors = 20_000

/** Milliseconds in which the process and its loader have to be there, also on a machine that is busy. */
const startTime = 60_000

/** What a program may know of its surroundings: nothing that names a database or opens one. */
const passed = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'SystemRoot',
  'TEMP',
  'TMP',
  'TMPDIR',
  'LANG',
  'LC_ALL',
  'TZ',
  'NODE_ENV',
]

function passedOn(env: ChildRequest['env']): Record<string, string> {
  return Object.fromEntries(passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}

/** The error that Node prints when it ends a process. */
function errorIn(printed: string): string | undefined {
  return printed.split('\n').findLast((line) => /^(?:\w+ )?\w*Error\b.*:/.test(line))
}

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'kind' in value
}
