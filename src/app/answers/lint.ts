import { relative, resolve } from 'node:path'
import { parseBytes } from '../../core/bytes.ts'
import { ToolkitError } from '../../core/errors.ts'
import { parseJson } from '../../core/json.ts'
import type { Store } from '../../core/store.ts'
import { suggestion } from '../../core/text.ts'
import { gates } from '../../gates/registry.gen.ts'
import type { Known } from '../../lint/known-history.ts'
import { lint } from '../../lint/lint.ts'
import type { SmallTable } from '../../lint/sizes.ts'
import type { LintReport, Severity } from '../../model/finding.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import type { ReportStyle } from '../../model/report.ts'
import { json } from '../../reporters/json.ts'
import type { Reporter } from '../../reporters/reporter.ts'
import { terminal } from '../../reporters/terminal.ts'
import { rules as catalogue } from '../../rules/registry.gen.ts'
import { checkGates } from '../../run/ask.ts'
import type { Answer } from '../answer.ts'
import { updateBaseline, withBaseline } from '../baseline.ts'
import type { BaselineFile } from '../baseline.ts'
import { Cache } from '../cache/cache.ts'
import { Damaged } from '../cache/segment.ts'
import { scopedSources } from '../changes.ts'
import type { Scope } from '../changes.ts'
import type { LintConfig, RuleChoice } from '../config/lint.ts'
import { historyOf, migrationsDirectory, openCache, readers, sourcesOf, targetOf } from '../context.ts'
import type { Context } from '../context.ts'
import type { HistoryInput } from '../history.ts'
import { forHistory, liveOf, liveUse, pendingOf } from '../live.ts'
import type { Live, LiveChoice } from '../live.ts'
import type { ReadAhead } from '../read-ahead/read-ahead.ts'
import { readLockFile, refuseUnlocked } from '../lock-file.ts'
import { ruleSelections } from '../rule-selection.ts'
import { sourceFile } from '../source-files.ts'
import { refuseBadChecks } from '../up/checks.ts'
import type { SourceSet } from '../source-files.ts'

export interface LintRequest extends Scope, LiveChoice {
  /** Files or one directory; empty: the directory of the migrations. `-` stands for `stdin`. */
  readonly paths: readonly string[]
  readonly stdin?: Uint8Array | undefined
  readonly target?: number | undefined
  readonly inTransaction?: boolean | undefined
  /** The mildest severity that makes the answer a no; `lint.failOn` of the configuration where absent. */
  readonly failOn?: Severity | undefined
  /** Presets and severities of this run, over those of the configuration. */
  readonly choice?: RuleChoice | undefined
  /** File of known findings; `lint.baseline` of the configuration where absent. */
  readonly baseline?: string | undefined
  /** Write that file: all findings when there is none, else without what is no longer found. */
  readonly updateBaseline?: boolean | undefined
}

/** What `lint` has to say, in every form that there is. */
export interface LintAnswer extends Answer {
  readonly report: LintReport
  /** What is to be said beside the findings; then the answer is a no. */
  readonly notes: readonly string[]
  /**
   * The report in the form of a reporter.
   *
   * @throws ToolkitError `command-invalid` for a form that there is not
   */
  as(format: string, style: ReportStyle): Promise<string>
}

/** What would lock, rewrite, lose data or break, and what to write instead. */
export async function answerLint(context: Context, request: LintRequest): Promise<LintAnswer> {
  const cache = openCache(context)
  try {
    return await answerWith(context, request, cache)
  } catch (error) {
    if (!(error instanceof Damaged)) throw error
    Cache.forget(error)
    return await answerWith(context, request, undefined)
  } finally {
    cache?.close()
  }
}

async function answerWith(context: Context, request: LintRequest, store: Cache | undefined): Promise<LintAnswer> {
  let ahead: ReadAhead | undefined
  const readLong: HistoryInput['readLong'] = async (migrations) => {
    ahead = (await import('../read-ahead/read-ahead.ts')).ReadAhead.begin(migrations, context.dialect, store)
    return ahead?.migrations
  }
  try {
    const read = await migrationsOf(context, request, store, context.threads === true ? readLong : undefined)
    return await answerOf(context, request, read, store, () => ahead?.keep())
  } finally {
    await ahead?.end()
  }
}

/** `keepRead` puts what was read into the store. */
async function answerOf(
  context: Context,
  request: LintRequest,
  { migrations, asked, released }: AskedMigrations,
  store: Cache | undefined,
  keepRead: () => void,
): Promise<LintAnswer> {
  const judged = asked === undefined ? migrations : migrations.filter(({ id }) => asked.has(id))
  await refuseBadChecks(judged, context.dialect)
  const live = forHistory(await liveOf(context, request), migrations)
  // A history of which all is known needed no grammar; a snapshot may.
  if (live !== undefined) await context.dialect.load()
  const target = targetOf(context, request.target, live?.snapshot.server)
  const found = lintHistory(context, migrations, target, {
    report: asked,
    released,
    asked: request.choice,
    store,
    live,
  })
  keepRead()
  store?.save()
  const pending = idsOf(pendingOf(migrations, live))
  const looked = asked === undefined ? pending : new Set([...asked].filter((id) => pending.has(id)))
  const report = await lessKnown(context, request, found, looked)
  const notes = await lockNotes(context, request, migrations)
  const fail = fails(report, request.failOn ?? context.loaded.config.lint.failOn)
  return {
    report,
    notes,
    exit: fail || notes.length > 0 ? 'no' : 'ok',
    // Only made for those who ask: for a terminal it would be a fifth of the time.
    get json() {
      return parseJson(json.report(report, { color: false, width: 80 }))
    },
    text: (shown) => terminal.report(report, shown),
    as: async (format, style) => (await reporterOf(format)).report(report, style),
  }
}

/** What the lock file of the directory has to say, where there is one. */
async function lockNotes(
  context: Context,
  { paths, stdin }: LintRequest,
  migrations: readonly ParsedMigration[],
): Promise<readonly string[]> {
  const [directory = context.directory, ...more] = paths
  if (more.length > 0 || stdin !== undefined || readLockFile(context.cwd, directory) === undefined) return []
  try {
    await refuseUnlocked({ cwd: context.cwd, directory }, migrations, context.dialect)
    return []
  } catch (error) {
    if (!(error instanceof ToolkitError) || error.code !== 'lock-file-stale') throw error
    return [`${error.message.replace(' Nothing was changed.', '')}\n${error.details ?? ''}\n${error.hint ?? ''}`]
  }
}

async function reporterOf(format: string): Promise<Reporter> {
  const { reporters } = await import('../../reporters/registry.gen.ts')
  const found = reporters.find(({ id }) => id === format)
  if (found !== undefined) return found
  throw new ToolkitError({
    code: 'command-invalid',
    message: `There is no format "${format}".`,
    hint: suggestion(
      format,
      reporters.map(({ id }) => id),
    ),
  })
}

function idsOf(migrations: readonly ParsedMigration[]): ReadonlySet<string> {
  return new Set(migrations.map(({ id }) => id))
}

/** The report with what the baseline knows set apart. */
export async function lessKnown(
  context: Context,
  { baseline, updateBaseline: update }: LintRequest,
  report: LintReport,
  looked: ReadonlySet<string>,
): Promise<LintReport> {
  const file = baselineFile(context, baseline)
  if (file !== undefined)
    return update === true ? updateBaseline(report, file, looked) : withBaseline(report, file, looked)
  if (update !== true) return report
  throw new ToolkitError({
    code: 'command-invalid',
    message: '--update-baseline does not know which file to write.',
    hint: 'Name it: --baseline migrations/lint-baseline.json — or "lint": { "baseline": … } in the configuration.',
  })
}

/** The file of known findings: the one named, else that of the configuration. */
export function baselineFile({ cwd, loaded: { config, root } }: Context, named?: string): BaselineFile | undefined {
  if (named !== undefined) return { path: resolve(cwd, named), shown: named }
  const { baseline } = config.lint
  if (baseline === undefined) return undefined
  const path = resolve(root, baseline)
  return { path, shown: relative(cwd, path) }
}

/** Lints migrations with the rules that the configuration asks, and `asked` beside it. */
export function lintHistory(
  context: Context,
  history: readonly ParsedMigration[],
  target: number,
  more: {
    readonly report?: ReadonlySet<string> | undefined
    readonly released?: ReadonlySet<string> | undefined
    readonly asked?: RuleChoice | undefined
    readonly store?: Store | undefined
    readonly live?: Live | undefined
  } = {},
): LintReport {
  const { customRules, loaded, cwd } = context
  const rules = [...catalogue, ...customRules]
  const { live } = more
  const { docsUrl, smallTable } = loaded.config.lint
  const report = lint({
    history,
    ...ruleSelections({ rules, config: loaded.config.lint, asked: more.asked, root: loaded.root, cwd }),
    dialect: context.dialect,
    target,
    snapshot: live?.snapshot,
    smallTable: smallTableOf(smallTable),
    released: more.released,
    ...(more.report === undefined ? {} : { report: more.report }),
    ...knownOf(context, target, more),
  })
  return {
    ...report,
    ...(live === undefined ? {} : { live: liveUse(live, history) }),
    ...(docsUrl === undefined ? {} : { docsUrl }),
  }
}

function smallTableOf(configured: LintConfig['smallTable']): SmallTable | undefined {
  if (configured === undefined) return undefined
  const { rows, bytes } = configured
  return { rows, bytes: bytes === undefined ? undefined : parseBytes(bytes) }
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

/** The files of a request, and what they are read as. */
export interface AskedMigrations {
  readonly set: SourceSet
  readonly migrations: readonly ParsedMigration[]
  /** Ids that are asked about; undefined: all. */
  readonly asked: ReadonlySet<string> | undefined
  /** Ids that are new on the branch or in the next commit; undefined: nobody said what to compare with. */
  readonly released: ReadonlySet<string> | undefined
}

export async function migrationsOf(
  context: Context,
  request: LintRequest,
  store: Store | undefined,
  readLong?: HistoryInput['readLong'],
): Promise<AskedMigrations> {
  const paths = request.paths.length === 0 ? [migrationsDirectory(context)] : request.paths
  const onDisk = paths.filter((path) => path !== '-')
  const { set: found, isAsked } = await scopedSources(request, () => sourcesOf(context, onDisk), {
    cwd: context.cwd,
    paths: onDisk,
    readers: readers(context),
  })
  const { sources, names, start } = found
  const typed = request.stdin === undefined ? [] : [{ file: sourceFile('<stdin>', request.stdin), below: undefined }]
  const set = { sources: [...sources, ...typed], names, start }
  const migrations = await historyOf(context, set, { inTransaction: request.inTransaction, store, readLong })
  // What the runner would refuse, the developer hears first.
  checkGates(migrations, gates)
  const asked = isAsked === undefined ? undefined : idsOf(migrations.filter(isAsked))
  return { set, migrations, asked, released: asked }
}

const severities: readonly Severity[] = ['error', 'warning', 'info']

export function fails(report: LintReport, failOn: Severity): boolean {
  const limit = severities.indexOf(failOn)
  return report.findings.some(({ severity }) => severities.indexOf(severity) <= limit)
}
