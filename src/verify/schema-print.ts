import { sha256 } from '../core/hash.ts'
import type { SchemaPrint } from '../model/planned-run.ts'
import { isIgnoredBy } from './drift/drift-of.ts'
import type { Fingerprint } from './fingerprint.ts'

/** Enough of a hash that two states of one object never share it. */
const hashLength = 20

/** A fingerprint as hashes by object, without objects that may differ. */
export function schemaPrint({ objects, unread }: Fingerprint, ignore: readonly string[]): SchemaPrint {
  const isIgnored = isIgnoredBy(ignore)
  const told = Object.entries(objects).filter(([object]) => !isIgnored(object))
  return {
    unread: unread.map(({ catalogue }) => catalogue).toSorted(),
    objects: Object.fromEntries(
      told.map(([object, parts]) => [object, sha256(JSON.stringify(parts), 'hex').slice(0, hashLength)]),
    ),
  }
}

/** Objects that are others than they were, in the order of their names: `table public.books was changed`. */
export function printDifferences(was: SchemaPrint, is: SchemaPrint): readonly string[] {
  const names = [...new Set([...Object.keys(was.objects), ...Object.keys(is.objects)])].toSorted()
  return names.flatMap((object) => {
    const [old, now] = [was.objects[object], is.objects[object]]
    if (old === now) return []
    return [`${object} ${old === undefined ? 'was added' : now === undefined ? 'is gone' : 'was changed'}`]
  })
}
