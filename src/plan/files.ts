import { wrap } from '../core/text.ts'
import { quoteName } from '../model/name.ts'
import type { Plan, PlanStep, StepDown } from '../model/plan.ts'

export interface PlanFile {
  readonly name: string
  readonly text: string
}

/** Longest line of a comment in a file. */
const commentWidth = 100

/**
 * The plan as migration files of the native layout, one a step; ids are `now` and the seconds after it. Steps for people
 * become a comment at the top of the next file.
 */
export function planFiles(plan: Plan, now: Date): readonly PlanFile[] {
  const files: PlanFile[] = []
  let waiting: PlanStep[] = []
  for (const step of plan.steps) {
    if (step.kind === 'deploy') {
      waiting.push(step)
      continue
    }
    const id = idAt(now.getTime() + files.length * 1000)
    const first = files.length === 0 ? notesOf(plan) : []
    files.push({
      name: `${id}_${plan.change}_${step.id}.sql`,
      text: fileText(plan, step, [...first, ...waiting.flatMap(deployNote)]),
    })
    waiting = []
  }
  return files
}

/** `20261123210500`: the time in UTC, to the second. */
function idAt(time: number): string {
  return new Date(time).toISOString().replaceAll(/\D/g, '').slice(0, 14)
}

type FileStep = Exclude<PlanStep, { readonly kind: 'deploy' }>

function fileText(plan: Plan, step: FileStep, notes: readonly string[]): string {
  const inTransaction = step.kind === 'backfill' || step.transaction
  const header = [
    ...comment(`${step.title}.`),
    ...notes,
    ...comment(step.why),
    `-- migrate:change ${plan.change}`,
    `-- migrate:phase ${step.phase}`,
    ...step.gates.map(({ gate, options }) =>
      ['-- migrate:gate', gate, ...Object.entries(options).map(([name, value]) => `${name}:${value}`)].join(' '),
    ),
    ...(step.allows ?? []).map(({ rule, reason }) => `-- migrate:allow-file ${rule} because ${reason}`),
  ]
  const backfill =
    step.kind === 'backfill' ? [`-- migrate:backfill table:${step.table} key:${quoteName(step.key)}`] : []
  return [
    ...header,
    '',
    `-- migrate:up${transactionOption(inTransaction)}`,
    ...backfill,
    step.up,
    '',
    ...downLines(step.down, inTransaction),
    '',
  ].join('\n')
}

function downLines(down: StepDown, asUp: boolean): readonly string[] {
  if (down.kind === 'none') return [`-- migrate:down none because ${down.reason.replaceAll(/\s+/g, ' ')}`]
  const losses = down.loses.map((lost) => `-- migrate:down-loses ${lost}`)
  return [`-- migrate:down${transactionOption(down.transaction ?? asUp)}`, ...losses, down.sql]
}

function transactionOption(inTransaction: boolean): string {
  return inTransaction ? '' : ' transaction:false'
}

function notesOf(plan: Plan): readonly string[] {
  return ['--', ...comment(`Asked for: ${plan.asked}`), ...plan.notes.flatMap((note) => comment(note)), '--']
}

function deployNote(step: PlanStep): readonly string[] {
  return comment(`BEFORE THIS: ${step.title}. ${step.why}`)
}

/** A comment of lines that are never taken for a directive. */
function comment(text: string): readonly string[] {
  const broken = wrap(text, commentWidth).split(/[\n\r]+/)
  return broken.map((line) => `-- ${line.replace(/^\s*(?=migrate:)/i, '| ')}`.trimEnd())
}
