import type { Phase } from '../model/migration.ts'
import type { Plan, PlanStep, SqlStep } from '../model/plan.ts'

/** What a phase is for, as a heading says it. */
const phaseMeaning: Readonly<Record<Phase, string>> = {
  expand: 'beside the version that runs',
  backfill: 'while both versions may run',
  contract: 'after the old version is gone',
}

export interface PhaseGroup {
  readonly phase: Phase
  readonly heading: string
  readonly steps: readonly { readonly number: number; readonly step: PlanStep }[]
}

/** The steps in order, neighbours of one phase together; numbers count all steps. */
export function phaseGroups(plan: Plan): readonly PhaseGroup[] {
  const groups: { phase: Phase; heading: string; steps: { number: number; step: PlanStep }[] }[] = []
  plan.steps.forEach((step, index) => {
    const last = groups.at(-1)
    const entry = { number: index + 1, step }
    if (last?.phase === step.phase) last.steps.push(entry)
    else
      groups.push({
        phase: step.phase,
        heading: `${headingWord(step.phase, groups)}: ${phaseMeaning[step.phase]}`,
        steps: [entry],
      })
  })
  return groups
}

function headingWord(phase: Phase, before: readonly { readonly phase: Phase }[]): string {
  const again = before.some((group) => group.phase === phase)
  return `${phase.charAt(0).toUpperCase()}${phase.slice(1)}${again ? ', continued' : ''}`
}

/** `ACCESS EXCLUSIVE for a moment: reads and writes wait`. */
export function lockWords(step: PlanStep): string | undefined {
  if (step.kind === 'deploy') return undefined
  if (step.kind === 'backfill') return 'ROW EXCLUSIVE, batch by batch: only rows of the batch wait'
  if (step.lock === 'none') return 'none'
  return `${step.lock} ${holdWords[step.holds]}: ${whoWaits(step)}`
}

const holdWords: Readonly<Record<SqlStep['holds'], string>> = {
  moment: 'for a moment',
  scan: 'while the table is read once',
  rewrite: 'while the table is written anew',
}

function whoWaits(step: SqlStep): string {
  if (step.lock === 'ACCESS EXCLUSIVE') return 'reads and writes wait'
  if (step.lock === 'SHARE' || step.lock === 'SHARE ROW EXCLUSIVE' || step.lock === 'EXCLUSIVE') return 'writes wait'
  return 'nobody waits'
}

/** `backfill-complete, approval`, with options where there are any. */
export function gateWords(step: PlanStep): string | undefined {
  if (step.kind === 'deploy' || step.gates.length === 0) return undefined
  return step.gates
    .map(({ gate, options }) => [gate, ...Object.entries(options).map(([name, value]) => `${name}:${value}`)].join(' '))
    .join(', ')
}
