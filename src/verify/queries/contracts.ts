import { createHash } from 'node:crypto'
import type { ReleaseContract } from '../../model/captured.ts'

/**
 * The contracts that each migration has to keep: those of the newest release that was captured before it, and those of
 * which nobody knows when they were captured. `ids`: the history, in its order. Migrations without any are left out.
 */
export function contractsByMigration(
  ids: readonly string[],
  contracts: readonly ReleaseContract[],
): ReadonlyMap<string, readonly ReleaseContract[]> {
  const undated = contracts.filter(({ migration }) => migration === null)
  const found = new Map<string, readonly ReleaseContract[]>()
  for (const [position, id] of ids.entries()) {
    const earlier = contracts.filter(({ migration }) => migration !== null && placeOf(migration, ids) < position)
    const newest = Math.max(...earlier.map(({ migration }) => placeOf(migration ?? '', ids)))
    const count = [...earlier.filter(({ migration }) => placeOf(migration ?? '', ids) === newest), ...undated]
    if (count.length > 0) found.set(id, count)
  }
  return found
}

/** The hash of the contracts that count for each migration, by id. */
export function queryHashes(
  history: readonly { readonly id: string }[],
  contracts: readonly ReleaseContract[],
): ReadonlyMap<string, string> {
  if (contracts.length === 0) return new Map()
  const hashes = new Map<string, string>()
  const ids = history.map(({ id }) => id)
  return new Map(
    [...contractsByMigration(ids, contracts)].map(([id, own]) => {
      const key = JSON.stringify(own.map(({ release }) => release))
      const hash = hashes.get(key) ?? contractsHash(own)
      hashes.set(key, hash)
      return [id, hash]
    }),
  )
}

/** One hash over what the contracts say; the same contracts give the same hash. */
export function contractsHash(contracts: readonly ReleaseContract[]): string {
  const sorted = contracts.toSorted((a, b) => (a.release < b.release ? -1 : 1))
  const said = sorted.map(({ release, role, searchPath, statements }) => [
    release,
    role,
    searchPath,
    statements.map(({ sql, parameters }) => [sql, parameters]),
  ])
  return createHash('sha256').update(JSON.stringify(said)).digest('hex')
}

/** A migration that is not in the history any more stands where its id would be. */
function placeOf(migration: string, ids: readonly string[]): number {
  const position = ids.indexOf(migration)
  return position === -1 ? ids.findLastIndex((id) => id < migration) : position
}
