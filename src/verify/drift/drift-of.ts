import type { Difference } from '../../model/proof.ts'
import { compare, reordered } from '../compare.ts'
import type { Fingerprint, Unread } from '../fingerprint.ts'
import type { Residue } from '../residue.ts'
import { withRoles } from './with-roles.ts'

export interface DriftInput {
  /** What the history makes. */
  readonly expected: Fingerprint
  readonly live: Fingerprint
  readonly expectedRoles: ReadonlySet<string>
  readonly liveRoles: ReadonlySet<string>
  /** Which roles are compared: those that both servers have with `shared`. */
  readonly roles: 'none' | 'shared' | 'all'
  /** Globs over names of objects: `public.audit_*`, `table public.old`. */
  readonly ignore: readonly string[]
}

export interface Drift {
  readonly differences: readonly DriftDifference[]
  /** Differences that a pattern let pass. */
  readonly ignored: number
  /** Patterns that fit no difference. */
  readonly idle: readonly string[]
  /** Tables whose columns stand in another order. */
  readonly columnOrder: readonly string[]
}

/** Another version of an extension is a kind of its own: it changes with the server's packages, not with migrations. */
export interface DriftDifference extends Difference {
  readonly kind: 'schema' | 'extension version'
}

/** How a live database differs from what its history makes. Pure. */
export function driftOf(input: DriftInput): Drift {
  const { roles, expectedRoles, liveRoles } = input
  const compared = roles === 'all' ? undefined : roles === 'none' ? new Set<string>() : shared(liveRoles, expectedRoles)
  const [expected, live] = [withRoles(input.expected, compared), withRoles(input.live, compared)]
  const patterns = input.ignore.map((text) => ({ text, fits: glob(text) }))
  const all = compare(expected, live)
  const isIgnored = ({ object }: Difference): boolean => patterns.some(({ fits }) => fits(object))
  return {
    differences: all.filter((one) => !isIgnored(one)).map((one) => ({ ...one, kind: kindOf(one) })),
    ignored: all.filter(isIgnored).length,
    idle: patterns.filter(({ fits }) => !all.some(({ object }) => fits(object))).map(({ text }) => text),
    columnOrder: reordered(input.expected, input.live),
  }
}

/** What is said beside the differences. */
export interface DriftReport extends Drift {
  /** How many migrations ran on the scratch server. */
  readonly replayed: number
  /** False: the database has no journal, and the whole history was taken. */
  readonly journal: boolean
  /** Ids that the journal has and the directory has not. */
  readonly missing: readonly string[]
  readonly servers: { readonly live: number; readonly scratch: number }
  readonly unread: readonly Unread[]
  readonly residue: Residue
}

function shared(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...one].filter((role) => other.has(role)))
}

function kindOf({ object, change, detail }: Difference): DriftDifference['kind'] {
  const isVersion = object.startsWith('extension ') && change === 'changed' && detail.startsWith('version ')
  return isVersion ? 'extension version' : 'schema'
}

/** Whether an object, named with its kind, is one that a pattern lets differ. */
export function isIgnoredBy(patterns: readonly string[]): (object: string) => boolean {
  const fits = patterns.map(glob)
  return (object) => fits.some((one) => one(object))
}

/** Fits the object with its kind, `table public.books`, or its name alone. `*` stands for anything, `?` for one character. */
function glob(pattern: string): (object: string) => boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const fits = new RegExp(`^${source}$`, 's')
  return (object) => fits.test(object) || fits.test(nameIn(object))
}

/** `materialized view shop.counted` is `shop.counted`, `function shop.answer(integer)` stays whole behind its kind. */
function nameIn(object: string): string {
  return /^(?:[a-z]+ )+?(?=\S+$|[^ ]*\()(.*)$/s.exec(object)?.[1] ?? object.slice(object.lastIndexOf(' ') + 1)
}
