import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { messageOf } from '../../core/errors.ts'
import { formatDuration, parseDuration } from '../../core/time.ts'
import type { AfterEach } from '../../run/after-check.ts'
import type { Context } from '../context.ts'

/** Long enough for a look at an application's own health, short enough for a pipeline. */
const defaultTimeoutMs = 10_000

/** What the configuration names to ask after each migration; undefined where it names nothing. */
export function healthCheck({ loaded, env }: Context): AfterEach['healthy'] {
  const asked = loaded.config.safe.healthCheck
  if (asked === undefined) return undefined
  const { command, url, timeout } = asked
  const timeoutMs = timeout === undefined ? defaultTimeoutMs : parseDuration(timeout)
  return (migration, signal) => {
    if (url !== undefined) return askUrl(url, timeoutMs, signal)
    const about = {
      ...env,
      MIGRATE_MIGRATION: migration.id,
      MIGRATE_NAME: migration.name,
      MIGRATE_PHASE: migration.phase,
    }
    return runCommand(command ?? '', { cwd: loaded.root, env: about, timeout: timeoutMs, ...withSignal(signal) })
  }
}

function withSignal(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}

type CommandOptions = NonNullable<Parameters<typeof execFile>[2]>

/** Any 2xx is well. */
async function askUrl(url: string, timeoutMs: number, signal: AbortSignal | undefined): Promise<string | undefined> {
  const limits = [AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]
  try {
    const { ok, status } = await fetch(url, { signal: AbortSignal.any(limits) })
    return ok ? undefined : `the health check answered ${status}`
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    return isLate
      ? `the health check did not answer within ${formatDuration(timeoutMs)}`
      : `the health check could not be asked: ${causeOf(error)}`
  }
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return messageOf(cause instanceof Error ? cause : error)
}

/** The last line is what a command says at its end. */
async function runCommand(command: string, options: CommandOptions): Promise<string | undefined> {
  try {
    await promisify(execFile)('sh', ['-c', command], options)
    return undefined
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
    const said: unknown = error instanceof Error ? Reflect.get(error, 'stderr') : undefined
    const last = typeof said === 'string' ? said.trim().split('\n').at(-1) : undefined
    const how = typeof code === 'number' ? `ended with ${code}` : 'did not end in time'
    return `the health check ${how}${last === undefined || last === '' ? '' : `: ${last}`}`
  }
}
