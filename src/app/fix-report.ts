import { resolve } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import { positionAt } from '../core/span.ts'
import { plural, visible } from '../core/text.ts'
import type { FixPlan } from '../fixes/fix.ts'
import { isFixable } from '../fixes/mend.ts'
import type { Finding } from '../model/finding.ts'
import type { ReportStyle } from '../model/report.ts'
import { painter } from '../reporters/paint.ts'
import type { Paint } from '../reporters/paint.ts'
import type { SourceSet } from './source-files.ts'
import type { FileWrite } from './write-files.ts'

/** A file that a machine changes or makes. */
export interface FileChange {
  readonly write: FileWrite
  /** In the unified format; `git apply` takes it. */
  readonly diff: string
}

/** What `lint --fix` did, or would do. */
export interface FixOutcome {
  readonly dryRun: boolean
  /** How many findings there were. */
  readonly found: number
  readonly plan: FixPlan
  readonly changes: readonly FileChange[]
  /** What has to be done by hand now, a sentence each. */
  readonly notes: readonly string[]
}

/** What to write, with the differences, in the order of the paths. */
export function changesOf({ files }: FixPlan, { sources }: SourceSet, cwd: string): readonly FileChange[] {
  const before = new Map(sources.map(({ file }) => [file.path, file]))
  return [...files]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, { text }]) => {
      const old = before.get(path)
      if (old?.text === text) return []
      const from = old === undefined ? '/dev/null' : `a/${path}`
      const diff = createTwoFilesPatch(from, `b/${path}`, old?.text ?? '', text, undefined, undefined, { context: 3 })
      const sha = old === undefined ? {} : { sha256: old.sha256 }
      const write = { path: resolve(cwd, path), shown: path, text, ...sha }
      return [{ write, diff: diff.replace(/^=+\n/, '') }]
    })
}

/** The same for programs. */
export function fixJson({ dryRun, found, plan, changes, notes }: FixOutcome): unknown {
  return {
    version: 1,
    dryRun,
    found,
    fixed: plan.fixed.map(placeOf),
    left: plan.left.map(({ finding, reason }) => ({ ...placeOf(finding), reason })),
    withoutFix: plan.report.findings.filter((finding) => !isFixable(finding)).length,
    files: changes.map(({ write, diff }) => ({
      path: write.shown,
      action: write.sha256 === undefined ? 'created' : 'changed',
      diff,
    })),
    notes,
  }
}

function placeOf(finding: Finding): object {
  const { file, span, rule, migration, fingerprint } = finding
  const { line, column } = positionAt(file.text, span.start)
  return { rule, migration, path: file.path, line, column, fingerprint }
}

/** The same for people; the differences only where nothing was written. */
export function fixText(outcome: FixOutcome, { color }: ReportStyle): string {
  const { dryRun, plan, changes, notes } = outcome
  const paint = painter(color)
  const files = changes.map(({ write, diff }) => {
    if (dryRun) return painted(visible(diff), paint)
    return `${write.sha256 === undefined ? 'created' : 'changed'} ${visible(write.shown)}\n`
  })
  const left = plan.left.map(({ finding, reason }) => {
    const { line, column } = positionAt(finding.file.text, finding.span.start)
    return `${visible(`${finding.file.path}:${line}:${column} ${finding.rule} is left: ${reason}.`)}\n`
  })
  const more = notes.map((note) => `${visible(note)}\n`)
  return [...files, ...left, ...more, `${summaryOf(outcome)}\n`].join('')
}

function painted(diff: string, paint: Paint): string {
  const lines = diff.split('\n').map((line) => {
    if (/^(?:---|\+\+\+) /.test(line)) return paint('bold', line)
    if (line.startsWith('+')) return paint('green', line)
    if (line.startsWith('-')) return paint('red', line)
    return line.startsWith('@@') ? paint('blue', line) : line
  })
  return lines.join('\n')
}

function summaryOf({ dryRun, found, plan, changes }: FixOutcome): string {
  const without = plan.report.findings.filter((finding) => !isFixable(finding)).length
  const rest = [
    ...(plan.left.length === 0 ? [] : [`${plan.left.length} left`]),
    ...(without === 0 ? [] : [`${without} ${without === 1 ? 'has' : 'have'} no fix`]),
  ]
  // One mending may be the end of several findings; what it brings that is milder may be mended too.
  const gone = Math.min(found, Math.max(plan.fixed.length, found - plan.report.findings.length))
  const done = `${dryRun ? 'Would fix' : 'Fixed'} ${gone} of ${plural(found, 'finding')}`
  const where = changes.length === 0 ? '' : ` in ${plural(changes.length, 'file')}`
  return `${[`${done}${where}`, ...rest].join('; ')}.`
}
