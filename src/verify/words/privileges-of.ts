import type { Aspects, Parts } from '../fingerprint.ts'
import { noPrivileges } from '../privileges.ts'

/** How the part that tells what one role may do begins; before it may stand the part that it is about. */
export const privilegesPart = 'privileges of '

/** What the server lets PUBLIC do without being told so: use functions, types and languages, connect to the database. */
const openKinds: ReadonlySet<string> = new Set([
  'function',
  'procedure',
  'aggregate',
  'window',
  'type',
  'domain',
  'language',
  'the',
])

export interface PrivilegesOf {
  /** What the privileges are where nothing is told of them, given those on the other side. */
  ordinary(object: string, parts: Parts, other: Aspects | undefined): string
}

/** Undefined for a part that is about something else. */
export function privilegesOf(part: string): PrivilegesOf | undefined {
  const role = /(?:^|, )privileges of (.*)$/s.exec(part)?.[1]
  if (role === undefined) return undefined
  return {
    ordinary: (object, parts, other) => {
      const isOpen = role === 'public' && openKinds.has(object.split(' ')[0] ?? '')
      // Whoever has nothing now can only have had the ordinary privileges.
      const isUsual = isOpen || role === ownerOf(parts) || other?.['privileges'] === noPrivileges
      return isUsual ? 'as usual' : noPrivileges
    },
  }
}

function ownerOf(parts: Parts): string | undefined {
  return parts['']?.['owner']?.replace(/^owner /, '')
}
