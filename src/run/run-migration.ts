import { createHash } from 'node:crypto'
import type { Migration, ParsedMigration, Phase } from '../model/migration.ts'

/** A migration with everything that the runner must know of it. */
export interface RunMigration extends ParsedMigration {
  readonly phase: Phase
  /** Hash of the up's meaning: comments and white space left out. */
  readonly meaning: string
  /** The same of the way back; null where there is none. */
  readonly downMeaning: string | null
  /** What an approval must have been given for: the meaning of its whole change, or of itself where it has none. */
  readonly digest: string
}

/** What the runner cannot find out by itself, because it must not know lint or a dialect. */
export interface Understanding {
  phaseOf(migration: ParsedMigration): Phase
  /** The SQL without comments and white space that mean nothing. */
  meaning(sql: string): string
}

/** Migrations as the runner takes them. All of one history at once: digests span the migrations of a change. */
export function runMigrations(
  migrations: readonly ParsedMigration[],
  understanding: Understanding,
): readonly RunMigration[] {
  const known = migrations.map((migration) => ({
    ...migration,
    phase: understanding.phaseOf(migration),
    meaning: hash(understanding.meaning(migration.up.sql)),
    downMeaning: migration.down.kind === 'sql' ? hash(understanding.meaning(migration.down.section.sql)) : null,
  }))
  return known.map((migration) => ({
    ...migration,
    digest: digestOf(known.filter((other) => together(migration, other))),
  }))
}

function together(migration: Migration, other: Migration): boolean {
  return migration.id === other.id || (migration.change !== undefined && migration.change === other.change)
}

type Meaningful = Pick<RunMigration, 'id' | 'phase' | 'meaning' | 'downMeaning' | 'backfill' | 'gates'>

/** One hash over what several migrations do, in their order: SQL both ways, phase, batches and gates. */
function digestOf(migrations: readonly Meaningful[]): string {
  return hash(
    JSON.stringify(
      migrations.map(({ id, phase, meaning, downMeaning, backfill, gates }) => [
        id,
        phase,
        meaning,
        downMeaning,
        backfill === undefined ? null : [backfill.table, backfill.key],
        gates.map(({ gate, options }) => [gate, Object.entries(options).toSorted(([a], [b]) => (a < b ? -1 : 1))]),
      ]),
    ),
  )
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
