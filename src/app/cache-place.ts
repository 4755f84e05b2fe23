import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseJson, textField } from '../core/json.ts'

/**
 * How the files begin in which what is found out about a project is kept: they lie below its `node_modules`, as tools of that world do, else in the
 * user's cache folder. Undefined for a program that was not built, whose parts may change from run to run.
 */
export function cacheStart(root: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const stamp = stampOf()
  if (stamp === undefined) return undefined
  const modules = join(root, 'node_modules')
  const own = createHash('sha256').update(resolve(root)).digest('hex').slice(0, 16)
  const folder = existsSync(modules)
    ? join(modules, '.cache/lockstep')
    : join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lockstep/lint', own)
  return join(folder, `lint-${stamp}`)
}

/** The hash over the built program, which `npm run build` leaves beside it. */
function stampOf(): string | undefined {
  const file = fileURLToPath(new URL('../stamp.json', import.meta.url))
  return existsSync(file) ? textField(parseJson(readFileSync(file, 'utf8')), 'stamp') : undefined
}
