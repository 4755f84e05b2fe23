import { ToolkitError } from '../../core/errors.ts'
import type { ReportStyle } from '../../model/report.ts'
import { type QueryReport, isBroken, queryReport } from '../../verify/queries/report.ts'
import { queryJson } from '../../verify/queries/reports/json.ts'
import { queryJunit } from '../../verify/queries/reports/junit.ts'
import { queryMarkdown } from '../../verify/queries/reports/markdown.ts'
import { queryText } from '../../verify/queries/reports/text.ts'
import { askedContracts } from '../asked-contracts.ts'
import type { Answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { contractsDirectory, readReleaseContracts } from '../release-contracts.ts'
import { type ReportForms, reportForm } from '../report-form.ts'
import { type VerifyRequest, answerVerify } from './verify.ts'

export interface CheckQueriesRequest extends Omit<VerifyRequest, 'write' | 'check' | 'releases'> {
  /** Ask the queries of these releases alone, whenever they were captured; empty: those that each migration has to keep. */
  readonly releases: readonly string[]
}

/** What `queries check` has to say, in every form that there is. */
export interface CheckQueriesAnswer extends Answer {
  /** @throws ToolkitError `command-invalid` for a form that there is not */
  as(format: string, style: ReportStyle): Promise<string>
}

/** Whether what earlier releases send still works, before, during and after each migration. Writes nothing. */
export async function answerCheckQueries(context: Context, request: CheckQueriesRequest): Promise<CheckQueriesAnswer> {
  const { releases, migrations, all, last } = request
  const contracts = askedContracts(readReleaseContracts(context), releases)
  if (contracts.length === 0) throw nothingCaptured(context)
  // Proof files speak of the releases that each migration has to keep, not of those that are named here.
  const everything = releases.length > 0 && migrations.length === 0 && last === undefined
  const { report } = await answerVerify(context, { ...request, all: all || everything, write: false })
  return answerOf(queryReport(report))
}

function answerOf(report: QueryReport): CheckQueriesAnswer {
  return {
    exit: report.entries.some(isBroken) ? 'no' : 'ok',
    json: queryJson(report),
    text: (style) => queryText(report, style),
    as: async (format, style) => reportForm(forms, format)(report, style),
  }
}

const forms: ReportForms<QueryReport> = {
  terminal: queryText,
  json: (report) => `${JSON.stringify(queryJson(report), null, 2)}\n`,
  junit: queryJunit,
  markdown: queryMarkdown,
}

function nothingCaptured(context: Context): ToolkitError {
  return new ToolkitError({
    code: 'command-invalid',
    message: `No release is captured in "${contractsDirectory(context)}".`,
    hint: 'Capture what the running version sends: migrate queries capture --help',
  })
}
