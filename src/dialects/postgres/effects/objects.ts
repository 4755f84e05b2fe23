import type { Effect } from '../../../model/effect.ts'
import type {
  AlterDomain,
  AlterObject,
  AlterPublication,
  AlterType,
  Comment,
  CreateObject,
  CreateSequence,
  AlterSequence,
  CreatePublication,
  CreateRule,
  CreateTrigger,
  CreateView,
  DropObject,
  DropView,
  Grant,
  RefreshMaterializedView,
  RenameObject,
} from '../../../model/fact.ts'
import type { Name } from '../../../model/name.ts'
import type { Table } from '../../../model/schema.ts'
import type { TypeName } from '../../../model/type.ts'
import type { Scene } from './effect.ts'
import { dependentMaterializedViews, effect, isTable, onReads } from './effect.ts'

export function createView(fact: CreateView, scene: Scene): readonly Effect[] {
  return onReads(scene, fact.reads)
}

export function dropView(fact: DropView, scene: Scene): readonly Effect[] {
  return [
    ...(fact.materialized ? [effect(scene, fact.view, 'ACCESS EXCLUSIVE')] : []),
    ...(fact.cascade ? dependentMaterializedViews(scene, fact.view) : []),
  ]
}

/** Only tables with the type as a whole (`CREATE TABLE … OF type`) follow it, and only with CASCADE. */
export function alterType(fact: AlterType, scene: Scene): readonly Effect[] {
  if (!fact.cascade) return []
  const type = scene.schema.resolve(fact.type)
  return scene.schema
    .tables()
    .filter(({ ofType }) => ofType !== undefined && ofType.name === type.name && ofType.schema === type.schema)
    .map(({ name }) =>
      effect(scene, name, 'ACCESS EXCLUSIVE', fact.action === 'alter-attribute' ? 'rewrite' : 'nothing'),
    )
}

export function createRule(fact: CreateRule, scene: Scene): readonly Effect[] {
  return [
    ...(isTable(scene, fact.table) ? [effect(scene, fact.table, 'ACCESS EXCLUSIVE')] : []),
    ...fact.changes.filter((table) => isTable(scene, table)).map((table) => effect(scene, table, 'ROW EXCLUSIVE')),
  ]
}

/** Each table that is named is locked; FOR ALL TABLES and whole schemas lock none. */
export function publication(fact: CreatePublication | AlterPublication, scene: Scene): readonly Effect[] {
  // A new list locks the tables that leave it too.
  const replaced = fact.kind === 'alter-publication' && fact.action === 'set'
  const before = replaced ? (scene.schema.publication(fact.publication)?.tables ?? []) : []
  return [...fact.tables, ...before].map((table) => effect(scene, table, 'SHARE UPDATE EXCLUSIVE'))
}

export function refreshMaterializedView(fact: RefreshMaterializedView, scene: Scene): readonly Effect[] {
  // Without data the query is not run.
  if (!fact.withData) return [effect(scene, fact.view, 'ACCESS EXCLUSIVE')]
  const reads = scene.schema.view(fact.view)?.reads ?? []
  return [
    fact.concurrently
      ? effect(scene, fact.view, 'EXCLUSIVE', 'scan')
      : effect(scene, fact.view, 'ACCESS EXCLUSIVE', 'rewrite'),
    ...onReads(scene, reads),
  ]
}

/** Values of every column of the domain are checked, unless that is put off by NOT VALID. */
export function alterDomain(fact: AlterDomain, scene: Scene): readonly Effect[] {
  const checks =
    fact.action === 'set-not-null' ||
    fact.action === 'validate-constraint' ||
    (fact.action === 'add-constraint' && fact.constraint?.valid !== false)
  if (!checks) return []
  return tablesWithType(scene, fact.domain).map(({ name }) => effect(scene, name, 'SHARE', 'scan'))
}

function tablesWithType({ schema }: Scene, type: Name): readonly Table[] {
  const wanted = schema.resolve(type)
  const has = (type: TypeName | undefined): boolean => {
    // One of a type that is not told may have it.
    if (type === undefined) return true
    const { name, schema: written } = type
    if (name !== wanted.name) return false
    return schema.resolve(written === undefined ? { name } : { schema: written, name }).schema === wanted.schema
  }
  return schema.tables().filter((table) => [...table.columns.values()].some((column) => has(column.type)))
}

export function createTrigger(fact: CreateTrigger, scene: Scene): readonly Effect[] {
  if (scene.schema.view(fact.table) !== undefined) return []
  // Only row triggers are made on the partitions too.
  if (!fact.rowLevel) return [effect(scene, fact.table, 'SHARE ROW EXCLUSIVE')]
  return onPartitions(scene, fact.table, 'SHARE ROW EXCLUSIVE')
}

export function onPartitions(
  scene: Scene,
  table: Name,
  lock: 'SHARE ROW EXCLUSIVE' | 'ACCESS EXCLUSIVE',
): readonly Effect[] {
  const partitions = scene.schema.table(table)?.partitions ?? []
  return [effect(scene, table, lock), ...partitions.flatMap((partition) => onPartitions(scene, partition, lock))]
}

/** ALTER … OWNED BY and serial columns look at the table that owns the sequence. */
export function ownSequence(fact: CreateSequence | AlterSequence, scene: Scene): readonly Effect[] {
  const { ownedBy } = fact
  return ownedBy === undefined || ownedBy === 'none' ? [] : [effect(scene, ownedBy.table, 'ACCESS SHARE')]
}

/** Extended statistics lock their table against others and against ANALYZE, not against reads and writes. */
export function createObject(fact: CreateObject, scene: Scene): readonly Effect[] {
  if (fact.object !== 'statistics') return []
  return (fact.uses ?? []).map(({ table }) => effect(scene, table, 'SHARE UPDATE EXCLUSIVE'))
}

export function alterObject(fact: AlterObject, scene: Scene): readonly Effect[] {
  // Of a trigger and a materialized view: DEPENDS ON EXTENSION. ALTER STATISTICS locks no table.
  const locked = fact.object === 'materialized-view' ? fact.name : fact.table
  if (locked === undefined || !isTable(scene, locked)) return []
  return [effect(scene, locked, fact.object === 'trigger' ? 'ACCESS SHARE' : 'ACCESS EXCLUSIVE')]
}

function statisticsTables(name: Name, scene: Scene): readonly Effect[] {
  const uses = scene.schema.object('statistics', name)?.uses ?? []
  return uses.map(({ table }) => effect(scene, table, 'SHARE UPDATE EXCLUSIVE'))
}

export function dropObject(fact: DropObject, scene: Scene): readonly Effect[] {
  switch (fact.object) {
    case 'trigger':
      return fact.table === undefined || !isTable(scene, fact.table)
        ? []
        : onPartitions(scene, fact.table, 'ACCESS EXCLUSIVE')
    case 'policy':
    case 'rule':
      return fact.table === undefined || !isTable(scene, fact.table)
        ? []
        : [effect(scene, fact.table, 'ACCESS EXCLUSIVE')]
    case 'statistics':
      return statisticsTables(fact.name, scene)
    case 'foreign-table':
      return [effect(scene, fact.name, 'ACCESS EXCLUSIVE')]
    case 'schema':
      return schemaTables(fact, scene)
    case 'type':
    case 'domain':
      return tablesWithType(scene, fact.name).map(({ name }) => effect(scene, name, 'ACCESS EXCLUSIVE'))
    case 'function':
    case 'procedure':
      return fact.cascade ? triggerTables(fact.name, scene) : []
    default:
      return []
  }
}

/** The tables of a schema, and what their foreign keys point at and come from. */
function schemaTables(fact: DropObject, scene: Scene): readonly Effect[] {
  const names: Name[] = []
  for (const table of scene.schema.tables()) {
    const inside = table.name.schema === fact.name.name
    if (inside) names.push(table.name)
    for (const constraint of table.constraints.values()) {
      if (constraint.type !== 'foreign-key') continue
      const target = scene.schema.resolve(constraint.references)
      if (inside) names.push(target)
      else if (target.schema === fact.name.name) names.push(table.name)
    }
  }
  return names.map((name) => effect(scene, name, 'ACCESS EXCLUSIVE'))
}

function triggerTables(function_: Name, scene: Scene): readonly Effect[] {
  const wanted = scene.schema.resolve(function_)
  const calls = ({ triggers }: Table): boolean =>
    [...triggers.values()].some(({ function: called }) => {
      const target = scene.schema.resolve(called)
      return target.name === wanted.name && target.schema === wanted.schema
    })
  return scene.schema
    .tables()
    .filter(calls)
    .map(({ name }) => effect(scene, name, 'ACCESS EXCLUSIVE'))
}

export function renameObject(fact: RenameObject, scene: Scene): readonly Effect[] {
  if (fact.object === 'materialized-view' || fact.object === 'foreign-table')
    return [effect(scene, fact.name, 'ACCESS EXCLUSIVE')]
  if (fact.table === undefined || !isTable(scene, fact.table)) return []
  if (fact.object === 'trigger') return onPartitions(scene, fact.table, 'ACCESS EXCLUSIVE')
  return fact.object === 'policy' || fact.object === 'rule' ? [effect(scene, fact.table, 'ACCESS EXCLUSIVE')] : []
}

/** From PostgreSQL 18 on an object that is named is locked against being dropped meanwhile. */
export function grant(fact: Grant, scene: Scene): readonly Effect[] {
  if (fact.object !== 'table' || fact.allInSchema || scene.version < 18) return []
  return fact.names.filter((name) => isTable(scene, name)).map((name) => effect(scene, name, 'ACCESS SHARE'))
}

export function comment(fact: Comment, scene: Scene): readonly Effect[] {
  const onRelation = fact.object === 'table' || fact.object === 'column' || fact.object === 'materialized-view'
  if (!onRelation || !isTable(scene, fact.name)) return []
  return [effect(scene, fact.name, 'SHARE UPDATE EXCLUSIVE')]
}
