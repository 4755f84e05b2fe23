import { withLazy } from '../core/lazy.ts'
import type { Phase } from '../model/migration.ts'
import type { PlannedMigration, RunPlan } from './decide.ts'
import type { RunMigration } from './run-migration.ts'
import { touchesOf } from './touches.ts'

/** What is asked for, as `decide` takes it. */
export function planFor(
  migrations: readonly RunMigration[],
  wanted: {
    readonly steps?: number | undefined
    readonly to?: string | undefined
    readonly phases?: readonly Phase[] | undefined
    readonly late?: RunPlan['late'] | undefined
  },
): RunPlan {
  return {
    migrations: migrations.map(planned),
    steps: wanted.steps,
    to: wanted.to,
    phases: wanted.phases === undefined ? undefined : new Set(wanted.phases),
    late: wanted.late ?? 'refuse',
  }
}

function planned(migration: RunMigration): PlannedMigration {
  const { id, name, change, requires, gates, backfill, source } = migration
  const known = {
    id,
    name,
    requires,
    gates,
    sha256: source.sha256,
    ...(change === undefined ? {} : { change }),
    ...(backfill === undefined ? {} : { backfill }),
  }
  return withLazy(known, {
    phase: () => migration.phase,
    meaning: () => migration.meaning,
    touches: () => touchesOf(migration),
  })
}
