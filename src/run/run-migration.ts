import { createHash } from 'node:crypto'
import { withLazy } from '../core/lazy.ts'
import type { ParsedMigration, Phase } from '../model/migration.ts'

/** A migration with everything that the runner must know of it. */
export interface RunMigration extends ParsedMigration {
  readonly phase: Phase
  /** Hash of the up's meaning: comments and white space left out. */
  readonly meaning: string
  /** What an approval must have been given for: the meaning of its whole change, or of itself where it has none. */
  readonly digest: string
}

/** What the runner cannot find out by itself, because it must not know lint or a dialect. */
export interface Understanding {
  phaseOf(migration: ParsedMigration): Phase
  /** The SQL without comments and white space that mean nothing. */
  meaning(sql: string): string
}

/**
 * Migrations as the runner takes them. All of one history at once: digests span the migrations of a change. What is
 * long applied is never asked for its phase, nor most others for their digest, so these are made when they are asked for.
 */
export function runMigrations(
  migrations: readonly ParsedMigration[],
  understanding: Understanding,
): readonly RunMigration[] {
  const changes = new Map<string, RunMigration[]>()
  const known = migrations.map((migration): RunMigration => {
    const { change } = migration
    const made: RunMigration = withLazy(migration, {
      phase: () => understanding.phaseOf(migration),
      meaning: () => hash(understanding.meaning(migration.up.sql)),
      digest: () => digestOf(change === undefined ? [made] : (changes.get(change) ?? []), understanding),
    })
    return made
  })
  for (const migration of known) {
    if (migration.change === undefined) continue
    const together = changes.get(migration.change)
    if (together === undefined) changes.set(migration.change, [migration])
    else together.push(migration)
  }
  return known
}

/** One hash over what several migrations do, in their order: SQL both ways, phase, batches and gates. */
function digestOf(migrations: readonly RunMigration[], understanding: Understanding): string {
  return hash(
    JSON.stringify(
      migrations.map(({ id, phase, meaning, down, backfill, gates, checks }) => [
        id,
        phase,
        meaning,
        down.kind === 'sql' ? hash(understanding.meaning(down.section.sql)) : null,
        backfill === undefined ? null : [backfill.table, backfill.key],
        ...(checks === undefined ? [] : [checks.map(({ sql }) => sql)]),
        gates.map(({ gate, options }) => [gate, Object.entries(options).toSorted(([a], [b]) => (a < b ? -1 : 1))]),
      ]),
    ),
  )
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
