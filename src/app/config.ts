import { z } from 'zod'
import { errorCodes } from '../core/error-codes.ts'
import { ToolkitError } from '../core/errors.ts'
import { lintSection } from './config/lint.ts'
import type { LintConfig } from './config/lint.ts'
import { problemLines } from './config/problems.ts'
import { runSection } from './config/run.ts'
import type { RunConfig } from './config/run.ts'
import { safeSection } from './config/safe.ts'
import type { SafeConfig } from './config/safe.ts'
import { driftSection, queriesSection, shadowSection, verifySection } from './config/verify.ts'
import type { DriftConfig, QueriesConfig, ShadowConfig, VerifyConfig } from './config/verify.ts'

/** A configuration, completed. */
export interface Config {
  readonly dir: string
  readonly layout?: string | undefined
  readonly url?: string | undefined
  /** The address past a pooler, for what changes the database. */
  readonly directUrl?: string | undefined
  /** A program with its words that prints the password. */
  readonly passwordCommand?: readonly string[] | undefined
  /** The role that sessions take in the database. */
  readonly role?: string | undefined
  /** The label that the database must have. */
  readonly label?: string | undefined
  readonly target?: number | undefined
  readonly lint: LintConfig
  readonly run: RunConfig
  readonly journalSchema: string
  readonly safe: SafeConfig
  readonly drift: DriftConfig
  readonly verify: VerifyConfig
  readonly queries: QueriesConfig
  readonly shadow: ShadowConfig
}

/** What a configuration file may say. Every key has a default; an unknown key is an error. */
const configShape = z.strictObject({
  $schema: z.string().optional().describe('Where editors find this schema.'),
  dir: z.string().default('migrations').describe('Directory of the migrations, relative to the configuration file.'),
  layout: z.string().optional().describe('How migrations lie on disk; detected when absent.'),
  url: z.string().optional().describe('The database, when neither --url nor the environment names one.'),
  directUrl: z
    .string()
    .optional()
    .describe(
      'The address of the server itself, where url leads to a transaction pooler: what changes the database takes it.',
    ),
  passwordCommand: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'A program and its words; it prints the password where the URL and PGPASSWORD have none. Run without a shell.',
    ),
  role: z
    .string()
    .min(1)
    .optional()
    .describe('The role that sessions have, as after SET ROLE: what migrations make, and the journal, belong to it.'),
  label: z
    .string()
    .min(1)
    .optional()
    .describe('The label that the database must have, such as production; migrate init --label gives it one.'),
  target: z.int().min(14).max(18).optional().describe('Major version of the PostgreSQL server that migrations run on.'),
  lint: lintSection,
  run: runSection,
  journalSchema: z.string().default('migrate').describe('Schema of the journal in the target database.'),
  safe: safeSection,
  drift: driftSection,
  verify: verifySection,
  queries: queriesSection,
  shadow: shadowSection,
})

/** The JSON schema of a configuration file, for editors. */
export function configSchema(): object {
  return z.toJSONSchema(configShape, { io: 'input', unrepresentable: 'any' })
}

/**
 * A configuration checked and completed.
 *
 * @throws ToolkitError `config-invalid`, one line a problem
 */
export function checkConfig(value: unknown, path: string): Config {
  const parsed = configShape.safeParse(value, { reportInput: true })
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.flatMap((issue) => problemLines(issue, configShape))
  throw new ToolkitError({
    code: 'config-invalid',
    message: `The configuration "${path}" is not valid: ${problems[0] ?? errorCodes['config-invalid'].meaning}`,
    hint: 'Correct the file, or run with --no-config to leave it aside.',
    ...(problems.length > 1 ? { details: problems.join('\n'), sentences: true } : {}),
  })
}
