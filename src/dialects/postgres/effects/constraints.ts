import type { Effect } from '../../../model/effect.ts'
import type {
  AddConstraint,
  AlterConstraint,
  AttachPartition,
  DetachPartition,
  DropConstraint,
  RenameConstraint,
  ValidateConstraint,
} from '../../../model/fact.ts'
import type { ForeignKeyConstraint, KeyConstraint } from '../../../model/constraint.ts'
import { defaultPartition, excludesBound, missingIndexes, provesBound } from '../../../model/partition.ts'
import type { Name } from '../../../model/name.ts'
import type { PartitionBound } from '../../../model/partition.ts'
import type { Table } from '../../../model/schema.ts'
import type { Scene, Work } from './effect.ts'
import { effect, isProvenNotNull, onTree, referencedTables } from './effect.ts'

export function addConstraint(fact: AddConstraint, scene: Scene): readonly Effect[] {
  const { constraint, table } = fact
  const checks = constraint.valid && constraint.enforced
  switch (constraint.type) {
    case 'check':
      // Up to 17 a check that heirs do not get leaves them alone.
      if (constraint.noInherit === true && scene.version < 18)
        return [effect(scene, table, 'ACCESS EXCLUSIVE', checks ? 'scan' : 'nothing')]
      return onTree(scene, table, 'ACCESS EXCLUSIVE', (own) =>
        checks && reaches(own, fact, scene) ? 'scan' : 'nothing',
      )
    case 'not-null':
      return onTree(scene, table, 'ACCESS EXCLUSIVE', (own) =>
        checks && reaches(own, fact, scene) && !isProvenNotNull(own, constraint.column, scene) ? 'scan' : 'nothing',
      )
    case 'foreign-key':
      return addForeignKey(fact, constraint, scene)
    case 'primary-key':
    case 'unique':
      return addKey(fact, constraint, scene)
    case 'exclude':
      return onTree(scene, table, 'ACCESS EXCLUSIVE', 'scan')
  }
}

/** With NO INHERIT the heirs are locked too, and their rows are left alone. */
function reaches(table: Table, { constraint, table: named }: AddConstraint, { schema }: Scene): boolean {
  return !('noInherit' in constraint) || schema.table(named) === table
}

function addForeignKey(fact: AddConstraint, key: ForeignKeyConstraint, scene: Scene): readonly Effect[] {
  const work: Work = key.valid && key.enforced ? 'scan' : 'nothing'
  return [
    ...onTree(scene, fact.table, 'SHARE ROW EXCLUSIVE', work),
    ...onTree(scene, key.references, 'SHARE ROW EXCLUSIVE', work),
  ]
}

/**
 * The partitions of a partitioned table each build an index under SHARE, as CREATE INDEX does; a primary key that has to
 * make their columns NOT NULL, and on 18 every key, takes ACCESS EXCLUSIVE on them too. With ONLY the
 * partitions are left alone, and the index waits for theirs.
 */
function addKey(fact: AddConstraint, key: KeyConstraint, scene: Scene): readonly Effect[] {
  const table = scene.schema.table(fact.table)
  if (table === undefined) return [effect(scene, fact.table, 'ACCESS EXCLUSIVE', unknownKeyWork(key))]
  const makesNotNull = !key.columns.every((column) => table.columns.get(column)?.notNull === true)
  const strong = scene.version >= 18 || (key.type === 'primary-key' && makesNotNull)
  return [
    effect(
      scene,
      fact.table,
      'ACCESS EXCLUSIVE',
      table.partitionBy === undefined ? keyWork(table, key, scene) : 'nothing',
    ),
    ...(fact.only === true ? [] : table.partitions).flatMap((partition) =>
      onTree(scene, partition, strong ? 'ACCESS EXCLUSIVE' : 'SHARE', (own) => keyWork(own, key, scene)),
    ),
    ...(fact.only === true ? [] : table.heirs).flatMap((heir) => addKeyOnHeir(scene, heir, key)),
  ]
}

/** Heirs get no index, but the NOT NULL of a primary key's columns; 18 locks them for every key. */
function addKeyOnHeir(scene: Scene, heir: Name, key: KeyConstraint): readonly Effect[] {
  if (scene.version < 18 && key.type !== 'primary-key') return []
  return onTree(scene, heir, 'ACCESS EXCLUSIVE', (own) =>
    key.type === 'primary-key' && !key.columns.every((column) => isProvenNotNull(own, column, scene))
      ? 'scan'
      : 'nothing',
  )
}

function unknownKeyWork(key: KeyConstraint): Work {
  return key.type === 'unique' && key.usingIndex !== undefined ? 'nothing' : 'scan'
}

/** With USING INDEX only a primary key over a column that may hold NULL still reads the table. */
function keyWork(table: Table, constraint: KeyConstraint, scene: Scene): Work {
  if (constraint.usingIndex === undefined) return 'scan'
  if (constraint.type === 'unique') return 'nothing'
  const index = scene.schema.index({ schema: table.name.schema, name: constraint.usingIndex })
  if (index === undefined) return 'scan'
  return index.columns.every((column) => isProvenNotNull(table, column, scene)) ? 'nothing' : 'scan'
}

export function validateConstraint(fact: ValidateConstraint, scene: Scene): readonly Effect[] {
  const constraint = scene.schema.table(fact.table)?.constraints.get(fact.constraint)
  const work: Work = constraint?.valid === true ? 'nothing' : 'scan'
  if (constraint?.type !== 'foreign-key') return onTree(scene, fact.table, 'SHARE UPDATE EXCLUSIVE', work)
  const parent = work === 'nothing' ? [] : [effect(scene, constraint.references, 'ROW SHARE', 'scan')]
  return [effect(scene, fact.table, 'SHARE UPDATE EXCLUSIVE', work), ...parent]
}

/** A foreign key has triggers on both tables; a key takes the foreign keys along that point at it. */
export function dropConstraint(fact: DropConstraint, scene: Scene): readonly Effect[] {
  const table = scene.schema.table(fact.table)
  const constraint = table?.constraints.get(fact.constraint)
  const others =
    constraint?.type === 'foreign-key'
      ? [constraint.references]
      : fact.cascade && table !== undefined && (constraint?.type === 'primary-key' || constraint?.type === 'unique')
        ? scene.schema.foreignKeysTo(table.name).map((key) => key.table.name)
        : []
  return [
    ...onTree(scene, fact.table, 'ACCESS EXCLUSIVE'),
    ...others.map((name) => effect(scene, name, 'ACCESS EXCLUSIVE')),
  ]
}

export function renameConstraint(fact: RenameConstraint, scene: Scene): readonly Effect[] {
  return onTree(scene, fact.table, 'ACCESS EXCLUSIVE')
}

export function alterConstraint(fact: AlterConstraint, scene: Scene): readonly Effect[] {
  const constraint = scene.schema.table(fact.table)?.constraints.get(fact.constraint)
  const work: Work = fact.enforced === true && constraint?.enforced !== true ? 'scan' : 'nothing'
  const own = onTree(scene, fact.table, 'ACCESS EXCLUSIVE', work)
  if (constraint?.type !== 'foreign-key' || fact.enforced === undefined) return own
  const parentLock = fact.enforced === false ? 'ACCESS EXCLUSIVE' : 'SHARE ROW EXCLUSIVE'
  return [...own, effect(scene, constraint.references, parentLock, work)]
}

/** The partition is read unless its own constraints prove the bounds, and to build what indexes it lacks. */
export function attachPartition(fact: AttachPartition, scene: Scene): readonly Effect[] {
  const parent = scene.schema.table(fact.table)
  const child = scene.schema.table(fact.partition)
  const keys = referencedTables(parent)
  const isFit =
    parent !== undefined &&
    child !== undefined &&
    keys.length === 0 &&
    isProvenFit(parent, child, fact.bound, scene) &&
    missingIndexes(parent, child).length === 0
  return [
    effect(scene, fact.table, 'SHARE UPDATE EXCLUSIVE'),
    ...onTree(scene, fact.partition, 'ACCESS EXCLUSIVE', isFit ? 'nothing' : 'scan'),
    ...onDefaultPartition(scene, parent, fact.bound),
    ...keys.map((name) => effect(scene, name, 'SHARE ROW EXCLUSIVE', 'scan')),
  ]
}

/** The DEFAULT partition may hold whatever no other partition holds. */
function isProvenFit(parent: Table, child: Table, bound: PartitionBound, { schema }: Scene): boolean {
  const columns = parent.partitionBy ?? []
  if (bound.kind !== 'default') return provesBound(child, columns, bound)
  return parent.partitions.every((name) => {
    const other = schema.table(name)?.partitionBound
    return other !== undefined && excludesBound(child, columns, other)
  })
}

/** A new partition takes rows that the DEFAULT partition held till now: it is read to find whether there are any. */
export function onDefaultPartition(
  scene: Scene,
  parent: Table | undefined,
  bound: PartitionBound | undefined,
): readonly Effect[] {
  const name = parent === undefined ? undefined : defaultPartition(parent, scene.schema)
  if (parent === undefined || name === undefined) return []
  return onTree(scene, name, 'ACCESS EXCLUSIVE', (table) =>
    bound === undefined || excludesBound(table, parent.partitionBy ?? [], bound) ? 'nothing' : 'scan',
  )
}

export function detachPartition(fact: DetachPartition, scene: Scene): readonly Effect[] {
  return [
    effect(scene, fact.table, fact.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE'),
    effect(scene, fact.partition, 'ACCESS EXCLUSIVE'),
    // What the partition held would go to the DEFAULT partition from now on: its constraint changes.
    ...onDefaultPartition(scene, scene.schema.table(fact.table), undefined),
  ]
}
