import { ToolkitError } from '../core/errors.ts'
import { listOf } from '../core/text.ts'
import { gates } from '../gates/registry.gen.ts'
import type { GateUse } from '../model/migration.ts'
import type { PlannedBatchGate } from '../model/planned-run.ts'
import { checkGateUse } from '../run/ask.ts'
import { isAskedEachBatch } from '../run/batch-gates.ts'
import type { Config } from './config.ts'

/**
 * A gate that stands in no file, with options as they are written: `max-lag:5s`.
 *
 * @throws ToolkitError `gate-invalid`
 */
export function gateUse(gate: string, options: readonly string[]): GateUse {
  return { gate, options: written(options), span: { start: 0, end: 0 } }
}

/** Gates of a run plan as the runner takes them. */
export function usesOf(planned: readonly PlannedBatchGate[]): readonly GateUse[] {
  return planned.map((one) => ({ ...one, span: { start: 0, end: 0 } }))
}

function written(options: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    options.map((option) => {
      const colon = option.indexOf(':')
      if (colon > 0) return [option.slice(0, colon), option.slice(colon + 1)] as const
      throw new ToolkitError({
        code: 'gate-invalid',
        message: `"${option}" is not an option of a gate.`,
        hint: 'Write name:value, such as max-lag:5s.',
      })
    }),
  )
}

/**
 * What the configuration has asked before each batch of every backfill.
 *
 * @throws ToolkitError `config-invalid`
 */
export function batchGatesOf({ run }: Pick<Config, 'run'>): readonly GateUse[] {
  return (run.batchGates ?? []).map((text, index) => {
    const [gate = '', ...options] = text.split(/\s+/).filter((word) => word !== '')
    try {
      const use = gateUse(gate, options)
      checkGateUse(use, gates)
      if (isAskedEachBatch(use, gates)) return use
    } catch (error) {
      if (!(error instanceof ToolkitError)) throw error
      throw invalid(index, error.message, error.hint)
    }
    const known = gates.filter(({ eachBatch }) => eachBatch === true).map(({ id }) => id)
    throw invalid(index, `The gate ${gate} is not one that batches may shut.`, `Known: ${listOf(known)}.`)
  })
}

function invalid(index: number, why: string, hint: string | undefined): ToolkitError {
  return new ToolkitError({
    code: 'config-invalid',
    message: `run.batchGates.${index}: ${why}`,
    ...(hint === undefined ? {} : { hint }),
  })
}
