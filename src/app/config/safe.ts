import { z } from 'zod'
import { duration, size } from './values.ts'

/** What `up --safe` asks beside lint and proofs. */
export interface SafeConfig {
  readonly schema: 'compare' | 'skip'
  /** How much room the server's disk has: `200GB`. */
  readonly diskFree?: string | undefined
  /** A shell command that prints it. */
  readonly diskCommand?: string | undefined
  /** What is asked after each migration: a shell command that ends with 0, or a URL that answers with 2xx. */
  readonly healthCheck?:
    | {
        readonly command?: string | undefined
        readonly url?: string | undefined
        readonly timeout?: string | undefined
      }
    | undefined
}

/** What `safe` says in a configuration file. */
export const safeSection: z.ZodType<SafeConfig> = z
  .strictObject({
    schema: z
      .enum(['compare', 'skip'])
      .default('compare')
      .describe('Whether the live schema must be the one that the proofs of what is pending begin with.'),
    diskFree: size.optional().describe('How much room the disk of the server has: 200GB. --disk-free goes before it.'),
    diskCommand: z
      .string()
      .min(1)
      .optional()
      .describe('A shell command that prints how much room the disk of the server has, in bytes or as 200GB.'),
    healthCheck: z
      .strictObject({
        command: z.string().min(1).optional().describe('A shell command; 0 is well.'),
        url: z.url().optional().describe('An address; 2xx is well.'),
        timeout: duration.optional().describe('How long it may take to answer; 10s when absent.'),
      })
      .refine(
        ({ command, url }) => (command === undefined) !== (url === undefined),
        'names a command or a url, one of them',
      )
      .optional()
      .describe('What is asked after each migration; where the answer is no, its proven downgrade is run.'),
  })
  .prefault({})
  .describe('What migrate up --safe asks beside lint and proofs.')
