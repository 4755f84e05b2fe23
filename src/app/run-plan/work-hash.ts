import { sha256 } from '../../core/hash.ts'
import type { Dialect } from '../../dialects/dialect.ts'
import type { RunMigration } from '../../run/run-migration.ts'

/** One hash over everything that a migration does and waits for, whatever its comments and white space are. */
export function workHash(migration: RunMigration, dialect: Pick<Dialect, 'meaning'>): string {
  const { id, phase, change, meaning, up, down, backfill, gates, requires, checks = [], downLoses } = migration
  const way =
    down.kind === 'sql' ? [dialect.meaning(down.section.sql), down.section.transaction, ...downLoses] : [down.kind]
  const batches = backfill === undefined ? [] : [backfill.table, backfill.key, backfill.batch ?? null]
  const waits = gates.map(({ gate, options }) => [gate, Object.entries(options).toSorted(byName)])
  const all = [
    id,
    phase,
    change ?? null,
    meaning,
    up.transaction,
    way,
    batches,
    waits,
    requires,
    checks.map(({ sql }) => sql),
  ]
  return sha256(JSON.stringify(all), 'hex')
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : Number(a > b)
}
