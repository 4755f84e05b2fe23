import type { Plan, PlanStep } from '../model/plan.ts'
import { type OnTarget, onTargetLines, sourceText } from './on-target.ts'
import { gateWords, lockWords, phaseGroups } from './words.ts'

/** The plan as Markdown, for a review: every sentence escaped, every statement in a fence that it cannot close. */
export function planMarkdown(plan: Plan, onTarget?: OnTarget): string {
  const blocks = [
    `# ${escaped(plan.title)}`,
    fence(plan.asked),
    `Change \`${plan.change}\`, recipe \`${plan.recipe}\`, ${plan.steps.length} steps.`,
    ...(onTarget === undefined ? [] : [escaped(sourceText(onTarget))]),
    overview(plan),
    ...phaseGroups(plan).flatMap(({ heading, steps }) => [
      `## ${escaped(heading)}`,
      ...steps.map(({ number, step }) => stepMarkdown(number, step, onTargetLines(onTarget, step.id))),
    ]),
    ...(plan.notes.length === 0 ? [] : ['## To know', plan.notes.map((note) => `- ${escaped(note)}`).join('\n')]),
  ]
  return `${blocks.join('\n\n')}\n`
}

function overview(plan: Plan): string {
  const rows = plan.steps.map((step, index) =>
    [String(index + 1), step.phase, step.title, lockWords(step) ?? '', gateWords(step) ?? ''].map(cell).join(' | '),
  )
  return ['| # | Phase | Step | Lock | Gates |', '|--:|---|---|---|---|', ...rows.map((row) => `| ${row} |`)].join('\n')
}

function stepMarkdown(number: number, step: PlanStep, here: readonly string[]): string {
  const heading = `### ${number}. ${escaped(step.title)}`
  if (step.kind === 'deploy') return `${heading}\n\n${escaped(step.why)}`
  const down =
    step.down.kind === 'none'
      ? `Downgrade: **none**, because ${escaped(step.down.reason)}.`
      : `Downgrade${step.down.loses.length === 0 ? '' : `, which loses ${escaped(step.down.loses.join(', '))}`}:\n\n${fence(step.down.sql)}`
  const lines = here.map((line) => `- ${escaped(line)}`).join('\n')
  return [heading, escaped(step.why), ...(lines === '' ? [] : [lines]), fence(step.up), down].join('\n\n')
}

/** A fence longer than any run of backticks in the SQL. */
function fence(sql: string): string {
  const longest = Math.max(0, ...[...sql.matchAll(/`+/g)].map(([run]) => run.length))
  const ticks = '`'.repeat(Math.max(3, longest + 1))
  return `${ticks}sql\n${sql}\n${ticks}`
}

function cell(text: string): string {
  return escaped(text).replaceAll('\n', ' ')
}

/** Text in which nothing is taken for Markdown or HTML. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|~]/g, String.raw`\$&`).replaceAll('&', '&amp;')
}
