import { readdirSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { loadGrammar } from '../dialects/postgres/grammar.ts'
import { cacheStart } from './cache-place.ts'
import type { Environment } from './database-url.ts'

/** What commands that read SQL will ask for. */
const answers: Readonly<Record<string, () => Promise<unknown>>> = {
  lint: () => import('./answers/lint.ts'),
  plan: () => import('./answers/plan.ts'),
  verify: () => import('./answers/verify.ts'),
  up: () => import('./answers/up.ts'),
  down: () => import('./answers/down.ts'),
  status: () => import('./answers/status.ts'),
}

/** How the process was started. */
interface Start {
  readonly words: readonly string[]
  readonly cwd: string
  readonly env: Environment
}

/**
 * For a command that reads SQL: begins with the grammar, which a thread of its own compiles, and loads modules meanwhile.
 * Whoever needs them awaits them and says what went wrong.
 */
export function loadAhead({ words, cwd, env }: Start): void {
  const [command] = words
  if (command === undefined || !Object.hasOwn(answers, command)) return
  // Where earlier runs are remembered, there may be nothing to read.
  const isNew = command !== 'lint' || words.includes('--no-cache') || !remembers(cwd, env)
  if (isNew) loadGrammar().catch(() => undefined)
  if (isNew && command === 'lint' && isLong(words.slice(1), cwd))
    import('./read-ahead/second-thread.ts').then(({ startAhead }) => startAhead()).catch(() => undefined)
  answers[command]?.().catch(() => undefined)
}

/** Only a guess: the configuration may say otherwise. */
function remembers(cwd: string, env: Environment): boolean {
  const start = cacheStart(cwd, env)
  if (start === undefined) return false
  try {
    return readdirSync(dirname(start)).some((name) => name.startsWith(basename(start)))
  } catch {
    return false
  }
}

/** How many files make it likely that a second thread takes less time than it costs. */
const manyFiles = 160

/** Whether so many files are named, or lie in a directory that is; only a guess as well: the configuration may name another. */
function isLong(words: readonly string[], cwd: string): boolean {
  if (words.some((word) => judgesFew.has(word))) return false
  const named = words.filter((word) => !word.startsWith('-'))
  return named.length >= manyFiles || (named.length === 0 ? ['migrations'] : named).some((path) => holdsMany(path, cwd))
}

const judgesFew: ReadonlySet<string> = new Set(['-', '--changed', '--staged', '--fix', '--url', '--snapshot', '--help'])

function holdsMany(path: string, cwd: string): boolean {
  try {
    return readdirSync(resolve(cwd, path)).length >= manyFiles
  } catch {
    return false
  }
}
