import { z } from 'zod'
import type { Limits } from '../../run/limits.ts'
import { duration } from './values.ts'

/** How migrations are run. */
export interface RunConfig {
  readonly lockTimeout?: string | undefined
  readonly lockTimeoutMost?: string | undefined
  readonly attempts?: number | undefined
  readonly waitForRunner?: string | undefined
  readonly lease?: string | undefined
  readonly batchGates?: readonly string[] | undefined
  readonly late?: 'refuse' | 'apply' | undefined
  readonly limits?: Readonly<Partial<Record<keyof Limits, string | undefined>>> | undefined
}

/** What `run` says in a configuration file. */
export const runSection: z.ZodType<RunConfig> = z
  .strictObject({
    lockTimeout: duration.optional().describe('How long one attempt waits for a lock.'),
    lockTimeoutMost: duration
      .optional()
      .describe('Each attempt waits twice as long as the one before, up to this; all alike when absent.'),
    attempts: z.int().min(1).max(1000).optional().describe('How often a lock is tried for.'),
    lease: duration
      .optional()
      .describe('For a transaction pooler: hold a lease of this length instead of the lock of the runs, such as 30s.'),
    waitForRunner: duration.optional().describe('How long to wait while another run holds the lock of the database.'),
    batchGates: z
      .array(z.string())
      .optional()
      .describe('Gates that are asked before each batch of every backfill, such as "replication-lag max-lag:5s".'),
    late: z
      .enum(['refuse', 'apply'])
      .optional()
      .describe('What to do with a migration older than the newest applied one.'),
    limits: z
      .strictObject({
        brief: duration.optional().describe('A statement that only changes the catalogue; 30s when absent.'),
        scan: duration.optional().describe('A statement that reads or writes rows; 1h when absent.'),
        concurrent: duration
          .optional()
          .describe('CREATE INDEX CONCURRENTLY and whatever else runs outside a transaction; 12h when absent.'),
        batch: duration.optional().describe('One batch of a backfill; 30s when absent.'),
        queue: duration
          .optional()
          .describe('How long others may stand behind a lock that is waited for; 150ms when absent.'),
        stall: duration
          .optional()
          .describe('How long reads and writes of others may wait for what a migration holds; 5s when absent.'),
        gate: duration
          .optional()
          .describe('How long a backfill waits before a batch for its gates to open; 1h when absent.'),
      })
      .optional()
      .describe('How long statements may take, and others may be held up. 0s: no limit.'),
  })
  .prefault({})
