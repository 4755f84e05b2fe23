import { loadGrammar } from '../dialects/postgres/grammar.ts'

/** What commands that read SQL will ask for. */
const answers: Readonly<Record<string, () => Promise<unknown>>> = {
  lint: () => import('./answers/lint.ts'),
  plan: () => import('./answers/plan.ts'),
  verify: () => import('./answers/verify.ts'),
  up: () => import('./answers/up.ts'),
  down: () => import('./answers/down.ts'),
  status: () => import('./answers/status.ts'),
}

/**
 * For a command that reads SQL: begins with the grammar, which a thread of its own compiles, and loads modules meanwhile.
 * Whoever needs them awaits them and says what went wrong.
 */
export function loadAhead(command: string | undefined): void {
  if (command === undefined || !Object.hasOwn(answers, command)) return
  loadGrammar().catch(() => undefined)
  answers[command]?.().catch(() => undefined)
}
