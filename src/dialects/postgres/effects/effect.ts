import type { Effect } from '../../../model/effect.ts'
import type { TableUse } from '../../../model/fact.ts'
import { dependentViews } from '../../../model/dependents.ts'
import type { LockMode } from '../../../model/lock.ts'
import { strongerLock } from '../../../model/lock.ts'
import type { Name } from '../../../model/name.ts'
import type { Constraint, Schema, Table } from '../../../model/schema.ts'

/** What the effect of a fact depends on: the state before the statement, and the server's major version. */
export interface Scene {
  readonly schema: Schema
  readonly version: number
  /** Constraints that the same statement drops: ALTER TABLE drops before it does anything else. */
  readonly dropped: ReadonlySet<string>
  /** Columns that it drops, and with them the checks that name them. */
  readonly droppedColumns: ReadonlySet<string>
  /** The session's, where it is known, in lower case. */
  readonly timeZone: string | undefined
}

/** How the rows are touched while the lock is held. A rewrite reads every row too. */
export type Work = 'nothing' | 'scan' | 'rewrite'

export function effect(scene: Scene, table: Name, lock: LockMode, work: Work = 'nothing'): Effect {
  return {
    table: scene.schema.resolve(table),
    lock,
    rewrites: work === 'rewrite',
    scans: work !== 'nothing',
  }
}

/** The same on a table and on all its partitions and heirs. */
export function onTree(
  scene: Scene,
  table: Name,
  lock: LockMode,
  work: Work | ((table: Table) => Work) = 'nothing',
): readonly Effect[] {
  const state = scene.schema.table(table)
  if (state === undefined) return [effect(scene, table, lock, typeof work === 'string' ? work : 'scan')]
  // A partitioned table has no rows of its own.
  const ownWork = state.partitionBy === undefined ? work : 'nothing'
  const own = effect(scene, table, lock, typeof ownWork === 'string' ? ownWork : ownWork(state))
  return [own, ...[...state.partitions, ...state.heirs].flatMap((child) => onTree(scene, child, lock, work))]
}

/** Queries take ACCESS SHARE on what they read. */
export function onReads(scene: Scene, reads: readonly TableUse[]): readonly Effect[] {
  return reads.filter(({ table }) => isTable(scene, table)).map(({ table }) => effect(scene, table, 'ACCESS SHARE'))
}

/** Views, indexes and sequences have no rows of their own: locks on them are not claimed. */
export function isTable({ schema }: Scene, name: Name): boolean {
  if (schema.table(name) !== undefined) return true
  const view = schema.view(name)
  if (view !== undefined) return view.materialized
  return schema.index(name) === undefined && schema.sequence(name) === undefined
}

/** The tables that the foreign keys of a table point at. */
export function referencedTables(
  table: Table | undefined,
  which: (constraint: Extract<Constraint, { type: 'foreign-key' }>) => boolean = () => true,
): readonly Name[] {
  const names: Name[] = []
  for (const constraint of table?.constraints.values() ?? []) {
    if (constraint.type === 'foreign-key' && which(constraint)) names.push(constraint.references)
  }
  return names
}

/** Views have no rows to lock; materialized ones that go with a relation do. */
export function dependentMaterializedViews(scene: Scene, relation: Name): readonly Effect[] {
  return dependentViews(scene.schema, relation)
    .filter((view) => view.materialized)
    .map((view) => effect(scene, view.name, 'ACCESS EXCLUSIVE'))
}

/** One effect a table: the strongest lock, and all the work. */
export function mergeEffects(effects: readonly Effect[]): readonly Effect[] {
  if (effects.length < 2) return effects
  const merged = new Map<string, Effect>()
  for (const next of effects) {
    const key = `${next.table.schema ?? ''}\0${next.table.name}`
    const before = merged.get(key)
    merged.set(key, before === undefined ? next : strongest(before, next))
  }
  return [...merged.values()]
}

function strongest(a: Effect, b: Effect): Effect {
  return {
    table: a.table,
    lock: strongerLock(a.lock, b.lock),
    rewrites: a.rewrites || b.rewrites,
    scans: a.scans || b.scans,
  }
}

/**
 * Whether a column cannot hold NULL, by its own NOT NULL or by a CHECK that was validated, is enforced and stays. A NOT
 * NULL that is NOT VALID is validated by reading the rows, whatever a CHECK proves (PostgreSQL 18).
 */
export function isProvenNotNull(table: Table, column: string, scene: Scene): boolean {
  if (table.columns.get(column)?.notNull === true) return true
  const constraints = [...table.constraints.values()]
  if (constraints.some((own) => own.type === 'not-null' && own.column === column && !own.valid)) return false
  return constraints.some(
    (own) =>
      own.type === 'check' &&
      own.valid &&
      own.enforced &&
      !scene.dropped.has(own.name) &&
      !own.expression.columns.some((name) => scene.droppedColumns.has(name)) &&
      own.expression.provesNotNull.includes(column),
  )
}
