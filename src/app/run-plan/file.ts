import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { ToolkitError, messageOf } from '../../core/errors.ts'
import { fileReason } from '../../core/file-reason.ts'
import { parseJson } from '../../core/json.ts'
import { lockModes } from '../../model/lock.ts'
import type { PlannedRun } from '../../model/planned-run.ts'
import { plannedRunVersion } from '../../model/planned-run.ts'
import { levels } from '../../model/proof.ts'
import type { Context } from '../context.ts'
import { digestOf } from './digest.ts'

const phase = z.enum(['expand', 'backfill', 'contract'])
const options = z.record(z.string(), z.string())

const batchGate = z.strictObject({ gate: z.string(), options })

const lock = z.strictObject({
  relation: z.string(),
  lock: z.enum(lockModes),
  rewritten: z.boolean(),
  scanned: z.boolean(),
  rows: z.number().nullable(),
  bytes: z.number().nullable(),
  estimateMs: z.number().nullable(),
  estimateFrom: z.enum(['measured', 'assumed']).nullable(),
})

const migration = z.strictObject({
  id: z.string(),
  name: z.string(),
  phase,
  change: z.string().nullable(),
  hash: z.string(),
  runs: z.enum(['together', 'one by one', 'batches']),
  statements: z.array(
    z.strictObject({
      sql: z.string(),
      waits: z.enum(['in short attempts', 'without limit']),
      from: z.enum(['proof', 'lint', 'unknown']),
      locks: z.array(lock),
    }),
  ),
  checks: z.array(z.string()),
  downgrade: z.strictObject({
    standing: z.enum(['proven', 'broken', 'stale', 'missing', 'irreversible']),
    level: z.enum(levels).nullable(),
  }),
  gates: z.array(
    z.strictObject({
      gate: z.string(),
      options,
      status: z.enum(['open', 'closed', 'unknown']),
      opensWithPlan: z.boolean(),
    }),
  ),
  batchGates: z.array(batchGate),
})

/** Keys stay in the order of the file: the digest is over its JSON. */
const shape = z.strictObject({
  version: z.literal(plannedRunVersion),
  kind: z.literal('run-plan'),
  digest: z.string(),
  tool: z.string(),
  target: z.strictObject({
    system: z.string().nullable(),
    started: z.string().nullable(),
    database: z.string(),
    databaseOid: z.number(),
    server: z.int(),
  }),
  journal: z.string(),
  asked: z.strictObject({
    steps: z.int().nullable(),
    to: z.string().nullable(),
    phases: z.array(phase).nullable(),
    late: z.enum(['refuse', 'apply']),
    safe: z.boolean(),
    lockTimeoutsMs: z.array(z.number().nonnegative()).min(1),
    pauseFactor: z.number().nonnegative(),
    batchGates: z.array(batchGate),
  }),
  applied: z.array(z.string()),
  migrations: z.array(migration),
  held: z.array(z.strictObject({ id: z.string(), why: z.string() })),
  schema: z.strictObject({ unread: z.array(z.string()), objects: z.record(z.string(), z.string()) }),
})

/** The text of a plan's file: the same plan gives the same bytes. */
export function planFileText(plan: PlannedRun): string {
  return `${JSON.stringify(plan, null, 2)}\n`
}

/**
 * Reads a plan that `up --dry-run --output` wrote. What was edited since is refused.
 *
 * @throws ToolkitError `file-unreadable`, `plan-invalid`
 */
export async function readPlanFile({ cwd }: Pick<Context, 'cwd'>, shown: string): Promise<PlannedRun> {
  const text = await readFile(resolve(cwd, shown), 'utf8').catch((error: unknown) => {
    const hint = 'Write one with: migrate up --dry-run --output plan.json'
    throw new ToolkitError({
      code: 'file-unreadable',
      message: `"${shown}" cannot be read: ${fileReason(error)}`,
      hint,
    })
  })
  return planOf(text, shown)
}

function planOf(text: string, shown: string): PlannedRun {
  const value = jsonOf(text, shown)
  const version: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'version') : undefined
  if (typeof version === 'number' && version > plannedRunVersion)
    throw invalid(shown, `is of version ${version}, and this tool knows version ${plannedRunVersion}`)
  const parsed = shape.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw invalid(shown, `is no run plan: ${issue?.path.map(String).join('.') || 'it'}: ${issue?.message ?? 'wrong'}`)
  }
  if (digestOf(parsed.data) === parsed.data.digest) return parsed.data
  throw invalid(shown, 'was edited after it had been made: its digest is not that of what it holds')
}

function jsonOf(text: string, shown: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    throw invalid(shown, `is no JSON: ${messageOf(error)}`)
  }
}

function invalid(shown: string, why: string): ToolkitError {
  return new ToolkitError({
    code: 'plan-invalid',
    message: `"${shown}" ${why}. Nothing was changed.`,
    hint: 'Make it again: migrate up --dry-run --output plan.json',
  })
}
