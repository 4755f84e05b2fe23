import { ToolkitError } from '../../core/errors.ts'
import { parseJson } from '../../core/json.ts'
import { suggestion } from '../../core/text.ts'
import { gates } from '../../gates/registry.gen.ts'
import { lint } from '../../lint/lint.ts'
import type { LintReport, Severity } from '../../model/finding.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import { json } from '../../reporters/json.ts'
import { terminal } from '../../reporters/terminal.ts'
import { rules } from '../../rules/registry.gen.ts'
import { checkGates } from '../../run/ask.ts'
import type { Answer } from '../answer.ts'
import { historyOf, knownRules, targetOf } from '../context.ts'
import type { Context } from '../context.ts'
import { readSources, sourceFile } from '../source-files.ts'

export interface LintRequest {
  /** Files or one directory; empty: the directory of the migrations. `-` stands for `stdin`. */
  readonly paths: readonly string[]
  readonly stdin?: Uint8Array | undefined
  readonly target?: number | undefined
  readonly inTransaction?: boolean | undefined
  /** The mildest severity that makes the answer a no. */
  readonly failOn: string
}

/** What would lock, rewrite, lose data or break, and what to write instead. */
export async function answerLint(context: Context, request: LintRequest): Promise<Answer> {
  const migrations = await migrationsOf(context, request)
  const report = lintHistory(context, migrations, targetOf(context, request.target))
  return {
    exit: fails(report, request.failOn) ? 'no' : 'ok',
    // Only made for those who ask: for a terminal it would be a fifth of the time.
    get json() {
      return parseJson(json.report(report, { color: false, width: 80 }))
    },
    text: (shown) => terminal.report(report, shown),
  }
}

/** Lints migrations with the severities that the configuration gives. */
export function lintHistory(
  context: Context,
  history: readonly ParsedMigration[],
  target: number,
  report?: ReadonlySet<string>,
): LintReport {
  return lint({
    history,
    rules,
    dialect: context.dialect,
    target,
    severities: configuredSeverities(context),
    ...(report === undefined ? {} : { report }),
  })
}

async function migrationsOf(context: Context, request: LintRequest): Promise<readonly ParsedMigration[]> {
  const paths = request.paths.length === 0 ? [context.directory] : request.paths
  const named = paths.filter((path) => path !== '-')
  const { files } = await readSources(named, context.cwd)
  const typed = request.stdin === undefined ? [] : [sourceFile('<stdin>', request.stdin)]
  const migrations = await historyOf(context, [...files, ...typed], { inTransaction: request.inTransaction })
  // What the runner would refuse, the developer hears first.
  checkGates(migrations, gates)
  return migrations
}

function configuredSeverities(context: Context): Readonly<Record<string, Severity | 'off'>> {
  const configured = context.loaded.config.lint.rules
  for (const id of Object.keys(configured)) {
    if (knownRules.includes(id)) continue
    throw new ToolkitError({
      code: 'rule-unknown',
      message: `The configuration gives a severity to the rule "${id}", which does not exist.`,
      hint: suggestion(id, knownRules),
    })
  }
  return configured
}

function fails(report: LintReport, failOn: string): boolean {
  const counted: readonly string[] =
    failOn === 'error' ? ['error'] : failOn === 'warning' ? ['error', 'warning'] : ['error', 'warning', 'info']
  return report.findings.some(({ severity }) => counted.includes(severity))
}
