import { code, fitting, prose } from '../../core/markdown.ts'
import { plural } from '../../core/text.ts'
import type { ProofEntry, ProofReport } from '../report.ts'
import { differenceText } from '../compare.ts'
import { claims, titleOf, totalWords, verdictOf } from '../words.ts'

/** A comment for a pull request: what was verified and what does not hold. What comes from a migration is no markup. */
export function verifyMarkdown(report: ProofReport): string {
  const { entries, obsolete, removed } = report
  const shown = entries.filter(({ from, refused }) => from === 'run' || refused !== undefined)
  // What does not hold comes first: a long comment is cut at its end.
  const holds = ({ refused, file }: ProofEntry): number => (refused === undefined && file === undefined ? 1 : 0)
  const blocks = shown.toSorted((a, b) => holds(a) - holds(b)).map(entryBlock)
  const left = obsolete.filter((path) => !removed.includes(path))
  return `${[
    `### migrate verify: ${prose(entries.length === 0 ? 'nothing to verify' : totalWords(report))}`,
    ...(report.unable === undefined ? [] : [`Nothing could be verified anew: ${prose(report.unable)}`]),
    ...fitting(blocks, (more) => `${plural(more, 'more migration')}: \`migrate verify\` shows them.`),
    ...(report.hides.length === 0 ? [] : [hidesBlock(report.hides)]),
    ...(left.length === 0 ? [] : [`Of no migration that there is: ${left.map(code).join(', ')}.`]),
  ].join('\n\n')}\n`
}

function hidesBlock(hides: readonly string[]): string {
  return ['What the difference to the target may hide:', '', ...hides.map((sentence) => `- ${prose(sentence)}`)].join(
    '\n',
  )
}

function entryBlock(entry: ProofEntry): string {
  const { proof, refused, file } = entry
  const verdict = proof === undefined ? 'not verified' : verdictOf(proof)
  return [
    `#### ${code(titleOf(entry))} ${prose(verdict)}`,
    ...(file === undefined ? [] : [`**The proof file does not hold.** ${prose(file.text)}`]),
    ...(refused === undefined ? [] : [prose(refused)]),
    ...details(entry),
  ].join('\n\n')
}

function details({ proof, seen }: ProofEntry): readonly string[] {
  if (proof === undefined) return []
  const rows = proof.levels.map(
    ({ level, standing, evidence }) => `| ${level} ${claims[level]} | **${standing}** | ${prose(evidence)} |`,
  )
  const more = [
    ...(seen?.differences ?? []).map((difference) => `- ${prose(differenceText(difference))}`),
    ...(seen?.unseeded ?? []).map(({ table, reason }) => `- ${prose(`${table} has no rows: ${reason}`)}`),
    ...(proof.losses.length === 0 ? [] : [`- Declared to be lost by the downgrade: ${prose(proof.losses.join(', '))}`]),
  ]
  return [
    '<details><summary>Evidence</summary>',
    ['| level | | |', '|---|---|---|', ...rows].join('\n'),
    ...(more.length === 0 ? [] : [more.join('\n')]),
    '</details>',
  ]
}
