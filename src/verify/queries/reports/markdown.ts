import { code, fence, fitting, prose } from '../../../core/markdown.ts'
import { plural } from '../../../core/text.ts'
import { type QueryEntry, type QueryReport, isBroken } from '../report.ts'
import { brokenText, coverageText, missingRolesText, titleOf, totalText } from './words.ts'

/** A comment for a pull request. What is captured is no markup. */
export function queryMarkdown(report: QueryReport): string {
  const asked = report.entries.filter((entry) => entry.queries !== null && (entry.from === 'run' || isBroken(entry)))
  // What does not work comes first: a long comment is cut at its end.
  const blocks = asked.toSorted((a, b) => Number(isBroken(b)) - Number(isBroken(a))).map(entryBlock)
  return `${[
    `### migrate queries check: ${prose(totalText(report))}`,
    ...fitting(blocks, (more) => `${plural(more, 'more migration')}: \`migrate queries check\` shows them.`),
  ].join('\n\n')}\n`
}

function entryBlock(entry: QueryEntry): string {
  const { queries, unable } = entry
  if (queries === null) return ''
  const roles = missingRolesText(queries)
  const rows = queries.states.map(
    ({ state, proven, broken, notCovered }) => `| ${state} | ${proven} | ${broken} | ${notCovered} |`,
  )
  return [
    `#### ${code(titleOf(entry))}`,
    prose(`${coverageText(queries)}.`),
    ...(roles === undefined ? [] : [prose(roles)]),
    ...(unable === undefined ? [] : [prose(`Not covered on the new schema: ${unable}`)]),
    ...(rows.length === 0 ? [] : [['| | proven | broken | not covered |', '|---|---|---|---|', ...rows].join('\n')]),
    ...queries.broken.flatMap((one) => [
      `**broken** ${prose(brokenText(one))}`,
      fence(one.sql, 'sql'),
      ...(one.step === null ? [] : [`by ${code(one.step)}`]),
    ]),
    ...queries.notCovered.map(({ sql, why }) => `**not covered** ${prose(why)} ${code(sql)}`),
  ].join('\n\n')
}
