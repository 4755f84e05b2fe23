import { indent, wrap } from '../core/text.ts'
import type { Plan, PlanStep } from '../model/plan.ts'
import type { ReportStyle } from '../model/report.ts'
import { type OnTarget, onTargetLines, sourceText } from './on-target.ts'
import { gateWords, lockWords, phaseGroups } from './words.ts'

/** Wider lines are hard to read. */
const maxWidth = 100
const minWidth = 40
/** Where the text of a step starts, below its number. */
const textColumn = 4
/** Width of the labels `lock`, `here`, `up`, `down`, `gates`, `loses`, `why`. */
const labelWidth = 7

/** The plan for the terminal: a heading a phase, under it the steps. SQL lines are never broken. */
export function planText(plan: Plan, style: ReportStyle, onTarget?: OnTarget): string {
  const width = Math.min(Math.max(style.width, minWidth), maxWidth)
  const bold = (text: string): string => (style.color ? `\u001b[1m${text}\u001b[22m` : text)
  const blocks = [
    `${bold(plan.title)}\n${indent(wrap(plan.asked, width - 2), 2)}`,
    ...(onTarget === undefined ? [] : [wrap(sourceText(onTarget), width)]),
    ...phaseGroups(plan).flatMap(({ heading, steps }) => [
      bold(heading),
      ...steps.map(({ number, step }) =>
        stepText({ number, step, lines: onTargetLines(onTarget, step.id) }, width, bold),
      ),
    ]),
    ...(plan.notes.length === 0 ? [] : [bold('To know'), ...plan.notes.map((note) => bullet(note, width))]),
  ]
  return `${blocks.join('\n\n')}\n`
}

interface ShownStep {
  readonly number: number
  readonly step: PlanStep
  /** What it does on the database that was asked about. */
  readonly lines: readonly string[]
}

function stepText({ number, step, lines: here }: ShownStep, width: number, bold: (text: string) => string): string {
  const title = wrap(step.title, width - textColumn).replaceAll('\n', `\n${' '.repeat(textColumn)}`)
  const lines = [`${String(number).padStart(2)}  ${bold(title)}`]
  const add = (label: string, text: string | undefined, broken = true): void => {
    if (text === undefined || text === '') return
    const inner = textColumn + labelWidth
    const body = indent(broken ? wrap(text, width - inner) : text, inner)
    lines.push(`${' '.repeat(textColumn)}${label.padEnd(labelWidth)}${body.slice(inner)}`)
  }
  add('why', step.why)
  add('lock', lockWords(step))
  for (const [index, line] of here.entries()) add(index === 0 ? 'here' : '', line)
  add('gates', gateWords(step))
  if (step.kind === 'deploy') return lines.join('\n')
  add('up', step.up, false)
  if (step.down.kind === 'none') add('down', `none: ${step.down.reason}`)
  else {
    add('down', step.down.sql, false)
    add('loses', step.down.loses.join(', '))
  }
  return lines.join('\n')
}

function bullet(note: string, width: number): string {
  return `  - ${indent(wrap(note, width - textColumn), textColumn).slice(textColumn)}`
}
