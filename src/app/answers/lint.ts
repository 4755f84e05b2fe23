import { parseJson } from '../../core/json.ts'
import type { Store } from '../../core/store.ts'
import { gates } from '../../gates/registry.gen.ts'
import type { Known } from '../../lint/known-history.ts'
import { lint } from '../../lint/lint.ts'
import type { LintReport, Severity } from '../../model/finding.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import { json } from '../../reporters/json.ts'
import { terminal } from '../../reporters/terminal.ts'
import { checkGates } from '../../run/ask.ts'
import type { Answer } from '../answer.ts'
import type { RuleChoice } from '../config.ts'
import { historyOf, migrationsDirectory, openCache, sourcesOf, targetOf } from '../context.ts'
import type { Context } from '../context.ts'
import { ruleSelections } from '../rule-selection.ts'
import { sourceFile } from '../source-files.ts'

export interface LintRequest {
  /** Files or one directory; empty: the directory of the migrations. `-` stands for `stdin`. */
  readonly paths: readonly string[]
  readonly stdin?: Uint8Array | undefined
  readonly target?: number | undefined
  readonly inTransaction?: boolean | undefined
  /** The mildest severity that makes the answer a no; `lint.failOn` of the configuration where absent. */
  readonly failOn?: Severity | undefined
  /** Presets and severities of this run, over those of the configuration. */
  readonly choice?: RuleChoice | undefined
}

/** What would lock, rewrite, lose data or break, and what to write instead. */
export async function answerLint(context: Context, request: LintRequest): Promise<Answer> {
  const store = openCache(context)
  const migrations = await migrationsOf(context, request, store)
  const target = targetOf(context, request.target)
  const report = lintHistory(context, migrations, target, { asked: request.choice, store })
  store?.save()
  return {
    exit: fails(report, request.failOn ?? context.loaded.config.lint.failOn) ? 'no' : 'ok',
    // Only made for those who ask: for a terminal it would be a fifth of the time.
    get json() {
      return parseJson(json.report(report, { color: false, width: 80 }))
    },
    text: (shown) => terminal.report(report, shown),
  }
}

/** Lints migrations with the rules that the configuration asks, and `asked` beside it. */
export function lintHistory(
  context: Context,
  history: readonly ParsedMigration[],
  target: number,
  more: {
    readonly report?: ReadonlySet<string> | undefined
    readonly asked?: RuleChoice | undefined
    readonly store?: Store | undefined
  } = {},
): LintReport {
  const { rules, loaded, cwd } = context
  return lint({
    history,
    ...ruleSelections({ rules, config: loaded.config.lint, asked: more.asked, root: loaded.root, cwd }),
    dialect: context.dialect,
    target,
    ...(more.report === undefined ? {} : { report: more.report }),
    ...knownOf(context, target, more),
  })
}

/** What the findings depend on besides the files. Rules of a configuration may change without anything saying so. */
function knownOf(
  { loaded: { config, root }, cwd }: Context,
  target: number,
  { asked, store }: { readonly asked?: RuleChoice | undefined; readonly store?: Store | undefined },
): { readonly known?: Known } {
  if (store === undefined || config.lint.customRules.length > 0) return {}
  return { known: { store, circumstances: JSON.stringify([target, config.lint, asked, root, cwd]) } }
}

async function migrationsOf(
  context: Context,
  request: LintRequest,
  store: Store | undefined,
): Promise<readonly ParsedMigration[]> {
  const paths = request.paths.length === 0 ? [migrationsDirectory(context)] : request.paths
  const { sources, names, start } = await sourcesOf(
    context,
    paths.filter((path) => path !== '-'),
  )
  const typed = request.stdin === undefined ? [] : [{ file: sourceFile('<stdin>', request.stdin), below: undefined }]
  const set = { sources: [...sources, ...typed], names, start }
  const migrations = await historyOf(context, set, { inTransaction: request.inTransaction, store })
  // What the runner would refuse, the developer hears first.
  checkGates(migrations, gates)
  return migrations
}

const severities: readonly Severity[] = ['error', 'warning', 'info']

function fails(report: LintReport, failOn: Severity): boolean {
  const limit = severities.indexOf(failOn)
  return report.findings.some(({ severity }) => severities.indexOf(severity) <= limit)
}
