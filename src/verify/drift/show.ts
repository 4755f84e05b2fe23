import { indent, listOf, plural, wrap } from '../../core/text.ts'
import type { ReportStyle } from '../../model/report.ts'
import { differenceText } from '../compare.ts'
import type { DriftReport } from './drift-of.ts'

/** The report for people: what is in the way of a fair comparison, each difference, and what was left aside. */
export function driftText(report: DriftReport, style: ReportStyle): string {
  const { differences, missing } = report
  const lines = [
    ...differences.map((one) => `${one.kind === 'schema' ? '' : `${one.kind}, `}${differenceText(one)}`),
    ...missing.map((id) => `migration ${id}: applied, but there is no such file in the directory`),
  ]
  const shown = lines.map((line) => indent(wrap(line, style.width - 2), 2))
  const notes = notesOf(report).map((note) => wrap(note, style.width))
  return `${[headText(report), ...shown, ...notes].join('\n')}\n`
}

function headText({ differences, missing, replayed }: DriftReport): string {
  const count = differences.length + missing.length
  const history = `its history (${plural(replayed, 'migration')})`
  if (count === 0) return `No drift: the database is what ${history} makes.`
  return `Drift: ${plural(count, 'difference')} from ${history} to the database.`
}

function notesOf(report: DriftReport): readonly string[] {
  const { journal, servers, unread, ignored, idle, columnOrder } = report
  return [
    journal ? undefined : 'The database has no journal that can be read, so the whole history was replayed.',
    servers.live === servers.scratch
      ? undefined
      : `The database is PostgreSQL ${servers.live}, the scratch server ${servers.scratch}: the same schema may be told otherwise.`,
    ...unread.map(({ kind, catalogue }) => `Not compared: ${kind}; the role may not read ${catalogue}.`),
    columnOrder.length === 0 ? undefined : `Columns stand in another order in ${listOf(columnOrder)}: no drift.`,
    ignored === 0 ? undefined : `${plural(ignored, 'difference')} ignored.`,
    ...idle.map((pattern) => `The pattern "${pattern}" ignores nothing: take it out.`),
  ].filter((note) => note !== undefined)
}
