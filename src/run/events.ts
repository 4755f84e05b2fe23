import type { Phase } from '../model/migration.ts'
import type { AskedVerdict } from '../model/verdict.ts'
import type { Blocker } from './blockers.ts'
import type { Held } from './decide.ts'
import type { LockHolder } from './mutex.ts'
import type { Orphan } from './orphan.ts'

/** What happens while `up` or `down` works, for whoever shows it. */
export type RunEvent =
  /** Another run holds the lock of this database; said once, and once more when that run turns out to be an orphan. */
  | { readonly kind: 'runner-wait'; readonly holder: LockHolder | undefined; readonly orphan: Orphan | undefined }
  | { readonly kind: 'gate-asked'; readonly migration: string; readonly asked: AskedVerdict }
  | {
      readonly kind: 'migration-started'
      readonly migration: string
      readonly name: string
      readonly direction: 'up' | 'down'
      readonly phase: Phase
      /** What an earlier run left half done is taken up again. */
      readonly resumed: boolean
    }
  | { readonly kind: 'statement-started'; readonly migration: string; readonly statement: number; readonly sql: string }
  /** A statement outside a transaction was begun by an earlier run; what the catalogue says about it. */
  | { readonly kind: 'statement-found'; readonly migration: string; readonly statement: number; readonly found: string }
  | {
      readonly kind: 'lock-wait'
      readonly migration: string
      readonly attempt: number
      readonly attempts: number
      readonly lockTimeoutMs: number
      /** How long the next attempt is put off. */
      readonly pauseMs: number
      /** How many sessions it made room for, which had queued up behind it; 0 when its time was up. */
      readonly gaveWayTo: number
      readonly blockers: readonly Blocker[]
    }
  /** What a statement outside a transaction had left half done when it failed was taken away. */
  | { readonly kind: 'remains-cleared'; readonly migration: string; readonly statement: number; readonly sql: string }
  /** A statement waits for a lock, and goes on waiting. */
  | {
      readonly kind: 'blocked'
      readonly migration: string
      readonly waitedMs: number
      readonly blockers: readonly Blocker[]
    }
  /** A backfill has a batch to do, and a gate of it has shut; said once, when it begins to wait. */
  | { readonly kind: 'backfill-waits'; readonly migration: string; readonly reason: string }
  | { readonly kind: 'backfill-progress'; readonly migration: string; readonly progress: BackfillPace }
  | {
      readonly kind: 'migration-applied' | 'migration-reverted'
      readonly migration: string
      readonly name: string
      readonly durationMs: number
    }
  /** What is asked after a migration was answered with no. */
  | { readonly kind: 'check-failed'; readonly migration: string; readonly reason: string }
  | { readonly kind: 'held'; readonly held: Held }
  | { readonly kind: 'warning'; readonly message: string }

/** How a backfill gets on. Rows are keys passed, whether the statement changed them or not. */
export interface BackfillPace {
  readonly rowsDone: number
  readonly rowsChanged: number
  readonly rowsEstimated: number
  readonly rowsPerSecond: number
  /** Undefined until there is something to go by. */
  readonly etaMs: number | undefined
}
