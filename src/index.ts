/**
 * Lockstep for programs. `createToolkit` does what the command line does; the parts below it are for tools of one's
 * own. Everything else is internal and may change.
 *
 * @example
 * ```ts
 * import { createToolkit, silentLog } from 'lockstep'
 *
 * const toolkit = await createToolkit({ cwd: process.cwd(), env: process.env, log: silentLog })
 * const answer = await toolkit.lint({ paths: ['migrations'], failOn: 'error' })
 * process.stdout.write(answer.text({ color: false, width: 80 }))
 * ```
 */
export type { Answer } from './app/answer.ts'
export type { Config } from './app/config.ts'
export type { LintConfig, RuleChoice, RuleOverride, RuleSetting } from './app/config/lint.ts'
export type { ToolkitOptions } from './app/context.ts'
export { lintFiles as lint } from './app/lint-files.ts'
export type { LintOptions, LintResult, LintText, PlacedFinding } from './app/lint-files.ts'
export { createToolkit } from './app/toolkit.ts'
export type { Toolkit } from './app/toolkit.ts'
export { errorCodes, exitCodes } from './core/error-codes.ts'
export { ToolkitError } from './core/errors.ts'
export type { ErrorCode, ExitName } from './core/error-codes.ts'
export { silentLog } from './core/log.ts'
export type { Log } from './core/log.ts'
export type { Fact, FactKind, FactOf } from './model/fact.ts'
export type { LockMode } from './model/lock.ts'
export type { Finding, LintReport, Severity } from './model/finding.ts'
export type { Migration, ParsedMigration, Phase, SourceFile } from './model/migration.ts'
export { defineRule } from './rules/rule.ts'
export type {
  Preset,
  Rule,
  RuleContext,
  RuleExample,
  RuleFinding,
  RuleFor,
  RuleOption,
  RuleOptions,
} from './rules/rule.ts'
export type { SizedTable, Snapshot, SnapshotStatement, SnapshotTable, TableSize } from './model/snapshot.ts'
export type { Plan, PlanStep } from './model/plan.ts'
export type { Level, LevelResult, Proof } from './model/proof.ts'
export type { ReportStyle } from './model/report.ts'
export type { AskedVerdict, Verdict } from './model/verdict.ts'
