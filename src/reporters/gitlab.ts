import { visible } from '../core/text.ts'
import type { Finding, Severity } from '../model/finding.ts'
import { repositoryPath } from '../core/repository-path.ts'
import type { FindingPlace } from './lines.ts'
import { placer } from './lines.ts'
import { sizedMessage } from './message.ts'
import type { Reporter } from './reporter.ts'

const severities = { error: 'critical', warning: 'major', info: 'info' } as const satisfies Record<Severity, string>

export const gitlab: Reporter = {
  id: 'gitlab',
  summary: 'A Code Quality report for GitLab (artifacts:reports:codequality).',
  report: ({ findings }) => {
    const placeOf = placer()
    return `${JSON.stringify(
      findings.map((finding) => issue(finding, placeOf(finding))),
      null,
      2,
    )}\n`
  },
}

function issue(finding: Finding, { start, end }: FindingPlace): object {
  return {
    description: visible(sizedMessage(finding)),
    check_name: finding.rule,
    fingerprint: finding.fingerprint,
    severity: severities[finding.severity],
    location: {
      path: repositoryPath(finding.file.path),
      lines: { begin: start.line, end: end.line },
    },
  }
}
