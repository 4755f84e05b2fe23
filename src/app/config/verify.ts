import { z } from 'zod'
import { levels } from '../../model/proof.ts'
import type { Level } from '../../model/proof.ts'
import { duration } from './values.ts'

/** What is asked of downgrades. */
export interface VerifyConfig {
  /** The level that `verify`, `up --safe` and `down` ask of a downgrade. */
  readonly level: Level
  /** How long a section may take before it is cancelled. */
  readonly deadline?: string | undefined
  /** Globs of SQL files with rows for scratch databases, relative to the directory of the configuration file. */
  readonly seed?: readonly string[] | undefined
}

/** What `drift` compares. */
export interface DriftConfig {
  readonly ignore: readonly string[]
  readonly roles: 'none' | 'shared' | 'all'
}

/** What `queries` captures and checks. */
export interface QueriesConfig {
  /** Directory of the captured releases, relative to the directory of the configuration file. */
  readonly dir?: string | undefined
  /** The role as which the application sends its statements. */
  readonly role?: string | undefined
  readonly searchPath?: string | undefined
}

/** Where scratch databases come from. */
export interface ShadowConfig {
  readonly use?: string | undefined
  readonly url?: string | undefined
  readonly image?: string | undefined
}

export const verifySection: z.ZodType<VerifyConfig> = z
  .strictObject({
    level: z
      .enum(levels)
      .default('D3')
      .describe('The level that verify, up --safe and down ask of a downgrade. What is broken is refused at any.'),
    deadline: duration.optional().describe('How long a section may take on the scratch server before it is cancelled.'),
    seed: z
      .array(z.string().min(1))
      .optional()
      .describe('Globs of SQL files with rows for scratch databases, relative to the configuration file.'),
  })
  .prefault({})
  .describe('What is asked of downgrades.')

export const driftSection: z.ZodType<DriftConfig> = z
  .strictObject({
    ignore: z
      .array(z.string().min(1))
      .default([])
      .describe('Objects that may differ from the history: globs over their names, with or without the kind.'),
    roles: z
      .enum(['none', 'shared', 'all'])
      .default('shared')
      .describe('Owners, privileges and settings of which roles are compared; "shared": of those on both servers.'),
  })
  .prefault({})
  .describe('What migrate drift compares.')

export const queriesSection: z.ZodType<QueriesConfig> = z
  .strictObject({
    dir: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Directory of the captured releases, relative to the configuration file; "queries" in "dir" when absent.',
      ),
    role: z.string().min(1).optional().describe('The role as which the application sends its statements.'),
    searchPath: z.string().min(1).optional().describe('The search_path of that role, such as "shop, public".'),
  })
  .prefault({})
  .describe('What migrate queries captures and checks.')

export const shadowSection: z.ZodType<ShadowConfig> = z
  .strictObject({
    use: z.string().optional().describe('The kind of scratch server; the first that can be had when absent.'),
    url: z.string().optional().describe('A server on which scratch databases may be created.'),
    image: z
      .string()
      .optional()
      .describe('The image of a scratch server in a container, instead of postgres:MAJOR: one with more extensions.'),
  })
  .prefault({})
