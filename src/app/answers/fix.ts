import { existsSync, readdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { plural } from '../../core/text.ts'
import { memoryStore } from '../../core/store.ts'
import { ToolkitError } from '../../core/errors.ts'
import type { FixInput, FixPlan } from '../../fixes/fix.ts'
import { planFixes } from '../../fixes/plan-fixes.ts'
import { isFixable } from '../../fixes/mend.ts'
import { layouts } from '../../layouts/registry.gen.ts'
import { gates } from '../../gates/registry.gen.ts'
import type { Layout } from '../../layouts/layout.ts'
import type { LintReport } from '../../model/finding.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import type { Answer } from '../answer.ts'
import { appliedAlready } from '../applied.ts'
import { historyOf, targetOf, wantedLayout } from '../context.ts'
import type { Context } from '../context.ts'
import { changesOf, fixJson, fixText } from '../fix-report.ts'
import type { FixOutcome } from '../fix-report.ts'
import { liveOf, pendingOf } from '../live.ts'
import type { Live } from '../live.ts'
import { overlaid } from '../overlay.ts'
import type { SourceSet } from '../source-files.ts'
import { pickLayout } from '../pick-layout.ts'
import { readProof } from '../proofs.ts'
import { writeFiles } from '../write-files.ts'
import { fails, lessKnown, lintHistory, migrationsOf } from './lint.ts'
import type { AskedMigrations, LintRequest } from './lint.ts'

export interface FixRequest extends Omit<LintRequest, 'updateBaseline' | 'stdin'> {
  /** Say what would be written, and write nothing. */
  readonly dryRun: boolean
  /** What a branch is compared with, to tell which migrations are new on it. */
  readonly base?: string | undefined
}

/**
 * Mends what a machine can mend without harm, and says what it left and why.
 *
 * @throws ToolkitError `fix-refused`, `command-invalid`, `file-changed`, `file-exists`, `output-unwritable`
 */
export async function answerFix(context: Context, request: FixRequest): Promise<Answer> {
  if (request.staged === true) throw onlyOnDisk('--staged')
  if (request.paths.includes('-')) throw onlyOnDisk('Standard input')
  await context.dialect.load()
  const read = await migrationsOf(context, request, undefined)
  const live = await liveOf(context, request)
  const target = targetOf(context, request.target, live?.snapshot.server)
  const pending = pendingOf(read.migrations, live).map(({ id }) => id)
  const asked = new Set(pending.filter((id) => read.asked?.has(id) ?? true))
  const found = lintHistory(context, read.migrations, target, {
    report: asked,
    released: read.released,
    asked: request.choice,
    live,
  })
  const first = await lessKnown(context, request, found, asked)
  const plan = await planFixes(await inputOf(context, request, { ...read, asked, target, live, first }))
  const layout = layoutOf(context, request, read.set)
  const outcome = await outcomeOf(context, request, { plan, read, layout, first })
  if (!request.dryRun) await writeFiles(outcome.changes.map(({ write }) => write))
  const would = request.dryRun && outcome.changes.length > 0
  const left = fails(plan.report, request.failOn ?? context.loaded.config.lint.failOn)
  return {
    exit: would || left ? 'no' : 'ok',
    json: fixJson(outcome),
    text: (style) => fixText(outcome, style),
  }
}

function onlyOnDisk(what: string): ToolkitError {
  return new ToolkitError({
    code: 'command-invalid',
    message: `${what} is not on disk, so --fix has nothing to write there.`,
    hint: 'Name files or a directory: migrate lint --fix migrations',
  })
}

interface Read extends AskedMigrations {
  readonly asked: ReadonlySet<string>
  readonly target: number
  readonly live: Live | undefined
  readonly first: LintReport
}

async function inputOf(
  context: Context,
  request: FixRequest,
  { set, migrations, asked, released, target, live, first }: Read,
): Promise<FixInput> {
  const layout = layoutOf(context, request, set)
  const store = memoryStore()
  const texts = new Map(set.sources.map(({ file }) => [file.path, file.text]))
  // A baseline knows what is not to be mended; whatever else changes, that stays known.
  const known = new Set(first.baseline?.known.map(({ fingerprint }) => fingerprint))
  const mustKeep = first.findings.some(isFixable)
    ? await appliedAlready(context, request.paths, { base: request.base ?? request.changed?.base, live })
    : () => undefined
  return {
    state: { files: new Map(), migrations, findings: first.findings },
    asked,
    writer: layout.writer,
    mustKeep: (migration) => layout.sealed?.(migration) ?? mustKeep(migration),
    textOf: (path) => texts.get(path),
    namesBeside: (path) => namesIn(resolve(context.cwd, dirname(path))),
    read: (files) =>
      historyOf(context, overlaid(set, files), { inTransaction: request.inTransaction, layout: layout.id, store }),
    judge: (all, ids) => {
      const report = lintHistory(context, all, target, {
        report: ids,
        // A file that a fix adds comes with the rest.
        released: released === undefined ? undefined : ids,
        asked: request.choice,
        live,
      })
      return { ...report, findings: report.findings.filter(({ fingerprint }) => !known.has(fingerprint)) }
    },
  }
}

function layoutOf(context: Context, { inTransaction }: FixRequest, set: SourceSet): Layout {
  return pickLayout({
    set,
    layouts,
    wanted: wantedLayout(context),
    purpose: 'lint',
    options: {
      knownRules: context.knownRules,
      knownGates: gates.map(({ id }) => id),
      ...(inTransaction === undefined ? {} : { inTransaction }),
    },
  })
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : []
}

async function outcomeOf(
  context: Context,
  { dryRun }: FixRequest,
  done: {
    readonly plan: FixPlan
    readonly read: AskedMigrations
    readonly layout: Layout
    readonly first: LintReport
  },
): Promise<FixOutcome> {
  const { plan, read, layout, first } = done
  const changes = changesOf(plan, read.set, context.cwd)
  const changed = read.migrations.filter(({ source }) => plan.files.has(source.path))
  const proofs = await Promise.all(changed.map((migration) => staleProof(context, migration)))
  const applied = first.live?.applied ?? 0
  const notes = [
    ...(applied > 0
      ? [`${plural(applied, 'migration')} ${applied === 1 ? 'is' : 'are'} applied there and left alone.`]
      : []),
    ...(changes.length > 0 && layout.afterChange !== undefined ? [layout.afterChange] : []),
    ...proofs.flatMap((note) => note ?? []),
  ]
  return { dryRun, found: first.findings.length, plan, changes, notes }
}

/** What was proved of a file says nothing of another text. */
async function staleProof(context: Context, migration: ParsedMigration): Promise<string | undefined> {
  const { proof } = await readProof(context, migration.id)
  return proof && `The proof of ${migration.id} is about the file as it was: migrate verify ${migration.id}`
}
