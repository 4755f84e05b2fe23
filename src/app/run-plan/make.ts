import { toolName } from '../../core/tool-version.ts'
import { gates } from '../../gates/registry.gen.ts'
import type { Connection } from '../../model/database.ts'
import type { AskedVerdict } from '../../model/verdict.ts'
import { plannedRunVersion } from '../../model/planned-run.ts'
import type { AskedRun, PlannedDowngrade, PlannedMigrationRun, PlannedRun } from '../../model/planned-run.ts'
import type { JournalState } from '../../model/journal.ts'
import { inOneTransaction } from '../../model/statement.ts'
import { batchGateUses } from '../../run/batch-gates.ts'
import { heldText } from '../../run/held-text.ts'
import { openJournal } from '../../run/journal.ts'
import { readRates } from '../../run/journal/rates.ts'
import type { RunMigration } from '../../run/run-migration.ts'
import { targetIdentity } from '../../run/target-identity.ts'
import type { RunReport } from '../../run/up.ts'
import { schemaPrint } from '../../verify/schema-print.ts'
import type { Context } from '../context.ts'
import { usesOf } from '../gate-use.ts'
import { readLiveSchema } from '../live-schema.ts'
import { storedProofs } from '../proofs.ts'
import type { StoredProof } from '../proofs.ts'
import { sealed } from './digest.ts'
import { plannedStatements } from './statements.ts'
import { workHash } from './work-hash.ts'

export interface PlanInput {
  readonly connection: Connection
  readonly migrations: readonly RunMigration[]
  /** What the journal said before the run. */
  readonly state: JournalState
  /** Of a dry run. */
  readonly report: RunReport
  /** What gates answered in it, by migration. */
  readonly verdicts: ReadonlyMap<string, readonly AskedVerdict[]>
  /** Migrations that only an approval of the plan lets through. */
  readonly needApproval: ReadonlySet<string>
  readonly asked: AskedRun
}

/** The plan of the run that a dry run has shown. Reads the live schema and sizes; writes nothing. */
export async function makePlan(context: Context, input: PlanInput): Promise<PlannedRun> {
  const { connection, migrations, report } = input
  const { journalSchema, drift } = context.loaded.config
  const { schema, sizes } = await readLiveSchema(connection, { journalSchema })
  const stored = await storedProofs(context, migrations)
  const target = await targetIdentity(connection)
  const ids = new Set(report.applied.map(({ id }) => id))
  const known = {
    history: migrations,
    stored,
    sizes,
    rates: await readRates(await openJournal(connection, journalSchema)),
    server: target.server,
  }
  const statements = plannedStatements(context, ids, known)
  const planned = migrations.filter(({ id }) => ids.has(id))
  return sealed({
    version: plannedRunVersion,
    kind: 'run-plan',
    tool: toolName,
    target,
    journal: journalSchema,
    asked: input.asked,
    applied: input.state.applied.map(({ id }) => id),
    migrations: inOrder(planned, report).map((migration) => ({
      ...partsOf(migration, context),
      statements: statements.get(migration.id) ?? [],
      checks: (migration.checks ?? []).map(({ sql }) => sql),
      downgrade: downgradeOf(migration, stored.get(migration.id)),
      gates: gatesOf(migration.id, input),
      batchGates: batchGatesFor(migration, input.asked),
    })),
    held: report.held.map((held) => ({ id: held.migration, why: whyHeld(held) })),
    schema: schemaPrint(schema, drift.ignore),
  })
}

function inOrder(planned: readonly RunMigration[], { applied }: RunReport): readonly RunMigration[] {
  return applied.flatMap(({ id }) => planned.find((migration) => migration.id === id) ?? [])
}

type Parts = Pick<PlannedMigrationRun, 'id' | 'name' | 'phase' | 'change' | 'hash' | 'runs'>

function partsOf(migration: RunMigration, { dialect }: Context): Parts {
  const { id, name, phase, change = null, backfill, up, upSql } = migration
  const runs = inOneTransaction(up, upSql) ? 'together' : 'one by one'
  return {
    id,
    name,
    phase,
    change,
    hash: workHash(migration, dialect),
    runs: backfill === undefined ? runs : 'batches',
  }
}

function gatesOf(id: string, { verdicts, needApproval }: PlanInput): PlannedMigrationRun['gates'] {
  return (verdicts.get(id) ?? []).map(({ gate, options, verdict }) => {
    const opensWithPlan = gate === 'approval' && needApproval.has(id)
    return { gate, options, status: opensWithPlan ? 'closed' : verdict.status, opensWithPlan }
  })
}

function batchGatesFor(migration: RunMigration, asked: AskedRun): PlannedMigrationRun['batchGates'] {
  if (migration.backfill === undefined) return []
  const uses = batchGateUses(migration.gates, usesOf(asked.batchGates), gates)
  return uses.map(({ gate, options }) => ({ gate, options }))
}

/** Without the evidence of gates, which is another at each moment. */
function whyHeld(held: RunReport['held'][number]): string {
  if (held.reason !== 'gate') return heldText(held)
  return held.verdicts.map(({ gate, verdict }) => `${gate} is ${verdict.status}`).join(', ')
}

function downgradeOf({ down }: RunMigration, stored: StoredProof | undefined): PlannedDowngrade {
  if (down.kind === 'none') return { standing: 'irreversible', level: null }
  if (down.kind === 'missing' || stored === undefined || stored.state === 'missing')
    return { standing: 'missing', level: null }
  if (stored.state === 'stale') return { standing: 'stale', level: null }
  const isBroken = stored.proof?.levels.some(({ standing }) => standing === 'broken') === true
  return { standing: isBroken ? 'broken' : 'proven', level: stored.proof?.level ?? null }
}
