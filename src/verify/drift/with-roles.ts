import { settingsOfRole } from '../catalogue/settings.ts'
import type { Aspects, Fingerprint, Parts } from '../fingerprint.ts'

const ofDefaults = 'default privileges of '

/** The objects without what is told of roles that are not among these; undefined: of all roles. */
export function withRoles(found: Fingerprint, roles: ReadonlySet<string> | undefined): Fingerprint {
  if (roles === undefined) return found
  const entries = Object.entries(found.objects)
    .filter(([object]) => isOfKnown(object, roles))
    .map(([object, parts]) => [object, partsOf(parts, roles)] as const)
    .filter(([, parts]) => Object.keys(parts).length > 0)
  return { ...found, objects: Object.fromEntries(entries) }
}

function isOfKnown(object: string, roles: ReadonlySet<string>): boolean {
  for (const prefix of [settingsOfRole, ofDefaults]) {
    if (object.startsWith(prefix)) return roles.has(object.slice(prefix.length).replace(/ in the database$/, ''))
  }
  const mapped = /^user mapping for (.*) on server /s.exec(object)?.[1]
  return mapped === undefined || mapped === 'public' || roles.has(mapped)
}

function partsOf(parts: Parts, roles: ReadonlySet<string>): Parts {
  const kept = Object.entries(parts)
    .filter(([part]) => {
      const role = /(?:^|, )privileges of (.*)$/s.exec(part)?.[1]
      // What everybody may do does not depend on which roles there are.
      return role === undefined || role === 'public' || roles.has(role)
    })
    .map(([part, aspects]) => [part, aspectsOf(aspects, roles)] as const)
  return Object.fromEntries(kept)
}

function aspectsOf(aspects: Aspects, roles: ReadonlySet<string>): Aspects {
  const { owner, ...rest } = aspects
  return owner === undefined || roles.has(owner.replace(/^owner /, '')) ? aspects : rest
}
