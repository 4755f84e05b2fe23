import type { Position } from '../core/span.ts'
import { positionAt } from '../core/span.ts'
import { silentLog } from '../core/log.ts'
import type { Finding, LintReport } from '../model/finding.ts'
import type { Rule } from '../rules/rule.ts'
import { lintHistory } from './answers/lint.ts'
import type { RuleChoice } from './config/lint.ts'
import { forHistory, liveOf } from './live.ts'
import type { Live } from './live.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Context } from './context.ts'
import { contextWith, historyOf, sourcesOf, targetOf } from './context.ts'
import { defaultConfig } from './load-config.ts'
import { sourceFile, sourceSet } from './source-files.ts'

/** A migration that does not lie on disk. */
export interface LintText {
  /** Its name in findings, and what tells its id where the layout has ids. */
  readonly path: string
  readonly text: string
}

export interface LintOptions extends RuleChoice {
  /** Texts, or paths of files and directories, oldest first: one history. */
  readonly files: readonly (string | LintText)[]
  /** Paths of the files to report on; the others are history. All when absent. */
  readonly only?: readonly string[]
  /** How migrations lie on disk: `plain` for bare SQL, `dbmate`, `prisma`, …; detected when absent. */
  readonly layout?: string
  /** Major version of the server; the newest that is known when absent. */
  readonly target?: number
  /** Whether each file runs in one transaction, where the layout leaves that to the runner. */
  readonly inTransaction?: boolean
  /** What a live database holds, or the path of a file of `migrate snapshot`; its server is the target unless one is given. */
  readonly snapshot?: Snapshot | string
  readonly customRules?: readonly Rule[]
  /** The directory that paths are relative to; that of the process when absent. */
  readonly cwd?: string
}

/** A finding with its place in lines and columns, from 1; columns count characters, the end is exclusive. */
export interface PlacedFinding extends Finding {
  readonly start: Position
  readonly end: Position
}

export interface LintResult extends LintReport {
  readonly findings: readonly PlacedFinding[]
}

/**
 * Lints migrations: texts in memory, or files. No configuration file is read, nothing is written, no database is asked.
 *
 * @example
 * ```ts
 * import { lint } from 'lockstep'
 *
 * const { findings } = await lint({
 *   files: [
 *     { path: '1.sql', text: 'create table books (id bigint primary key, title text);' },
 *     { path: '2.sql', text: 'create index on books (title);' },
 *   ],
 *   layout: 'plain',
 *   target: 15,
 *   only: ['2.sql'],
 *   presets: ['recommended', 'style'],
 *   rules: { 'drop-table': 'warning' },
 * })
 * for (const { rule, start, message } of findings) console.log(`${start.line}:${start.column} ${rule} ${message}`)
 * ```
 *
 * @throws ToolkitError `rule-unknown`, `config-invalid` for rules, `command-invalid` for a target that is not known,
 * `layout-unknown`, `directory-missing`, `file-unreadable`, `file-not-utf8`, and what is wrong with the files for their
 * layout: `directive-unknown`, `directive-invalid`, `migration-duplicate`, `migration-name-invalid`, `migration-empty`;
 * for a snapshot `snapshot-invalid`
 */
export async function lintFiles(options: LintOptions): Promise<LintResult> {
  const { presets, rules, customRules = [], layout, cwd = '.' } = options
  const lint = { ...defaultConfig.lint, customRules, ...(presets === undefined ? {} : { presets }), rules: rules ?? {} }
  const loaded = { config: { ...defaultConfig, lint }, root: cwd, path: undefined }
  const context = contextWith({ cwd, env: {}, layout, log: silentLog }, loaded)
  const paths = options.files.filter((file) => typeof file === 'string')
  const texts = options.files.filter((file) => typeof file !== 'string')
  const typed = sourceSet(
    texts.map(({ path, text }) => sourceFile(path, Buffer.from(text))),
    cwd,
  )
  const read = paths.length === 0 ? typed : await sourcesOf(context, paths)
  const set =
    paths.length === 0
      ? typed
      : { ...read, sources: [...read.sources, ...typed.sources], names: [...read.names, ...typed.names] }
  const migrations = await historyOf(context, set, { inTransaction: options.inTransaction })
  const live = forHistory(await liveFor(context, options.snapshot), migrations)
  // A history of programs may have needed no grammar.
  await context.dialect.load()
  const { only } = options
  const asked = migrations.filter(({ source }) => only === undefined || only.includes(source.path))
  const report = lintHistory(context, migrations, targetOf(context, options.target, live?.snapshot.server), {
    report: new Set(asked.map(({ id }) => id)),
    live,
  })
  return { ...report, findings: report.findings.map(placed) }
}

function liveFor(context: Context, snapshot: Snapshot | string | undefined): Promise<Live | undefined> {
  if (typeof snapshot === 'object') return Promise.resolve({ snapshot, path: undefined })
  return liveOf(context, { snapshot })
}

function placed(finding: Finding): PlacedFinding {
  const { file, span } = finding
  return { ...finding, start: positionAt(file.text, span.start), end: positionAt(file.text, span.end) }
}
