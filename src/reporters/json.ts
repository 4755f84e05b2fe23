import type { BaselineUse, Finding, LintReport } from '../model/finding.ts'
import { nameText } from '../model/name.ts'
import { pageAddress } from './addresses.ts'
import type { FindingPlace } from './lines.ts'
import { placer } from './lines.ts'
import type { Reporter } from './reporter.ts'

/** The stable form, version 1; a key that has no value is left out. */
export const json: Reporter = {
  id: 'json',
  summary: 'One JSON document for other programs; its form is stable.',
  report: (report) => `${JSON.stringify(documentOf(report), null, 2)}\n`,
}

function documentOf(report: LintReport): object {
  const placeOf = placer()
  return {
    version: 1,
    target: String(report.target),
    files: report.files,
    ...(report.live === undefined ? {} : { live: report.live }),
    findings: report.findings.map((finding) => findingObject(report, finding, placeOf(finding))),
    ...(report.baseline === undefined ? {} : { baseline: baselineObject(report.baseline) }),
  }
}

function baselineObject({ path, known, gone }: BaselineUse): object {
  return { path, known: known.length, gone }
}

function findingObject(report: LintReport, finding: Finding, { start, end }: FindingPlace): object {
  const strongest = finding.effects[0]
  return {
    rule: finding.rule,
    severity: finding.severity,
    path: finding.file.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    migration: finding.migration,
    statement: finding.statement,
    message: finding.message,
    why: finding.why,
    instead: finding.instead,
    rewrite: finding.rewrite,
    hazards: finding.hazards,
    lock: strongest?.lock,
    tables: finding.effects.map(({ table }) => nameText(table)),
    sizes: finding.sizes?.map(({ table, rows, bytes }) => ({ table: nameText(table), rows, bytes })),
    docs: finding.docs,
    url: pageAddress(report, finding.docs),
    fingerprint: finding.fingerprint,
  }
}
