import { visible } from '../core/text.ts'
import type { Finding, LintReport, Severity } from '../model/finding.ts'
import { repositoryPath } from '../core/repository-path.ts'
import { pageAddress } from './addresses.ts'
import type { Lines } from './lines.ts'
import { linesOf } from './lines.ts'
import { fullMessage } from './message.ts'
import type { Reporter } from './reporter.ts'
import { replacementOf } from '../model/replacement.ts'

const severities = { error: 'ERROR', warning: 'WARNING', info: 'INFO' } as const satisfies Record<Severity, string>

/** The diagnostic format of reviewdog, which turns `suggestions` into changes that a reviewer applies with a click. */
export const rdjson: Reporter = {
  id: 'rdjson',
  summary: 'Diagnostics for reviewdog, with suggestions where a statement can be replaced as it stands.',
  report: (report) => {
    const lines = linesOf()
    const document = {
      source: { name: 'lockstep' },
      diagnostics: report.findings.map((finding) => diagnostic(report, finding, lines)),
    }
    return `${JSON.stringify(document, null, 2)}\n`
  },
}

function diagnostic(report: LintReport, finding: Finding, lines: Lines): object {
  const url = pageAddress(report, finding.docs)
  const text = replacementOf(finding)
  return {
    message: visible(fullMessage(finding)),
    location: { path: repositoryPath(finding.file.path), range: range(finding, finding.span, lines) },
    severity: severities[finding.severity],
    code: { value: finding.rule, ...(url === undefined ? {} : { url }) },
    ...(text === undefined ? {} : { suggestions: [{ range: range(finding, finding.within, lines), text }] }),
  }
}

/** Lines from 1; columns from 1 in bytes of UTF-8; the end is exclusive. */
function range({ file }: Finding, span: Finding['span'], lines: Lines): object {
  return { start: lines.inBytes(file, span.start), end: lines.inBytes(file, span.end) }
}
