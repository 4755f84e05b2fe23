import { code, fence, fitting, prose } from '../core/markdown.ts'
import { plural, visible } from '../core/text.ts'
import type { Finding, LintReport } from '../model/finding.ts'
import { pageAddress } from './addresses.ts'
import { excerpt } from './excerpt.ts'
import type { FindingPlace } from './lines.ts'
import { placer } from './lines.ts'
import { painter } from './paint.ts'
import type { Reporter } from './reporter.ts'
import { sizeText } from './sizes.ts'
import { countWords, liveWords } from './summary.ts'

/** Cells of an excerpt: a comment is seldom wider. */
const excerptWidth = 100

/** Characters of what to write instead. */
const maxInstead = 4000

/**
 * A comment for a pull request, or the summary of a CI job. What comes from a migration is either in a fence that it
 * cannot end, or text in which nothing is markup.
 */
export const markdown: Reporter = {
  id: 'markdown',
  summary: 'A comment for a pull request, or the summary of a job ($GITHUB_STEP_SUMMARY).',
  report: (report) => {
    const placeOf = placer()
    const blocks = report.findings.map((finding) => block(report, finding, placeOf(finding)))
    return `${[heading(report), ...fitting(blocks, (left) => `${plural(left, 'more finding')}: \`migrate lint\` shows them.`), ...known(report), ...judgedOn(report)].join('\n\n')}\n`
  },
}

function heading(report: LintReport): string {
  const files = plural(report.files, 'file')
  const allowed = report.allowed === 0 ? '' : `, ${plural(report.allowed, 'finding')} allowed with a reason`
  if (report.findings.length === 0) return `### migrate lint: nothing to say about ${files}${allowed}`
  return `### migrate lint: ${countWords(report.findings).join(', ')} in ${files}${allowed}`
}

function known({ baseline }: LintReport): readonly string[] {
  if (baseline === undefined || baseline.known.length === 0) return []
  return [`${plural(baseline.known.length, 'known finding')} in the baseline.`]
}

function judgedOn(report: LintReport): readonly string[] {
  const words = liveWords(report)
  return words === '' ? [] : [prose(words)]
}

function block(report: LintReport, finding: Finding, place: FindingPlace): string {
  const address = pageAddress(report, finding.docs)
  const rule = address === undefined ? code(finding.rule) : `[${code(finding.rule)}](<${encodeURI(address)}>)`
  const at = code(`${finding.file.path}:${place.start.line}:${place.start.column}`)
  const shown = excerpt({
    text: finding.file.text,
    span: finding.span,
    starts: place.starts,
    line: place.start.line,
    width: excerptWidth,
    paint: painter(false),
    color: 'red',
  })
  return [
    `#### ${finding.severity} ${rule} ${at}`,
    fence(shown, ''),
    prose(finding.message),
    ...(finding.sizes === undefined ? [] : [prose(sizeText(finding))]),
    `<details><summary>${finding.instead === undefined ? 'Why' : 'Why, and what to write instead'}</summary>`,
    prose(finding.why),
    ...(finding.instead === undefined ? [] : [instead(finding.instead)]),
    '</details>',
  ].join('\n\n')
}

function instead(text: string): string {
  const unix = visible(text.replaceAll('\r\n', '\n')).trimEnd()
  const isSql = unix.includes('\n') || unix.endsWith(';')
  const shown = unix.length <= maxInstead ? unix : `${unix.slice(0, maxInstead)}…`
  return isSql ? fence(shown, 'sql') : prose(shown)
}
