import { claimsOf } from '../../lint/claims.ts'
import type { Beginning } from '../../lint/replay.ts'
import { buildsIndex } from '../../model/builds-index.ts'
import type { Effect } from '../../model/effect.ts'
import { nameText } from '../../model/name.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import type { PlannedLock, PlannedStatement } from '../../model/planned-run.ts'
import type { SnapshotTable } from '../../model/snapshot.ts'
import type { MeasuredRates, WorkKind } from '../../model/rates.ts'
import type { RelationLock } from '../../model/statement-locks.ts'
import type { Statement } from '../../model/statement.ts'
import { assumedRates } from '../../verify/rates.ts'
import type { Context } from '../context.ts'
import type { StoredProof } from '../proofs.ts'

/** What is known of a server and of what statements do to it. */
export interface Knowledge {
  readonly history: readonly ParsedMigration[]
  readonly stored: ReadonlyMap<string, StoredProof>
  readonly sizes: readonly SnapshotTable[]
  readonly rates: MeasuredRates
  /** Major version. */
  readonly server: number
  /** The schema that the history begins with; an empty database where absent. */
  readonly start?: Beginning | undefined
}

/** The statements of each migration asked for, in order, by id: what each does to which table, and for how long. */
export function plannedStatements(
  { dialect }: Context,
  wanted: ReadonlySet<string>,
  knowledge: Knowledge,
): ReadonlyMap<string, readonly PlannedStatement[]> {
  const { history, server, start } = knowledge
  const claims = dialect.versions.includes(server)
    ? claimsOf(history, wanted, { dialect, target: server, start })
    : undefined
  const migrations = history.filter(({ id }) => wanted.has(id))
  return new Map(
    migrations.map((migration) => {
      const claimed = claims?.get(migration.id)?.up
      const statements = migration.upSql.statements.map((statement, index) =>
        plannedStatement(migration, statement, { index, claimed: claimed?.[index], knowledge }),
      )
      return [migration.id, statements]
    }),
  )
}

interface Seen {
  readonly index: number
  readonly claimed: readonly Effect[] | undefined
  readonly knowledge: Knowledge
}

function plannedStatement(
  migration: ParsedMigration,
  { sql, needsNoTransaction, facts }: Statement,
  { index, claimed, knowledge }: Seen,
): PlannedStatement {
  const measured = measuredLocks(migration.id, index, knowledge)
  const locks = measured ?? claimed?.map((claim) => relationLock(claim, knowledge.sizes))
  return {
    sql,
    waits: needsNoTransaction ? 'without limit' : 'in short attempts',
    from: measured === undefined ? (claimed === undefined ? 'unknown' : 'lint') : 'proof',
    locks: (locks ?? []).flatMap((lock) =>
      plannedLock(lock, { index: buildsIndex(facts), batches: migration.backfill !== undefined }, knowledge),
    ),
  }
}

/** What the proof says was measured; undefined where it has nothing to say of the statement. */
function measuredLocks(id: string, index: number, { stored }: Knowledge): readonly RelationLock[] | undefined {
  const found = stored.get(id)
  if (found?.state !== 'valid') return undefined
  const relations = found.proof?.locks?.up.find(({ statement }) => statement === index + 1)?.relations
  // One session cannot look at itself while it runs outside a transaction.
  return relations?.every(({ lock }) => lock !== 'not observed') === true ? relations : undefined
}

function relationLock({ table, lock, rewrites, scans }: Effect, sizes: readonly SnapshotTable[]): RelationLock {
  const found = sizes.find(({ schema, name }) => name === table.name && (table.schema ?? schema) === schema)
  const schema = table.schema ?? found?.schema
  const relation = nameText({ name: table.name, ...(schema === undefined ? {} : { schema }) })
  return { relation, kind: 'table', lock, rewritten: rewrites, scanned: scans }
}

interface Work {
  /** The statement builds an index. */
  readonly index: boolean
  /** It is cut into batches. */
  readonly batches: boolean
}

/** Indexes and sequences go along with their tables. */
function plannedLock(seen: RelationLock, work: Work, { sizes, rates }: Knowledge): readonly PlannedLock[] {
  const { relation, kind, lock, rewritten, scanned } = seen
  if (lock === 'not observed' || kind === 'index' || kind === 'sequence') return []
  const size = sizes.find(({ schema, name }) => nameText({ schema, name }) === relation)
  const { rows = null, bytes = null } = size ?? {}
  const estimate = size === undefined ? undefined : estimateOf(seen, work, { size, rates })
  return [
    { relation, lock, rewritten, scanned, rows, bytes, ...(estimate ?? { estimateMs: null, estimateFrom: null }) },
  ]
}

type Estimate = Pick<PlannedLock, 'estimateMs' | 'estimateFrom'>

/** Of what takes the longer the larger the table is. What changes rows takes ROW EXCLUSIVE, and writes them anew. */
function estimateOf(
  { rewritten, scanned, lock }: RelationLock,
  { index, batches }: Work,
  { size, rates }: { readonly size: SnapshotTable; readonly rates: MeasuredRates },
): Estimate | undefined {
  const perSecond = rates.backfillRowsPerSecond
  const changes = lock === 'ROW EXCLUSIVE'
  if (changes && batches && perSecond !== undefined && size.rows !== undefined)
    return after(size.rows, perSecond, 'measured')
  if (changes && (batches || scanned)) return after(size.heapBytes, assumed.rewrite, 'assumed')
  if (!rewritten && !scanned) return undefined
  const kind = rewritten ? 'rewrite' : index ? 'index' : 'read'
  const measured = rates.perSecond[kind]
  return after(size.heapBytes, measured ?? assumed[kind], measured === undefined ? 'assumed' : 'measured')
}

/** In bytes a second. */
const assumed: Readonly<Record<WorkKind, number>> = {
  read: assumedRates.readPerSecond,
  index: assumedRates.readPerSecond,
  rewrite: assumedRates.rewritePerSecond,
}

function after(amount: number, perSecond: number, estimateFrom: PlannedLock['estimateFrom']): Estimate {
  return { estimateMs: Math.round((amount / perSecond) * 1000), estimateFrom }
}
