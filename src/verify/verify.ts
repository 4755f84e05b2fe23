import type { Dialect } from '../dialects/dialect.ts'
import type { ReleaseContract } from '../model/captured.ts'
import type { Direction, ParsedMigration } from '../model/migration.ts'
import { proofVersion } from '../model/proof.ts'
import type { Difference, Proof, ProofKey } from '../model/proof.ts'
import type { ShadowServer } from '../shadows/shadow.ts'
import { Bench } from './bench.ts'
import { defaultDeadlineMs, withDeadline } from './deadline.ts'
import { examine } from './examine.ts'
import { judge } from './judge.ts'
import type { Examination } from './levels/level.ts'
import { LockReport, type LockReportInput } from './lock-report.ts'
import { proofKeys } from './proof-key.ts'
import { schemaChange } from './schema-change.ts'
import { runSection } from './run-section.ts'
import { QueryWatches } from './queries/query-watches.ts'
import type { SeedFile } from './seed/seed-file.ts'
import type { ShownLocks } from './show-locks.ts'

export interface VerifyInput extends LockReportInput {
  /** All migrations in their order; those that are not asked for are only applied. */
  readonly history: readonly ParsedMigration[]
  readonly ids: readonly string[]
  /** What the proofs are made from, by migration in the order of the history; worked out when absent. */
  readonly keys?: readonly ProofKey[]
  /** Captured queries of releases: each migration has to keep those of the newest one before it. */
  readonly contracts?: readonly ReleaseContract[] | undefined
  /** Rows of the user's own; where they are, none are made up. */
  readonly seeds?: readonly SeedFile[]
  readonly server: ShadowServer
  readonly dialect: Dialect
  /** Name and version of this tool, for the proof. */
  readonly tool: string
  /** How long a section may take before it is cancelled, in milliseconds; a minute when absent. */
  readonly deadlineMs?: number | undefined
  /** The server is thrown away as a whole: roles that a history creates are dropped before it is applied again. */
  readonly throwAway?: boolean
  readonly onProgress?: (progress: VerifyProgress) => void
}

export interface VerifyProgress {
  readonly id: string
  readonly name: string
  /** 1-based number among those asked for. */
  readonly number: number
  readonly total: number
}

export interface VerifyReport {
  readonly results: readonly VerifyResult[]
  /** `PostgreSQL 18.4`. */
  readonly server: string
  readonly shadow: string
  /** What the difference between that server and the target may hide, a sentence each. */
  readonly hides: readonly string[]
}

export interface VerifyResult {
  readonly migration: ParsedMigration
  readonly proof: Proof
  /** What the downgrade leaves, or else what a second upgrade makes otherwise. */
  readonly differences: readonly Difference[]
  /** Tables that no row could be made up for. */
  readonly unseeded: readonly { readonly table: string; readonly reason: string }[]
  /** Everything that was measured of both directions, with what differs from run to run. */
  readonly measured: Readonly<Record<Direction, ShownLocks>>
}

/**
 * Proves, on scratch databases, how good the downgrade of each migration asked for is: levels D0 to D5.
 * Earlier migrations run first; rows are made up where tables have none. Broken downgrades are answers, not errors.
 *
 * @throws ToolkitError `migration-failed` when a migration before those asked for does not run
 */
export async function verify(input: VerifyInput): Promise<VerifyReport> {
  const bench = new Bench(input.history, input.server, {
    carry: withDeadline(runSection, input.deadlineMs ?? defaultDeadlineMs),
    throwAway: input.throwAway ?? false,
    seeds: input.seeds,
  })
  const locks = new LockReport(input)
  const queries = new QueryWatches(input.history, input.contracts ?? [], input.dialect)
  const results: VerifyResult[] = []
  const keys = input.keys ?? proofKeys(input.history, input.dialect)
  try {
    const asked = input.history.filter(({ id }) => input.ids.includes(id))
    for (const [index, migration] of asked.entries()) {
      const { id, name } = migration
      input.onProgress?.({ id, name, number: index + 1, total: asked.length })
      const key = keys[input.history.indexOf(migration)]
      if (key !== undefined) results.push(await verifyOne(migration, key, { bench, locks, queries }, input))
    }
    if (asked.length > 0 && asked.at(-1) === input.history.at(-1)) await bench.finish()
    const server = asked.length === 0 ? '' : await bench.serverText()
    return { results, server, shadow: input.server.description, hides: input.server.hides }
  } finally {
    await bench.clear()
  }
}

interface Tools {
  readonly bench: Bench
  readonly locks: LockReport
  readonly queries: QueryWatches
}

function keptBy({ writes }: Examination): Pick<Proof, 'kept'> {
  const kept = writes?.kept.map(({ column }) => column) ?? []
  return kept.length === 0 ? {} : { kept }
}

async function verifyOne(
  migration: ParsedMigration,
  key: ProofKey,
  { bench, locks, queries }: Tools,
  input: VerifyInput,
): Promise<VerifyResult> {
  const { meter, ...examination } = await examine(migration, bench, {
    clock: input.clock,
    queries,
    deadlineMs: input.deadlineMs ?? defaultDeadlineMs,
  })
  const { stairway } = examination
  const { levels, level, differences, secondDiffers, columnOrderDiffers } = judge(migration, examination)
  const connection = await bench.connection()
  const measured = {
    up: await locks.measured(meter, 'up', connection),
    down: await locks.measured(meter, 'down', connection),
  }
  // The history goes on from here only where the database is as one upgrade leaves it.
  if (stairway.failure !== undefined || secondDiffers) await bench.clear()
  const proof: Proof = {
    version: proofVersion,
    id: key.id,
    history: key.history,
    up: key.up,
    down: key.down,
    irreversible: key.irreversible,
    losses: key.losses,
    ...keptBy(examination),
    level,
    levels,
    before: stairway.before.hash,
    after: stairway.after?.hash ?? null,
    changes: stairway.after === undefined ? {} : schemaChange(stairway.before, stairway.after),
    columnOrderDiffers,
    seed: { rows: examination.seed?.rows ?? 0, hash: key.seed },
    queries: examination.queries,
    locks: { up: meter.section('up').statements, down: meter.section('down').statements },
    server: await bench.serverText(),
    shadow: input.server.description,
    hides: input.server.hides,
    tool: input.tool,
  }
  return {
    migration,
    proof,
    differences,
    unseeded: examination.seed?.empty ?? [],
    measured,
  }
}
