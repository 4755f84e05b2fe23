import { indent, plural, visible, visibleLine, wrap } from '../core/text.ts'
import type { Effect } from '../model/effect.ts'
import { blocksReads, blocksWrites } from '../model/lock.ts'
import type { Finding, LintReport, Severity } from '../model/finding.ts'
import { nameText } from '../model/name.ts'
import type { ReportStyle } from '../model/report.ts'
import { cellWidth, excerpt } from './excerpt.ts'
import type { FindingPlace } from './lines.ts'
import { placer } from './lines.ts'
import type { Paint } from './paint.ts'
import { painter } from './paint.ts'
import type { Reporter } from './reporter.ts'
import { sizeText } from './sizes.ts'
import { countWords, liveWords } from './summary.ts'

/** Lines longer than this are hard to read, however wide the window is. */
const maxWidth = 100
const minWidth = 40

export const terminal: Reporter = {
  id: 'terminal',
  summary: 'For people: the place, what happens there, and what to write instead.',
  report: (report, style) => {
    const paint = painter(style.color)
    const width = Math.max(minWidth, Math.min(style.width, maxWidth))
    const placeOf = placer()
    const explained = new Set<string>()
    const blocks = report.findings.map((finding) => {
      // What happens inside the database is told once a rule.
      const explain = !explained.has(finding.rule)
      explained.add(finding.rule)
      return block(finding, placeOf(finding), { paint, width, explain })
    })
    return `${[...blocks, summary(report, paint, width)].join('\n\n')}\n`
  },
}

interface Look {
  readonly paint: Paint
  readonly width: ReportStyle['width']
  readonly explain: boolean
}

const colors = { error: 'red', warning: 'yellow', info: 'blue' } as const satisfies Record<Severity, string>

function block(finding: Finding, { start, starts }: FindingPlace, look: Look): string {
  const { paint, width, explain } = look
  const color = colors[finding.severity]
  const { text } = finding.file
  const effects = visibleLine(effectLine(finding.effects))
  const sizes = visibleLine(sizeText(finding))
  const place = `${visibleLine(finding.file.path)}:${start.line}:${start.column}`
  // A place is never broken, so that it can be clicked or copied: where it does not fit it has a line of its own.
  const fits = finding.severity.length + finding.rule.length + cellWidth(place) + 2 <= width
  const parts = [
    `${paint(color, finding.severity)} ${paint('bold', finding.rule)}${fits ? ' ' : '\n  '}${place}`,
    indent(excerpt({ text, span: finding.span, starts, line: start.line, width: width - 2, paint, color }), 2),
    indent(wrap(visibleLine(finding.message), width - 2), 2),
    ...(effects === '' ? [] : [labelled('lock', effects, look)]),
    ...(sizes === '' ? [] : [labelled('size', sizes, look)]),
    ...(explain ? [labelled('why', finding.why, look)] : []),
    ...(finding.instead === undefined ? [] : [`  ${paint('green', 'instead')}`, instead(finding.instead, width)]),
  ]
  return parts.join('\n')
}

/** Columns that a label takes: two before it, its longest word and two after. */
const labelWidth = 8

/** A word in front and the text beside it, however many lines that takes. */
function labelled(label: string, text: string, { paint, width }: Look): string {
  const lines = indent(wrap(text, width - labelWidth), labelWidth)
  return `  ${paint('dim', label)}${lines.slice(2 + label.length)}`
}

/** Prose is wrapped; SQL, which is several lines or ends in a semicolon, stays as it is. */
function instead(text: string, width: number): string {
  const shown = visible(text.replaceAll('\r\n', '\n')).trimEnd()
  const isSql = shown.includes('\n') || shown.endsWith(';')
  return indent(isSql ? shown : wrap(shown, width - 4), 4)
}

/** `ACCESS EXCLUSIVE on books: reads and writes wait · rewrites the table`. */
function effectLine(effects: readonly Effect[]): string {
  const [first, ...others] = effects.filter(({ lock }) => blocksWrites(lock))
  if (first === undefined) return ''
  const same = others.filter(({ lock }) => lock === first.lock)
  const tables = [first, ...same].map(({ table }) => nameText(table)).join(', ')
  const waits = blocksReads(first.lock) ? 'reads and writes wait' : 'writes wait'
  const rewritten = effects.filter(({ rewrites }) => rewrites)
  const read = effects.filter(({ rewrites, scans }) => scans && !rewrites)
  const parts = [
    `${first.lock} on ${tables}: ${waits}`,
    ...weaker(others, first),
    ...(rewritten.length > 0 ? [`rewrites ${namesOf(rewritten, effects)}`] : []),
    ...(read.length > 0 ? [`reads all of ${namesOf(read, effects)} meanwhile`] : []),
  ]
  return parts.join(' · ')
}

function weaker(others: readonly Effect[], first: Effect): readonly string[] {
  return others.filter(({ lock }) => lock !== first.lock).map(({ lock, table }) => `${lock} on ${nameText(table)}`)
}

function namesOf(chosen: readonly Effect[], all: readonly Effect[]): string {
  return all.length === 1 ? 'the table' : chosen.map(({ table }) => nameText(table)).join(', ')
}

function summary(report: LintReport, paint: Paint, width: number): string {
  const files = plural(report.files, 'file')
  const allowed = report.allowed === 0 ? '' : ` (${plural(report.allowed, 'finding')} allowed with a reason)`
  const live = liveWords(report)
  const known = baselineWords(report) + (live === '' ? '' : `\n${wrap(visibleLine(live), width)}`)
  if (report.findings.length === 0) {
    const words = (report.baseline?.known.length ?? 0) === 0 ? 'nothing to say about' : 'nothing new to say about'
    return `${paint('green', `${words} ${files}`)}${allowed}${known}`
  }
  const counts = countWords(report.findings, (severity, words) => paint(colors[severity], words))
  return `${counts.join(', ')} in ${files}${allowed}${known}`
}

/** What the baseline holds back, and what it holds for nothing. */
function baselineWords({ baseline }: LintReport): string {
  if (baseline === undefined) return ''
  const { known, gone, path } = baseline
  const held = known.length === 0 ? '' : `\n${plural(known.length, 'known finding')} in the baseline`
  if (gone.length === 0) return held
  const entries = plural(gone.length, 'entry', 'entries')
  return `${held}\n${entries} of ${visibleLine(path)} no longer found: take them out with --update-baseline`
}
