import { ToolkitError } from '../core/errors.ts'
import { suggestion } from '../core/text.ts'
import type { ReportStyle } from '../model/report.ts'
import { type VerifyFormat, verifyFormats } from './report-formats.ts'

/** A report in each of `verifyFormats`. */
export type ReportForms<Report> = Readonly<Record<VerifyFormat, (report: Report, style: ReportStyle) => string>>

/**
 * The form that was asked for.
 *
 * @throws ToolkitError `command-invalid` for another
 */
export function reportForm<Report>(forms: ReportForms<Report>, format: string): ReportForms<Report>[VerifyFormat] {
  const known = verifyFormats.find((one) => one === format)
  if (known !== undefined) return forms[known]
  throw new ToolkitError({
    code: 'command-invalid',
    message: `There is no format "${format}".`,
    hint: suggestion(format, verifyFormats),
  })
}
