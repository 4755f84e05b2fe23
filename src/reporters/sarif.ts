import { visible } from '../core/text.ts'
import { toolVersion } from '../core/tool-version.ts'
import type { Finding, LintReport, RuleInfo, Severity } from '../model/finding.ts'
import { pageAddress, pathUri } from './addresses.ts'
import type { Lines } from './lines.ts'
import { linesOf } from './lines.ts'
import { fullMessage } from './message.ts'
import type { Reporter } from './reporter.ts'
import { replacementOf } from '../model/replacement.ts'

const levels = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>

/** What GitHub calls the same. A severity for security would turn findings into security alerts; they are none. */
const problemSeverities = {
  error: 'error',
  warning: 'warning',
  info: 'recommendation',
} as const satisfies Record<Severity, string>

/** Longest text of a rule that GitHub's code scanning takes. */
const maxRuleText = 1024

/** SARIF 2.1.0 (OASIS), with what GitHub's code scanning asks for. */
export const sarif: Reporter = {
  id: 'sarif',
  summary: 'SARIF 2.1.0, for code scanning (GitHub, Azure DevOps) and viewers in editors.',
  report: (report) => `${JSON.stringify(log(report), null, 2)}\n`,
}

function log(report: LintReport): object {
  const lines = linesOf()
  const known = report.baseline?.known ?? []
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Lockstep',
            semanticVersion: toolVersion,
            rules: report.rules.map((rule) => descriptor(report, rule)),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: [
          ...report.findings.map((finding) => result(report, finding, lines)),
          ...known.map((finding) => ({ ...result(report, finding, lines), suppressions: [suppression(report)] })),
        ],
      },
    ],
  }
}

function descriptor(report: LintReport, rule: RuleInfo): object {
  const helpUri = pageAddress(report, rule.docs)
  const help = `${rule.why}\n\nMore, with examples: migrate explain ${rule.id}`
  return {
    id: rule.id,
    shortDescription: { text: short(rule.summary) },
    fullDescription: { text: short(rule.why) },
    help: { text: help, markdown: `${rule.why}\n\nMore, with examples: \`migrate explain ${rule.id}\`` },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: levels[rule.severity] },
    properties: { tags: [...rule.hazards], 'problem.severity': problemSeverities[rule.severity] },
  }
}

function short(text: string): string {
  return text.length <= maxRuleText ? text : `${text.slice(0, maxRuleText - 1)}…`
}

function result({ rules }: LintReport, finding: Finding, lines: Lines): object {
  const text = replacementOf(finding)
  return {
    ruleId: finding.rule,
    ruleIndex: rules.findIndex(({ id }) => id === finding.rule),
    level: levels[finding.severity],
    message: { text: withoutLinks(visible(fullMessage(finding))) },
    locations: [
      { physicalLocation: { artifactLocation: artifact(finding), region: region(finding, finding.span, lines) } },
    ],
    // The name of the first is GitHub's: alerts follow it when lines move.
    partialFingerprints: { primaryLocationLineHash: `${finding.fingerprint}:1`, 'lockstep/v1': finding.fingerprint },
    ...(text === undefined ? {} : { fixes: [fix(finding, text, lines)] }),
  }
}

/** `[words](address)` in a message would be a link (SARIF 2.1.0, 3.11.6), and the words may be a user's names. */
function withoutLinks(text: string): string {
  return text.replaceAll('](', '\\](')
}

function artifact({ file }: Finding): object {
  return { uri: pathUri(file.path) }
}

function region({ file }: Finding, span: Finding['span'], lines: Lines): object {
  const start = lines.inUnits(file, span.start)
  const end = lines.inUnits(file, span.end)
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column }
}

function fix(finding: Finding, text: string, lines: Lines): object {
  const replacement = { deletedRegion: region(finding, finding.within, lines), insertedContent: { text } }
  return {
    description: { text: 'Replace the statement.' },
    artifactChanges: [{ artifactLocation: artifact(finding), replacements: [replacement] }],
  }
}

function suppression({ baseline }: LintReport): object {
  return { kind: 'external', status: 'accepted', justification: `Known: it is in ${baseline?.path ?? 'the baseline'}.` }
}
