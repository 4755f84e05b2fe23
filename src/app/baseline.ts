import { existsSync, readFileSync } from 'node:fs'
import { ToolkitError } from '../core/errors.ts'
import { fileReason } from '../core/file-reason.ts'
import { parseJson, textField } from '../core/json.ts'
import type { BaselineEntry, Finding, LintReport } from '../model/finding.ts'
import { writeOutput } from './write-output.ts'

export interface BaselineFile {
  /** From the start of the file system. */
  readonly path: string
  /** As it was named. */
  readonly shown: string
}

/**
 * A report in which what the file knows is set apart.
 *
 * @param looked ids of the migrations that were judged: of others nobody can say that an entry is no longer found
 * @throws ToolkitError `file-unreadable` when there is no such file, `baseline-invalid`
 */
export function withBaseline(report: LintReport, file: BaselineFile, looked: ReadonlySet<string>): LintReport {
  return setApart(report, file, readBaseline(file), looked)
}

/**
 * Writes the file, and gives the report that it leads to. A file that there is not yet gets all findings; one that
 * there is loses what is no longer found, and never grows: what it does not know stays among the findings.
 *
 * @throws ToolkitError `baseline-invalid`, `output-unwritable`
 */
export async function updateBaseline(
  report: LintReport,
  file: BaselineFile,
  looked: ReadonlySet<string>,
): Promise<LintReport> {
  const before = existsSync(file.path) ? readBaseline(file) : report.findings.map(entryOf)
  const { gone = [] } = setApart(report, file, before, looked).baseline ?? {}
  const kept = before.filter((entry) => !gone.includes(entry))
  await writeOutput(file.path, file.shown, baselineText(kept))
  return setApart(report, file, kept, looked)
}

function setApart(
  report: LintReport,
  { shown }: BaselineFile,
  entries: readonly BaselineEntry[],
  looked: ReadonlySet<string>,
): LintReport {
  const listed = new Set(entries.map(({ fingerprint }) => fingerprint))
  const found = new Set(report.findings.map(({ fingerprint }) => fingerprint))
  const isKnown = ({ fingerprint }: Finding): boolean => listed.has(fingerprint)
  return {
    ...report,
    findings: report.findings.filter((finding) => !isKnown(finding)),
    baseline: {
      path: shown,
      known: report.findings.filter(isKnown),
      gone: entries.filter(({ migration, fingerprint }) => looked.has(migration) && !found.has(fingerprint)),
    },
  }
}

function entryOf({ migration, rule, fingerprint }: Finding): BaselineEntry {
  return { migration, rule, fingerprint }
}

/** One entry a line, sorted, so that changes are small and two branches seldom meet in one place. */
function baselineText(entries: readonly BaselineEntry[]): string {
  const lines = entries
    .toSorted(
      (a, b) => compare(a.migration, b.migration) || compare(a.rule, b.rule) || compare(a.fingerprint, b.fingerprint),
    )
    .map(({ migration, rule, fingerprint }) => `    ${JSON.stringify({ migration, rule, fingerprint })}`)
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`
  return `{\n  "version": 1,\n  "findings": ${list}\n}\n`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function readBaseline({ path, shown }: BaselineFile): readonly BaselineEntry[] {
  if (!existsSync(path)) {
    throw new ToolkitError({
      code: 'file-unreadable',
      message: `There is no baseline "${shown}".`,
      hint: `Write what is found today into it: migrate lint --baseline ${shown} --update-baseline`,
    })
  }
  const entries = entriesOf(textOf(path, shown))
  if (entries !== undefined) return entries
  throw invalid(shown, 'it is not what --update-baseline writes')
}

function textOf(path: string, shown: string): unknown {
  try {
    return parseJson(readFileSync(path, 'utf8'))
  } catch (error) {
    throw invalid(shown, fileReason(error))
  }
}

function entriesOf(value: unknown): readonly BaselineEntry[] | undefined {
  if (typeof value !== 'object' || value === null || !('version' in value) || value.version !== 1) return undefined
  if (!('findings' in value) || !Array.isArray(value.findings)) return undefined
  const listed: readonly unknown[] = value.findings
  const entries = listed.flatMap((entry): BaselineEntry[] => {
    const [migration, rule, fingerprint] = ['migration', 'rule', 'fingerprint'].map((name) => textField(entry, name))
    return migration === undefined || rule === undefined || fingerprint === undefined
      ? []
      : [{ migration, rule, fingerprint }]
  })
  return entries.length === listed.length ? entries : undefined
}

function invalid(shown: string, why: string): ToolkitError {
  return new ToolkitError({
    code: 'baseline-invalid',
    message: `The baseline "${shown}" cannot be used: ${why}.`,
    hint: 'Take it from an older commit, or delete it and write it anew with --update-baseline.',
  })
}
