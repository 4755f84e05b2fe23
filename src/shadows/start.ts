import { ToolkitError } from '../core/errors.ts'
import { listOf } from '../core/text.ts'
import { installCommand } from './install-hint.ts'
import { lacking } from './lacking.ts'
import type { Shadow, ShadowOptions, ShadowServer } from './shadow.ts'

/** The server that was taken, and why those before it were not. */
export interface StartedShadow extends ShadowServer {
  /** Member of the catalogue. */
  readonly id: string
  /** `local: local PostgreSQL 18.4 has no extension postgis`. */
  readonly passedOver: readonly string[]
}

/**
 * Starts the first source of scratch databases, by rank, that can be had here and has the major version and the
 * extensions that are wanted. A server that is named with --shadow-url is wanted: where it cannot be used, no other
 * takes its place in silence.
 *
 * @throws ToolkitError `shadow-unavailable`, `shadow-refused`
 */
export async function startShadow(shadows: readonly Shadow[], options: ShadowOptions): Promise<StartedShadow> {
  const inOrder = shadows.toSorted((a, b) => a.rank - b.rank)
  const wanted = options.url === undefined ? inOrder : inOrder.filter(({ id }) => id === 'url')
  const reasons: { readonly id: string; readonly reason: string }[] = []
  for (const shadow of wanted) {
    options.signal?.throwIfAborted()
    const answer = await attempt(shadow, options)
    if (typeof answer !== 'string') {
      // That no server was named is nobody's surprise.
      const passedOver = reasons.filter(({ id }) => id !== 'url' || options.url !== undefined)
      return { ...answer, id: shadow.id, passedOver: passedOver.map(said) }
    }
    options.log.info({ shadow: shadow.id }, `passed over: ${answer}`)
    reasons.push({ id: shadow.id, reason: answer })
  }
  throw unavailable(reasons.map(said), options)
}

/** The server, or why it cannot be had. */
async function attempt(shadow: Shadow, options: ShadowOptions): Promise<ShadowServer | string> {
  const answer = await shadow.available(options)
  if (!answer.available) return answer.reason
  try {
    const server = await shadow.start(options)
    // Some only tell what they have when they run.
    const reason = lacking(options, server)
    if (reason === undefined) return server
    await server.stop()
    return reason
  } catch (error) {
    if (error instanceof ToolkitError && error.code === 'shadow-unavailable') return error.message
    throw error
  }
}

function said({ id, reason }: { readonly id: string; readonly reason: string }): string {
  return `${id}: ${reason}`
}

function unavailable(reasons: readonly string[], options: ShadowOptions): ToolkitError {
  const { extensions = [], major } = options
  const version = major === undefined ? '' : ` of PostgreSQL ${major}`
  const having = extensions.length === 0 ? '' : ` with the extensions of the history (${listOf(extensions)})`
  return new ToolkitError({
    code: 'shadow-unavailable',
    message: `No scratch database${version}${having} can be had.`,
    details: reasons.join('\n'),
    hint: hintFor(options),
  })
}

function hintFor({ extensions = [], url, major }: ShadowOptions): string {
  if (url !== undefined)
    return 'Correct --shadow-url, or leave it out to use server binaries of the machine or of npm packages.'
  if (extensions.length > 0) {
    return 'Name a container image that has them as shadow.image in the configuration (postgis/postgis:18-3.6, pgvector/pgvector:pg18), install them for the server of this machine, or name an empty database of a server that has them with --shadow-url.'
  }
  return `${installCommand(major)}, or name an empty database of a server for tests with --shadow-url.`
}
