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
  return [...(shown.length > 0 ? [headText(report), ...shown] : [headText(report)]), ...notes].join('\n') + '\n'
}

function headText({ differences, missing, replayed, journal }: DriftReport): string {
  const of = journal
    ? `the ${plural(replayed, 'migration')} applied to it`
    : `the history of ${plural(replayed, 'migration')}`
  const count = differences.length + missing.length
  if (count === 0)
    return `No drift: the database is what ${of} makes.`.replace(
      'migrations applied to it makes',
      'migrations applied to it make',
    )
  return `${plural(count, 'difference')} between the database and ${of} (history → database):`
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
