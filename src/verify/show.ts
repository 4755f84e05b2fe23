import { indent, plural, wrap } from '../core/text.ts'
import type { Level, Standing } from '../model/proof.ts'
import type { ReportStyle } from '../model/report.ts'
import { differenceText } from './compare.ts'
import { locksText } from './show-locks.ts'
import type { VerifyReport, VerifyResult } from './verify.ts'

/** What each level claims, in one line. */
const claims: Readonly<Record<Level, string>> = {
  D0: 'touches only what the upgrade touched',
  D1: 'runs, up, down and up again, on rows',
  D2: 'gives the schema back',
  D3: 'gives the data back',
  D4: 'keeps what was written since',
  D5: 'answers the old queries as before',
}

const colors: Readonly<Record<Standing, string>> = { proven: '32', broken: '31', 'not covered': '33' }
const shownDifferences = 10

/** The report for people: each migration with its levels, each level with its evidence. */
export function verifyText(report: VerifyReport, style: ReportStyle): string {
  if (report.results.length === 0) return 'There is nothing to verify.\n'
  const parts = report.results.map((result) => resultText(result, style))
  return `${parts.join('\n')}\n${totalText(report)}\n`
}

function resultText({ migration, proof, differences, unseeded, measured }: VerifyResult, style: ReportStyle): string {
  const title = `${migration.id} ${migration.name}`.trim()
  const lines = [`${title}: ${verdict(proof.level, proof.irreversible)}`]
  for (const { level, standing, evidence } of proof.levels) {
    const mark = paint(standing.padEnd('not covered'.length), colors[standing], style)
    lines.push(`  ${level} ${mark} ${claims[level]}`, indent(wrap(evidence, Math.max(style.width - 17, 30)), 17))
  }
  if (differences.length > 0)
    lines.push('  The schema is not the same again:', ...differenceLines(differences.map(differenceText), style))
  for (const { table, reason } of unseeded)
    lines.push(indent(wrap(`${table} has no rows: ${reason}`, style.width - 2), 2))
  for (const direction of ['up', 'down'] as const) lines.push(...locksText(direction, measured[direction], style.width))
  if (proof.losses.length > 0) lines.push(`  Declared to be lost by the downgrade: ${proof.losses.join(', ')}`)
  return `${lines.join('\n')}\n`
}

function differenceLines(texts: readonly string[], style: ReportStyle): readonly string[] {
  const lines = texts.slice(0, shownDifferences).map((text) => indent(wrap(text, Math.max(style.width - 4, 30)), 4))
  const more = texts.length - shownDifferences
  return more > 0 ? [...lines, `    and ${plural(more, 'more')}`] : lines
}

function verdict(level: Level | null, irreversible: string | null): string {
  if (irreversible !== null) return 'declared irreversible'
  return level === null ? 'no level is proven' : `downgrade proven to level ${level}`
}

function totalText({ results, server, shadow }: VerifyReport): string {
  const broken = results.filter(({ proof }) => proof.levels.some(({ standing }) => standing === 'broken')).length
  const state = broken === 0 ? 'none broken' : `${broken} broken`
  return `${plural(results.length, 'migration')} verified on ${server} (${shadow}), ${state}.`
}

function paint(text: string, color: string, style: ReportStyle): string {
  return style.color ? `\u001B[${color}m${text}\u001B[0m` : text
}
