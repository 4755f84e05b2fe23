import type { Phase } from '../model/migration.ts'
import type { PlannedMigration, RunPlan } from './decide.ts'
import type { RunMigration } from './run-migration.ts'
import { type Touches, touchesOf } from './touches.ts'

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

/** What is long applied is never asked for what it means, nor most others for what they touch. */
function planned(migration: RunMigration): PlannedMigration {
  const { id, name, change, requires, gates, backfill, source } = migration
  let touches: Touches | undefined
  return {
    id,
    name,
    requires,
    gates,
    sha256: source.sha256,
    ...(change === undefined ? {} : { change }),
    ...(backfill === undefined ? {} : { backfill }),
    get phase() {
      return migration.phase
    },
    get meaning() {
      return migration.meaning
    },
    get touches() {
      return (touches ??= touchesOf(migration))
    },
  }
}
