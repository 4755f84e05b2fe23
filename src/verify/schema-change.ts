import type { Proof, SchemaChange } from '../model/proof.ts'
import type { Fingerprint } from './fingerprint.ts'
import { withRoles } from './drift/with-roles.ts'

/** What is told of roles differs from server to server. */
const nobody: ReadonlySet<string> = new Set()

/** The objects that are others after an upgrade, as they are then. */
export function schemaChange(before: Fingerprint, after: Fingerprint): SchemaChange {
  const was = withRoles(before, nobody).objects
  const is = withRoles(after, nobody).objects
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted()
  const changed = names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
  return Object.fromEntries(changed.map((name) => [name, is[name] ?? null]))
}

/** What migrations leave of an empty database, in the order in which they were applied. */
export function schemaAfter(proofs: readonly Pick<Proof, 'changes'>[]): Fingerprint['objects'] {
  const objects = new Map<string, Fingerprint['objects'][string]>()
  for (const { changes } of proofs) {
    for (const [name, parts] of Object.entries(changes)) {
      if (parts === null) objects.delete(name)
      else objects.set(name, parts)
    }
  }
  return Object.fromEntries(objects)
}

/** What every new database has; migrations that change one of them say so. */
export const ofNewDatabases: ReadonlySet<string> = new Set([
  'comment on schema public',
  'comment on the database',
  'extension plpgsql',
  'schema public',
  'the database',
])
