import type { Effect } from '../../../model/effect.ts'
import type { ChangeTable, CreateTable, DropTable, RenameTable, SetSchema, Truncate } from '../../../model/fact.ts'
import type { LockMode } from '../../../model/lock.ts'
import type { ConstraintDefinition } from '../../../model/constraint.ts'
import type { Name } from '../../../model/name.ts'
import type { Scene, Work } from './effect.ts'
import { onDefaultPartition } from './constraints.ts'
import { dependentMaterializedViews, effect, isTable, onTree, referencedTables } from './effect.ts'

/** The new table itself is nobody's yet; its parents and what its foreign keys point at are. */
export function createTable(fact: CreateTable, scene: Scene): readonly Effect[] {
  if (fact.ifNotExists && scene.schema.table(fact.table) !== undefined) return []
  const constraints = [...fact.columns.flatMap((column) => column.constraints), ...fact.constraints]
  const parent = fact.partitionOf === undefined ? undefined : scene.schema.table(fact.partitionOf)
  const referenced = [...constraints.flatMap(references), ...referencedTables(parent)]
  return [
    ...referenced.filter((name) => !isSelf(fact.table, name)).map((name) => effect(scene, name, 'SHARE ROW EXCLUSIVE')),
    ...(fact.partitionOf === undefined ? [] : [effect(scene, fact.partitionOf, 'ACCESS EXCLUSIVE')]),
    ...(fact.partitionBound === undefined ? [] : onDefaultPartition(scene, parent, fact.partitionBound)),
    ...fact.inherits.map((name) => effect(scene, name, 'SHARE UPDATE EXCLUSIVE')),
    ...fact.like.map(({ table }) => effect(scene, table, 'ACCESS SHARE')),
  ]
}

export function references(constraint: ConstraintDefinition): readonly Name[] {
  return constraint.type === 'foreign-key' ? [constraint.references] : []
}

function isSelf(table: Name, other: Name): boolean {
  return table.name === other.name && table.schema === other.schema
}

/** Dropping a table drops its foreign keys, and with them the triggers on what they point at. */
export function dropTable(fact: DropTable, scene: Scene): readonly Effect[] {
  const table = scene.schema.table(fact.table)
  if (table === undefined && fact.ifExists && scene.schema.complete) return []
  const parent = table?.partitionOf
  return [
    ...onTree(scene, fact.table, 'ACCESS EXCLUSIVE'),
    ...referencedTables(table).map((name) => effect(scene, name, 'ACCESS EXCLUSIVE')),
    ...(table === undefined ? [] : scene.schema.foreignKeysTo(table.name)).map((key) =>
      effect(scene, key.table.name, 'ACCESS EXCLUSIVE'),
    ),
    ...(parent === undefined ? [] : [effect(scene, parent, 'ACCESS EXCLUSIVE')]),
    ...(parent === undefined ? [] : onDefaultPartition(scene, scene.schema.table(parent), undefined)),
    ...(fact.cascade ? dependentMaterializedViews(scene, fact.table) : []),
  ]
}

/** Children keep their names and are not locked. Views, indexes and sequences can be renamed by ALTER TABLE too. */
export function renameTable(fact: RenameTable, scene: Scene): readonly Effect[] {
  return isTable(scene, fact.table) ? [effect(scene, fact.table, 'ACCESS EXCLUSIVE')] : []
}

export function setSchema(fact: SetSchema, scene: Scene): readonly Effect[] {
  const lockable = fact.object === 'table' || fact.object === 'foreign-table' || fact.object === 'materialized-view'
  return lockable && isTable(scene, fact.name) ? [effect(scene, fact.name, 'ACCESS EXCLUSIVE')] : []
}

const tableActions: Readonly<Record<ChangeTable['action'], { readonly lock: LockMode; readonly work: Work }>> = {
  'set-logged': { lock: 'ACCESS EXCLUSIVE', work: 'rewrite' },
  'set-unlogged': { lock: 'ACCESS EXCLUSIVE', work: 'rewrite' },
  'set-tablespace': { lock: 'ACCESS EXCLUSIVE', work: 'rewrite' },
  'set-access-method': { lock: 'ACCESS EXCLUSIVE', work: 'rewrite' },
  'set-options': { lock: 'SHARE UPDATE EXCLUSIVE', work: 'nothing' },
  'reset-options': { lock: 'SHARE UPDATE EXCLUSIVE', work: 'nothing' },
  'replica-identity': { lock: 'ACCESS EXCLUSIVE', work: 'nothing' },
  owner: { lock: 'ACCESS EXCLUSIVE', work: 'nothing' },
  'enable-row-security': { lock: 'ACCESS EXCLUSIVE', work: 'nothing' },
  'disable-row-security': { lock: 'ACCESS EXCLUSIVE', work: 'nothing' },
  'force-row-security': { lock: 'ACCESS EXCLUSIVE', work: 'nothing' },
  'no-force-row-security': { lock: 'ACCESS EXCLUSIVE', work: 'nothing' },
  inherit: { lock: 'ACCESS EXCLUSIVE', work: 'nothing' },
  'no-inherit': { lock: 'ACCESS EXCLUSIVE', work: 'nothing' },
  'cluster-on': { lock: 'SHARE UPDATE EXCLUSIVE', work: 'nothing' },
  'set-without-cluster': { lock: 'SHARE UPDATE EXCLUSIVE', work: 'nothing' },
  'of-type': { lock: 'ACCESS EXCLUSIVE', work: 'nothing' },
  'rule-state': { lock: 'ACCESS EXCLUSIVE', work: 'nothing' },
  // The strongest that ALTER TABLE takes: what is not known may need it.
  other: { lock: 'ACCESS EXCLUSIVE', work: 'nothing' },
}

export function changeTable(fact: ChangeTable, scene: Scene): readonly Effect[] {
  if (!isTable(scene, fact.table)) return []
  const { lock, work } = tableActions[fact.action]
  // A partitioned table has no rows of its own; its partitions are not touched.
  const isPartitioned = scene.schema.table(fact.table)?.partitionBy !== undefined
  const own = effect(scene, fact.table, lock, isPartitioned ? 'nothing' : work)
  if (fact.other === undefined) return [own]
  const parentLock = fact.action === 'inherit' ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS SHARE'
  return [own, effect(scene, fact.other, parentLock)]
}

/** CASCADE also empties every table with a foreign key to an emptied one, and so on. */
export function truncate(fact: Truncate, scene: Scene): readonly Effect[] {
  const seen = new Set<string>()
  const effects: Effect[] = []
  const waiting: Name[] = [...fact.tables]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const found of onTree(scene, name, 'ACCESS EXCLUSIVE')) {
      const key = `${found.table.schema ?? ''}\0${found.table.name}`
      if (seen.has(key)) continue
      seen.add(key)
      effects.push(found)
      if (fact.cascade) waiting.push(...scene.schema.foreignKeysTo(found.table).map(({ table }) => table.name))
    }
  }
  return effects
}
