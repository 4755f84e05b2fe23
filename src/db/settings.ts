import type { ConnectOptions } from './connect.ts'

/**
 * What a session is to have from its first moment, as `options` of the startup message. Not with SET: through a pooler
 * that would stay behind in a session of the server, where the application finds it.
 */
export function startSettings(given: string | undefined, { role, readOnly }: ConnectOptions): string | undefined {
  const settings = [
    ...(given === undefined || given === '' ? [] : [given]),
    ...(role === undefined ? [] : [`-c role=${role.replaceAll(/[\\\s]/g, String.raw`\$&`)}`]),
    ...(readOnly === true ? ['-c default_transaction_read_only=on'] : []),
  ]
  return settings.length === 0 ? undefined : settings.join(' ')
}
