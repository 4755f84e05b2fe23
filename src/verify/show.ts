import { indent, plural, visible, wrap } from '../core/text.ts'
import type { LevelResult, Proof, Standing } from '../model/proof.ts'
import type { ProofEntry, ProofReport } from './report.ts'
import type { ReportStyle } from '../model/report.ts'
import { differenceText } from './compare.ts'
import { locksText } from './show-locks.ts'
import { claims, pointsOfNoReturn, titleOf, totalWords, verdictOf } from './words.ts'

const colors: Readonly<Record<Standing, string>> = { proven: '32', broken: '31', 'not covered': '33' }
const directions = ['up', 'down'] as const
const shownDifferences = 10
const minWidth = 30

/** The report for people: what was verified and what does not hold, with its levels, each level with its evidence. */
export function verifyText(report: ProofReport, style: ReportStyle): string {
  const shown = report.entries.filter(({ from, refused }) => from === 'run' || refused !== undefined)
  const parts = [
    ...shown.flatMap((entry) => (entry.proof === undefined ? [] : [`${entryText(entry, entry.proof, style)}\n`])),
    ...checkLines(report, style),
    ...report.passedOver.map((reason) => paragraph(`Passed over, ${reason}.`, style)),
    paragraph(totalText(report, shown.length), style),
    ...pointLines(report, style),
    ...hidesLines(report, style),
    ...fileLines(report, style),
  ]
  return `${parts.join('\n')}\n`
}

function totalText(report: ProofReport, shown: number): string {
  const count = report.entries.length
  if (count === 0) return 'There is nothing to verify.'
  if (shown > 0) return `${totalWords(report)}.`
  if (report.check) return `Every proof holds: ${plural(count, 'migration')} unchanged since verified.`
  const all = count === 1 ? 'the only migration has' : `all ${plural(count, 'migration')} have`
  return `Nothing to verify: ${all} a valid proof. Verify them again with --all.`
}

function entryText(entry: ProofEntry, proof: Proof, style: ReportStyle): string {
  const kept = entry.from === 'file' ? ' (unchanged since verified)' : ''
  const lines = [paragraph(`${titleOf(entry)}: ${verdictOf(proof)}${kept}`, style), ...levelLines(proof, style)]
  const { differences = [], unseeded = [], measured } = entry.seen ?? {}
  if (differences.length > 0)
    lines.push('  The schema is not the same again:', ...differenceLines(differences.map(differenceText), style))
  for (const { table, reason } of unseeded) lines.push(paragraph(`${table} has no rows: ${reason}`, style, 2))
  for (const direction of directions)
    lines.push(...(measured === undefined ? [] : locksText(direction, measured[direction], style.width)))
  if (proof.losses.length > 0)
    lines.push(paragraph(`Declared to be lost by the downgrade: ${proof.losses.join(', ')}`, style, 2))
  return lines.join('\n')
}

function levelLines({ levels }: Proof, style: ReportStyle): readonly string[] {
  return levels.flatMap(({ level, standing, evidence }: LevelResult) => [
    `  ${level} ${paint(standing.padEnd('not covered'.length), colors[standing], style)} ${claims[level]}`,
    paragraph(evidence, style, 17),
  ])
}

function differenceLines(texts: readonly string[], style: ReportStyle): readonly string[] {
  const lines = texts.slice(0, shownDifferences).map((text) => paragraph(text, style, 4))
  const more = texts.length - shownDifferences
  return more > 0 ? [...lines, `    and ${plural(more, 'more')}`] : lines
}

/** With `--check`: the files that do not hold, and what to type. */
function checkLines({ check, entries, unable, folder }: ProofReport, style: ReportStyle): readonly string[] {
  const failed = entries.filter(({ file }) => file !== undefined)
  if (!check || failed.length === 0) return []
  return [
    `${plural(failed.length, 'proof')} in ${folder} ${failed.length === 1 ? 'does' : 'do'} not hold:`,
    ...failed.map((entry) => paragraph(`${titleOf(entry)}: ${entry.file?.text}`, style, 2)),
    ...(unable === undefined ? [] : [paragraph(`They could not be verified anew: ${unable}`, style)]),
    paragraph(`Make them anew with: ${commandFor(failed)} — and commit ${folder}.\n`, style),
  ]
}

/** A plain `migrate verify` leaves a proof alone whose key is that of the files. */
function commandFor(failed: readonly ProofEntry[]): string {
  const differing = failed.filter(({ file }) => file?.state === 'differs')
  const ids = differing.length === failed.length ? differing.map(({ id }) => ` ${id}`) : []
  return `migrate verify${differing.length > 0 && ids.length === 0 ? ' --all' : ids.join('')}`
}

/** Migrations that cannot be taken back, and with them everything before. */
function pointLines({ entries }: ProofReport, style: ReportStyle): readonly string[] {
  const points = pointsOfNoReturn(entries)
  if (points.length === 0) return []
  const items = points.map(({ id, name, reason }) => `${`${id} ${name}`.trim()} (${reason})`)
  return [paragraph(`Points of no return: ${items.join('; ')}.`, style)]
}

/** What is proven holds for the scratch server; this says where the target is another. */
function hidesLines({ hides }: ProofReport, style: ReportStyle): readonly string[] {
  if (hides.length === 0) return []
  const items = hides.map((sentence) => `- ${paragraph(sentence, style, 2).trimStart()}`)
  return ['What the difference to the target may hide:', ...items]
}

function fileLines({ written, removed, obsolete, folder }: ProofReport, style: ReportStyle): readonly string[] {
  const left = obsolete.filter((path) => !removed.includes(path))
  return [
    ...(written.length === 0 ? [] : [`Wrote ${plural(written.length, 'proof')} to ${folder}.`]),
    ...(removed.length === 0
      ? []
      : [`Removed ${plural(removed.length, 'proof')} of migrations that there are not: ${removed.join(', ')}.`]),
    ...(left.length === 0 ? [] : [`Of no migration that there is: ${left.join(', ')}. "migrate verify" removes it.`]),
  ].map((line) => paragraph(line, style))
}

function paragraph(text: string, { width }: ReportStyle, by = 0): string {
  return indent(wrap(visible(text), Math.max(width - by, minWidth)), by)
}

function paint(text: string, color: string, style: ReportStyle): string {
  return style.color ? `\u001B[${color}m${text}\u001B[0m` : text
}
