import { z } from 'zod'
import { errorCodes, ToolkitError } from '../core/errors.ts'
import { suggestion } from '../core/text.ts'
import { parseDuration } from '../core/time.ts'
import type { Severity } from '../model/finding.ts'

/** A configuration, completed. */
export interface Config {
  readonly dir: string
  readonly layout?: string | undefined
  readonly url?: string | undefined
  readonly target?: number | undefined
  readonly lint: { readonly rules: Readonly<Record<string, Severity | 'off'>> }
  readonly run: {
    readonly lockTimeout?: string | undefined
    readonly attempts?: number | undefined
    readonly waitForRunner?: string | undefined
    readonly late?: 'refuse' | 'apply' | undefined
  }
  readonly journalSchema: string
  readonly shadow: { readonly use?: string | undefined; readonly url?: string | undefined }
}

const duration = z.string().refine(isDuration, 'is not a duration such as 500ms, 5s or 2m')

/** What a configuration file may say. Every key has a default; an unknown key is an error. */
const configShape = z.strictObject({
  $schema: z.string().optional().describe('Where editors find this schema.'),
  dir: z.string().default('migrations').describe('Directory of the migrations, relative to the configuration file.'),
  layout: z.string().optional().describe('How migrations lie on disk; detected when absent.'),
  url: z.string().optional().describe('The database, when neither --url nor the environment names one.'),
  target: z.int().min(14).max(18).optional().describe('Major version of the PostgreSQL server that migrations run on.'),
  lint: z
    .strictObject({
      rules: z.record(z.string(), z.enum(['error', 'warning', 'info', 'off'])).default({}),
    })
    .prefault({})
    .describe('Severity by rule id.'),
  run: z
    .strictObject({
      lockTimeout: duration.optional().describe('How long one attempt waits for a lock.'),
      attempts: z.int().min(1).max(1000).optional().describe('How often a lock is tried for.'),
      waitForRunner: duration.optional().describe('How long to wait while another run holds the lock of the database.'),
      late: z
        .enum(['refuse', 'apply'])
        .optional()
        .describe('What to do with a migration older than the newest applied one.'),
    })
    .prefault({}),
  journalSchema: z.string().default('migrate').describe('Schema of the journal in the target database.'),
  shadow: z
    .strictObject({
      use: z.string().optional().describe('The kind of scratch server; the first that can be had when absent.'),
      url: z.string().optional().describe('A server on which scratch databases may be created.'),
    })
    .prefault({}),
})

/** The JSON schema of a configuration file, for editors. */
export function configSchema(): object {
  return z.toJSONSchema(configShape, { io: 'input' })
}

/**
 * A configuration checked and completed.
 *
 * @throws ToolkitError `config-invalid`, one line a problem
 */
export function checkConfig(value: unknown, path: string): Config {
  const parsed = configShape.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.flatMap((issue) => problemLines(issue))
  throw new ToolkitError({
    code: 'config-invalid',
    message: `The configuration "${path}" is not valid: ${problems[0] ?? errorCodes['config-invalid'].meaning}`,
    hint: 'Correct the file, or run with --no-config to leave it aside.',
    ...(problems.length > 1 ? { details: problems.join('\n') } : {}),
  })
}

function problemLines(issue: z.core.$ZodIssue): readonly string[] {
  const where = issue.path.map(String).join('.')
  if (issue.code !== 'unrecognized_keys') return [where === '' ? issue.message : `${where}: ${issue.message}`]
  return issue.keys.map((key) => {
    const full = where === '' ? key : `${where}.${key}`
    return `unknown key "${full}". ${suggestion(key, keysAt(issue.path))}`
  })
}

/** The keys that may stand at `path` of the configuration. */
function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let shape: z.ZodType = configShape
  for (const key of path) {
    const inner: z.ZodType = unwrap(shape)
    if (!(inner instanceof z.ZodObject)) return []
    const next: unknown = inner.shape[String(key)]
    if (!(next instanceof z.ZodType)) return []
    shape = next
  }
  const last = unwrap(shape)
  return last instanceof z.ZodObject ? Object.keys(last.shape) : []
}

function unwrap(shape: z.ZodType): z.ZodType {
  if (shape instanceof z.ZodPrefault || shape instanceof z.ZodDefault || shape instanceof z.ZodOptional) {
    const inner: unknown = shape.unwrap()
    return inner instanceof z.ZodType ? unwrap(inner) : shape
  }
  return shape
}

function isDuration(text: string): boolean {
  try {
    parseDuration(text)
    return true
  } catch {
    return false
  }
}
