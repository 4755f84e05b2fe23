import { indent, plural, visibleLine, wrap } from '../../../core/text.ts'
import type { QueryProof } from '../../../model/query-proof.ts'
import type { ReportStyle } from '../../../model/report.ts'
import { type QueryEntry, type QueryReport, isBroken } from '../report.ts'
import { brokenText, coverageText, missingRolesText, titleOf, totalText } from './words.ts'

const minWidth = 30
/** More statements than this of a kind are counted. */
const shown = 20
const colors = { broken: '31', notCovered: '33' } as const

/** For people: a table of states for each migration, then what is broken and what is not covered. */
export function queryText(report: QueryReport, style: ReportStyle): string {
  const asked = report.entries.filter(({ from, queries }) => queries !== null && from === 'run')
  const known = report.entries.filter((entry) => entry.from === 'file' && isBroken(entry))
  const parts = [...asked, ...known].map((entry) => `${entryText(entry, style)}\n\n`)
  return `${parts.join('')}${paragraph(`${totalText(report)}.`, style, 0)}\n`
}

function entryText(entry: QueryEntry, style: ReportStyle): string {
  const { queries, unable } = entry
  if (queries === null) return ''
  const roles = missingRolesText(queries)
  return [
    `${titleOf(entry)}${entry.from === 'file' ? ' (unchanged since verified)' : ''}`,
    paragraph(`${coverageText(queries)}.`, style, 2),
    ...(roles === undefined ? [] : [paragraph(roles, style, 2)]),
    ...(unable === undefined ? [] : [paragraph(`Not covered on the new schema: ${unable}`, style, 2)]),
    ...table(queries),
    ...brokenLines(queries, style),
    ...uncoveredLines(queries, style),
  ].join('\n')
}

function table({ states }: QueryProof): readonly string[] {
  if (states.length === 0) return []
  const rows = states.map(({ state, proven, broken, notCovered }) => [state, proven, broken, notCovered].map(String))
  return [['', 'proven', 'broken', 'not covered'], ...rows].map(
    ([state = '', proven = '', broken = '', open = '']) =>
      `  ${state.padEnd(20)} ${proven.padStart(7)} ${broken.padStart(7)} ${open.padStart(12)}`,
  )
}

function brokenLines({ broken }: QueryProof, style: ReportStyle): readonly string[] {
  return [
    ...broken
      .slice(0, shown)
      .flatMap((one) => [
        `  ${paint('broken', colors.broken, style)} ${paragraph(brokenText(one), style, 9).trimStart()}`,
        sqlText(one.sql, style),
        ...(one.step === null ? [] : [paragraph(`by: ${visibleLine(one.step)}`, style, 9)]),
      ]),
    ...more(broken.length),
  ]
}

function uncoveredLines({ notCovered }: QueryProof, style: ReportStyle): readonly string[] {
  return [
    ...notCovered
      .slice(0, shown)
      .flatMap(({ sql, why }) => [
        `  ${paint('not covered', colors.notCovered, style)} ${paragraph(why, style, 14).trimStart()}`,
        sqlText(sql, style),
      ]),
    ...more(notCovered.length),
  ]
}

function more(count: number): readonly string[] {
  return count > shown ? [`  and ${plural(count - shown, 'more')}: --json shows them`] : []
}

function sqlText(sql: string, style: ReportStyle): string {
  return paragraph(visibleLine(sql.replaceAll(/\s+/g, ' ').trim()), style, 9)
}

function paragraph(text: string, { width }: ReportStyle, left: number): string {
  return indent(wrap(text, Math.max(width - left, minWidth)), left)
}

function paint(text: string, color: string, style: ReportStyle): string {
  return style.color ? `\u001B[${color}m${text}\u001B[0m` : text
}
