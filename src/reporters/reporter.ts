import type { LintReport } from '../model/finding.ts'
import type { ReportStyle } from '../model/report.ts'

/** A form that findings are shown in. Pure: a report becomes text. */
export interface Reporter {
  readonly id: string
  readonly summary: string
  report(report: LintReport, style: ReportStyle): string
}
