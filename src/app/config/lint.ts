import { z } from 'zod'
import type { Severity } from '../../model/finding.ts'
import type { Preset, Rule } from '../../rules/rule.ts'
import { size } from './values.ts'

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

/** What `lint` says in a configuration file. */
export const lintSection: z.ZodType<LintConfig> = z
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
  .describe('What migrate lint asks and how it answers.')

/** Looks only for what tells a rule from anything else; `customRulesOf` says what is wrong with one. */
function isRule(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'id' in value && 'looksAt' in value && 'check' in value
}
