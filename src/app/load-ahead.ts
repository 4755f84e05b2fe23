import { readdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
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
  if (command !== 'lint' || words.includes('--no-cache') || !remembers(cwd, env)) loadGrammar().catch(() => undefined)
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
