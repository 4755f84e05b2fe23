import { homedir } from 'node:os'
import { join } from 'node:path'
import { ToolkitError } from '../core/errors.ts'
import { suggestion } from '../core/text.ts'
import { chooseShadow } from '../shadows/choose.ts'
import { shadows } from '../shadows/registry.gen.ts'
import type { ShadowOptions, ShadowServer } from '../shadows/shadow.ts'
import type { Context } from './context.ts'
import { databaseUrlIfAny } from './database-url.ts'

/** Which scratch server a command asked for; what is absent is taken from the configuration. */
export interface ShadowRequest {
  /** The kind of scratch server. */
  readonly shadow?: string | undefined
  readonly shadowUrl?: string | undefined
  /** Major version of the scratch server. */
  readonly target?: number | undefined
}

/**
 * Starts the scratch server that was asked for, else the first that can be had. The caller stops it.
 *
 * @throws ToolkitError `shadow-unavailable`, `shadow-refused`, `command-invalid`
 */
export async function startShadow(context: Context, request: ShadowRequest): Promise<ShadowServer> {
  const options = await shadowOptions(context, request)
  const wanted = request.shadow ?? context.loaded.config.shadow.use
  const allowed = wanted === undefined ? shadows : shadows.filter(({ id }) => id === wanted)
  if (allowed.length > 0) return (await chooseShadow(allowed, options)).start(options)
  throw new ToolkitError({
    code: 'command-invalid',
    message: `There is no kind of scratch server called "${wanted}".`,
    hint: suggestion(
      wanted ?? '',
      shadows.map(({ id }) => id),
    ),
  })
}

async function shadowOptions(context: Context, request: ShadowRequest): Promise<ShadowOptions> {
  const { shadow: configured, target, url: configuredUrl } = context.loaded.config
  const url = request.shadowUrl ?? configured.url
  const major = request.target ?? target
  const targetUrl = await databaseUrlIfAny(context.url, context.env, configuredUrl)
  return {
    cacheDirectory: join(context.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lockstep'),
    searchIn: [context.loaded.root],
    log: context.log,
    ...(url === undefined ? {} : { url }),
    ...(major === undefined ? {} : { major }),
    ...(targetUrl === undefined ? {} : { targetUrl }),
  }
}
