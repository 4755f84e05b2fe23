import { homedir } from 'node:os'
import { join } from 'node:path'
import { ToolkitError } from '../core/errors.ts'
import { suggestion } from '../core/text.ts'
import type { ParsedMigration } from '../model/migration.ts'
import type { TargetFacts } from '../model/server-facts.ts'
import { shadows } from '../shadows/registry.gen.ts'
import type { ShadowOptions } from '../shadows/shadow.ts'
import { startShadow } from '../shadows/start.ts'
import type { StartedShadow } from '../shadows/start.ts'
import type { Context } from './context.ts'
import { databaseUrlIfAny } from './database-url.ts'
import { targetFacts } from './target-facts.ts'

/** Which scratch server a command asked for; what is absent is taken from the configuration. */
export interface ShadowRequest {
  /** The kind of scratch server. */
  readonly shadow?: string | undefined
  readonly shadowUrl?: string | undefined
  /** Major version of the scratch server. */
  readonly target?: number | undefined
  /** A file of `migrate snapshot`: of the target its version is in it. */
  readonly snapshot?: string | undefined
  /** Aborted when the run is to end. */
  readonly signal?: AbortSignal | undefined
  /** Told what takes long. */
  readonly onProgress?: ((text: string) => void) | undefined
}

/**
 * Does `work` on the scratch server that was asked for, else on the first that can be had and has what `history` needs.
 * It is stopped however that ends, a signal included.
 *
 * @throws ToolkitError `shadow-unavailable`, `shadow-refused`, `command-invalid`, `interrupted`, `terminated`
 */
export async function onShadow<T>(
  context: Context,
  { request, history }: { readonly request: ShadowRequest; readonly history: readonly ParsedMigration[] },
  work: (server: StartedShadow) => Promise<T>,
): Promise<T> {
  const { signal } = request
  let server: StartedShadow | undefined
  try {
    server = await startAsked(context, request, history)
    const started = server
    return await untilAborted(signal, () => work(started))
  } catch (error) {
    throw signal?.aborted === true ? ended(signal) : error
  } finally {
    await server?.stop()
  }
}

/** Rejects as soon as the signal says so; what the work then complains of, its server being gone, is of no interest. */
async function untilAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (signal === undefined) return work()
  signal.throwIfAborted()
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(ended(signal)), { once: true })
  })
  return Promise.race([work(), aborted])
}

function ended({ reason }: AbortSignal): ToolkitError {
  return new ToolkitError({
    code: reason instanceof ToolkitError && reason.code === 'terminated' ? 'terminated' : 'interrupted',
    message: 'The run was ended before it was done.',
    hint: 'Only scratch databases were touched, and they are removed. The same command begins anew.',
    cause: reason,
  })
}

async function startAsked(
  context: Context,
  request: ShadowRequest,
  history: readonly ParsedMigration[],
): Promise<StartedShadow> {
  const wanted = request.shadow ?? context.loaded.config.shadow.use
  const allowed = wanted === undefined ? shadows : shadows.filter(({ id }) => id === wanted)
  if (allowed.length > 0) return startShadow(allowed, await shadowOptions(context, request, history))
  throw new ToolkitError({
    code: 'command-invalid',
    message: `There is no kind of scratch server called "${wanted}".`,
    hint: suggestion(
      wanted ?? '',
      shadows.map(({ id }) => id),
    ),
  })
}

async function shadowOptions(
  context: Context,
  request: ShadowRequest,
  history: readonly ParsedMigration[],
): Promise<ShadowOptions> {
  const { shadow: configured, target: configuredTarget, url: configuredUrl, journalSchema } = context.loaded.config
  const url = request.shadowUrl ?? configured.url
  const wanted = request.target ?? configuredTarget
  const target = await targetFacts(context, { target: wanted, snapshot: request.snapshot })
  const major = wanted ?? majorOf(target)
  const targetUrl = await databaseUrlIfAny(context.url, context.env, configuredUrl)
  return {
    cacheDirectory: join(context.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lockstep'),
    searchIn: [context.loaded.root],
    log: context.log,
    journalSchema,
    target,
    extensions: extensionsOf(history),
    signal: request.signal,
    ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
    ...(configured.image === undefined ? {} : { image: configured.image }),
    ...(url === undefined ? {} : { url }),
    ...(major === undefined ? {} : { major }),
    ...(targetUrl === undefined ? {} : { targetUrl }),
  }
}

function majorOf(target: TargetFacts): number | undefined {
  if (target.known === 'major') return target.major
  return target.known === 'all' ? Math.floor(target.facts.versionNumber / 10_000) : undefined
}

/** The extensions that the history creates, each once. */
function extensionsOf(history: readonly ParsedMigration[]): readonly string[] {
  const facts = history.flatMap(({ upSql }) => upSql.statements.flatMap((statement) => statement.facts))
  return [...new Set(facts.flatMap((fact) => (fact.kind === 'create-extension' ? [fact.extension] : [])))]
}
