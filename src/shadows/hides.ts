import { listOf } from '../core/text.ts'
import type { Collation, ServerFacts, TargetFacts } from '../model/server-facts.ts'

/** What is known of the two places, and what the migrations use. */
export interface Compared {
  readonly shadow: ServerFacts
  /** One: nothing can wait for anything there. */
  readonly sessions: 'many' | 'one'
  readonly target: TargetFacts
  /** Extensions that the history creates. */
  readonly extensions: readonly string[]
}

/** What the difference between the scratch server and the target may hide: one sentence for each difference. */
export function hides(compared: Compared): readonly string[] {
  return [...sessionsHide(compared), ...versionsHide(compared), ...detailsHide(compared)]
}

function sessionsHide({ sessions }: Compared): readonly string[] {
  if (sessions === 'many') return []
  return [
    'The scratch server has one session: nothing waits for a lock there and no timeout ends a statement, --deadline included, so what needs two sessions is not observed.',
  ]
}

function versionsHide({ shadow, target }: Compared): readonly string[] {
  const here = versionText(shadow.versionNumber)
  if (target.known === 'nothing') return []
  const major = target.known === 'major' ? target.major : majorOf(target.facts.versionNumber)
  const there = target.known === 'major' ? String(major) : versionText(target.facts.versionNumber)
  if (major !== majorOf(shadow.versionNumber)) {
    return [
      `The scratch server is PostgreSQL ${here}, the target ${there}: what the major versions do differently (grammar, locks, rewrites of tables) is not seen.`,
    ]
  }
  if (target.known === 'major' || target.facts.versionNumber === shadow.versionNumber) return []
  return [
    `The scratch server is PostgreSQL ${here}, the target ${there}: an error of the server that one of them has and the other has not is not seen.`,
  ]
}

function detailsHide(compared: Compared): readonly string[] {
  const { target, shadow } = compared
  if (target.known !== 'all') return [unknownHides(compared)]
  return [
    ...extensionsHide(compared, target.facts),
    ...collationHides(shadow, target.facts),
    ...roleHides(shadow, target.facts),
    ...settingsHide(shadow, target.facts),
  ]
}

function unknownHides({ shadow, target, extensions }: Compared): string {
  const known = target.known === 'major' ? `Only the major version ${target.major} is known` : 'Nothing is known'
  const details = [
    `PostgreSQL ${versionText(shadow.versionNumber)}`,
    `${shadow.encoding} sorted as ${collationText(shadow.collation)}`,
    shadow.superuser ? 'a superuser' : 'no superuser',
    ...extensions.map((name) => `${name} ${shadow.extensions[name] ?? 'not there'}`),
  ]
  return `${known} of the target: what differs there from the scratch server (${details.join(', ')}) is not seen. With --url they are compared.`
}

function extensionsHide({ shadow, extensions }: Compared, target: ServerFacts): readonly string[] {
  const other = extensions.filter((name) => target.extensions[name] !== shadow.extensions[name])
  return other.map((name) => {
    const there = target.extensions[name]
    const here = shadow.extensions[name] ?? 'not there'
    if (there === undefined)
      return `The extension ${name} is ${here} on the scratch server and not installed in the target: whether it can be created there is not seen.`
    return `The extension ${name} is ${here} on the scratch server and ${there} in the target: what its versions do differently is not seen.`
  })
}

function collationHides(shadow: ServerFacts, target: ServerFacts): readonly string[] {
  const [here, there] = [shadow, target].map(
    ({ encoding, collation }) => `${encoding}, sorted as ${collationText(collation)}`,
  )
  if (here === there) return []
  return [
    `Text is ${here} on the scratch server, and ${there} in the target: the order of text, which texts are equal for a unique index, and what fits a column may differ.`,
  ]
}

function roleHides(shadow: ServerFacts, target: ServerFacts): readonly string[] {
  if (shadow.superuser === target.superuser) return []
  return shadow.superuser
    ? [
        'Migrations run as a superuser on the scratch server, and not in the target: missing rights, owners and row security are not seen.',
      ]
    : [
        'Migrations do not run as a superuser on the scratch server, and do in the target: objects get another owner there.',
      ]
}

function settingsHide(shadow: ServerFacts, target: ServerFacts): readonly string[] {
  const other = Object.keys(target.settings).filter((name) => target.settings[name] !== shadow.settings[name])
  if (other.length === 0) return []
  const texts = other.map(
    (name) => `${name} (${shown(shadow.settings[name])} here, ${shown(target.settings[name])} there)`,
  )
  return [`Settings differ: ${listOf(texts)}.`]
}

function shown(value: string | undefined): string {
  return value === undefined ? 'none' : value === '' ? 'empty' : value
}

function collationText({ provider, locale }: Collation): string {
  return provider === 'libc' ? locale : `${locale} of ${provider === 'icu' ? 'ICU' : 'the built-in provider'}`
}

function versionText(versionNumber: number): string {
  return `${majorOf(versionNumber)}.${versionNumber % 10_000}`
}

function majorOf(versionNumber: number): number {
  return Math.floor(versionNumber / 10_000)
}
