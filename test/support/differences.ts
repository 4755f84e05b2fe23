import { settingsOfRole } from '../../src/verify/catalogue/settings.ts'
import { compare, differenceText } from '../../src/verify/compare.ts'
import type { Fingerprint } from '../../src/verify/fingerprint.ts'

/**
 * What two fingerprints of a test's own database differ in. Roles are the server's, and other tests make some, with
 * settings, at the same time: of these only those of the role `own` count.
 */
export function differences(before: Fingerprint, after: Fingerprint, own?: string): readonly string[] {
  return compare(before, after)
    .map(differenceText)
    .filter((text) => !text.startsWith(settingsOfRole) || (own !== undefined && text.includes(own)))
}

/** What a fingerprint tells of a test's own database: without the settings of roles, which other tests may have made. */
export function ownObjects({ objects }: Fingerprint): Fingerprint['objects'] {
  return Object.fromEntries(Object.entries(objects).filter(([name]) => !name.startsWith(settingsOfRole)))
}
