import { z } from 'zod'
import { parseBytes } from '../core/bytes.ts'
import { errorCodes, ToolkitError } from '../core/errors.ts'
import { suggestion } from '../core/text.ts'
import { parseDuration } from '../core/time.ts'
import type { Severity } from '../model/finding.ts'
import { levels } from '../model/proof.ts'
import type { Level } from '../model/proof.ts'
import type { Preset, Rule } from '../rules/rule.ts'
import type { Limits } from '../run/limits.ts'

/** What the configuration says of one rule: a severity, and values for the rule's options. */
export type RuleSetting = Severity | 'off' | readonly [Severity | 'off', Readonly<Record<string, OptionValue>>]
export type OptionValue = number | string | boolean

/** Which rules are asked, and how severe their findings are. */
export interface RuleChoice {
  readonly presets?: readonly Preset[] | undefined
  readonly rules?: Readonly<Record<string, RuleSetting>> | undefined
}

/** Another choice for some files. */
export interface RuleOverride extends RuleChoice {
  /** Globs, relative to the directory of the configuration file. */
  readonly files: string | readonly string[]
}

export interface LintConfig {
  readonly presets: readonly Preset[]
  readonly rules: Readonly<Record<string, RuleSetting>>
  /** Later ones win. */
  readonly overrides: readonly RuleOverride[]
  /** The mildest finding that makes the answer a no. */
  readonly failOn: Severity
  /** File of the findings that are known, relative to the directory of the configuration file. */
  readonly baseline?: string | undefined
  /** What a live database holds: a file of `migrate snapshot`, relative to the directory of the configuration file. */
  readonly snapshot?: string | undefined
  /** Up to which size a table is small, so that what only makes others wait for it is one level milder. */
  readonly smallTable?: { readonly rows?: number | undefined; readonly bytes?: string | undefined } | undefined
  /** Address that `docs/rules/…` is appended to, where the pages are hosted. */
  readonly docsUrl?: string | undefined
  /** Whether what is found out about unchanged files is kept for the next run. */
  readonly cache: boolean
  /** Rules of one's own, from a configuration that is a program. */
  readonly customRules: readonly Rule[]
}

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
  readonly run: {
    readonly lockTimeout?: string | undefined
    readonly lockTimeoutMost?: string | undefined
    readonly attempts?: number | undefined
    readonly waitForRunner?: string | undefined
    readonly lease?: string | undefined
    readonly late?: 'refuse' | 'apply' | undefined
    readonly limits?: Readonly<Partial<Record<keyof Limits, string | undefined>>> | undefined
  }
  readonly journalSchema: string
  /** What `up --safe` asks beside lint and proofs. */
  readonly safe: {
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
  readonly drift: { readonly ignore: readonly string[]; readonly roles: 'none' | 'shared' | 'all' }
  readonly verify: {
    /** The level that `verify`, `up --safe` and `down` ask of a downgrade. */
    readonly level: Level
    /** How long a section may take before it is cancelled. */
    readonly deadline?: string | undefined
    /** Globs of SQL files with rows for scratch databases, relative to the directory of the configuration file. */
    readonly seed?: readonly string[] | undefined
  }
  readonly queries: {
    /** Directory of the captured releases, relative to the directory of the configuration file. */
    readonly dir?: string | undefined
    /** The role as which the application sends its statements. */
    readonly role?: string | undefined
    readonly searchPath?: string | undefined
  }
  readonly shadow: {
    readonly use?: string | undefined
    readonly url?: string | undefined
    readonly image?: string | undefined
  }
}

const duration = z.string().refine(isDuration, 'is not a duration such as 500ms, 5s or 2m')

const size = z.string().refine(isSize, 'is not a size such as 512kB, 10MB or 1GB')

const severity = z.enum(['error', 'warning', 'info'])
const severityOrOff = z.enum(['error', 'warning', 'info', 'off'])
const presetNames = z.array(z.enum(['recommended', 'strict', 'style']))
const ruleSettings = z.record(
  z.string(),
  z.union([
    severityOrOff,
    z.tuple([severityOrOff, z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))]),
  ]),
)

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
  lint: z
    .strictObject({
      presets: presetNames
        .default(['recommended'])
        .describe('Which sets of rules are asked. "strict" brings "recommended" along; "style" stands by itself.'),
      rules: ruleSettings
        .default({})
        .describe('Severity by rule id, or [severity, options]. A rule named here is asked whatever its preset.'),
      overrides: z
        .array(
          z.strictObject({
            files: z
              .union([z.string(), z.array(z.string()).min(1)])
              .describe('Globs of migration files, relative to the configuration file.'),
            presets: presetNames.optional().describe('The sets of rules for these files, instead of those above.'),
            rules: ruleSettings.optional().describe('Severities and options for these files, over those above.'),
          }),
        )
        .default([])
        .describe('Other choices for some files. Where several fit a file, the later one wins.'),
      failOn: severity.default('warning').describe('The mildest finding that makes the exit code 1.'),
      baseline: z.string().optional().describe('File of known findings, relative to the configuration file.'),
      snapshot: z
        .string()
        .optional()
        .describe(
          'What the live database holds: a file that migrate snapshot wrote, relative to the configuration file.',
        ),
      smallTable: z
        .strictObject({
          rows: z.int().min(0).optional().describe('At most so many rows.'),
          bytes: size.optional().describe('At most so large on disk, with indexes: 512kB, 10MB, 1GB.'),
        })
        .optional()
        .describe(
          'Tables up to this size are small: what only makes others wait for them is one level milder. Where both are given both must hold; a size that is not known is not small.',
        ),
      docsUrl: z.url().optional().describe('Where the pages of the package are hosted: docs/rules/… is appended.'),
      cache: z
        .boolean()
        .default(true)
        .describe('Whether what is found out about unchanged files is kept in node_modules/.cache for the next run.'),
      customRules: z
        .array(z.custom<Rule>(isRule, 'is not a rule: make it with defineRule, which "lockstep" exports'))
        .default([])
        .describe('Rules of your own, made with defineRule; only in a configuration that is a program.'),
    })
    .prefault({})
    .describe('What migrate lint asks and how it answers.'),
  run: z
    .strictObject({
      lockTimeout: duration.optional().describe('How long one attempt waits for a lock.'),
      lockTimeoutMost: duration
        .optional()
        .describe('Each attempt waits twice as long as the one before, up to this; all alike when absent.'),
      attempts: z.int().min(1).max(1000).optional().describe('How often a lock is tried for.'),
      lease: duration
        .optional()
        .describe(
          'For a transaction pooler: hold a lease of this length instead of the lock of the runs, such as 30s.',
        ),
      waitForRunner: duration.optional().describe('How long to wait while another run holds the lock of the database.'),
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
    .prefault({}),
  journalSchema: z.string().default('migrate').describe('Schema of the journal in the target database.'),
  safe: z
    .strictObject({
      schema: z
        .enum(['compare', 'skip'])
        .default('compare')
        .describe('Whether the live schema must be the one that the proofs of what is pending begin with.'),
      diskFree: size
        .optional()
        .describe('How much room the disk of the server has: 200GB. --disk-free goes before it.'),
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
    .describe('What migrate up --safe asks beside lint and proofs.'),
  drift: z
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
    .describe('What migrate drift compares.'),
  verify: z
    .strictObject({
      level: z
        .enum(levels)
        .default('D3')
        .describe('The level that verify, up --safe and down ask of a downgrade. What is broken is refused at any.'),
      deadline: duration
        .optional()
        .describe('How long a section may take on the scratch server before it is cancelled.'),
      seed: z
        .array(z.string().min(1))
        .optional()
        .describe('Globs of SQL files with rows for scratch databases, relative to the configuration file.'),
    })
    .prefault({})
    .describe('What is asked of downgrades.'),
  queries: z
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
    .describe('What migrate queries captures and checks.'),
  shadow: z
    .strictObject({
      use: z.string().optional().describe('The kind of scratch server; the first that can be had when absent.'),
      url: z.string().optional().describe('A server on which scratch databases may be created.'),
      image: z
        .string()
        .optional()
        .describe('The image of a scratch server in a container, instead of postgres:MAJOR: one with more extensions.'),
    })
    .prefault({}),
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

function problemLines(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): readonly string[] {
  const path = [...above, ...issue.path]
  const where = path.map(String).join('.')
  if (issue.code === 'invalid_union') return meantForm(issue.errors).flatMap((inner) => problemLines(inner, path))
  if (issue.code !== 'unrecognized_keys') return [where === '' ? issue.message : `${where}: ${issue.message}`]
  return issue.keys.map((key) => {
    const full = where === '' ? key : `${where}.${key}`
    return `unknown key "${full}". ${suggestion(key, keysAt(path))}`
  })
}

/** Of the forms that a value may have, the one that it comes nearest to: the one that is wrong further in, else the first. */
function meantForm(forms: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  return forms.find((issues) => issues.some(({ path }) => path.length > 0)) ?? forms[0] ?? []
}

/** The keys that may stand at `path` of the configuration. */
function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let shape: z.ZodType = configShape
  for (const key of path) {
    const inner: z.ZodType = unwrap(shape)
    const next: unknown = inner instanceof z.ZodArray ? inner.element : shapeOf(inner)[String(key)]
    if (!(next instanceof z.ZodType)) return []
    shape = next
  }
  return Object.keys(shapeOf(unwrap(shape)))
}

function shapeOf(type: z.ZodType): Readonly<Record<string, unknown>> {
  return type instanceof z.ZodObject ? type.shape : {}
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

function isSize(text: string): boolean {
  try {
    parseBytes(text)
    return true
  } catch {
    return false
  }
}

/** Looks only for what tells a rule from anything else; `customRulesOf` says what is wrong with one. */
function isRule(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'id' in value && 'looksAt' in value && 'check' in value
}
