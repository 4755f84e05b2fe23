import type { Effect } from '../../../model/effect.ts'
import type {
  Analyze,
  Cluster,
  Copy,
  CreateTableAs,
  Delete,
  Insert,
  LockTable,
  Merge,
  Select,
  Update,
  Vacuum,
} from '../../../model/fact.ts'
import type { Scene } from './effect.ts'
import { effect, isTable, onReads, onTree } from './effect.ts'

// Locks that the triggers of foreign keys take on other tables depend on the rows: they are not claimed.

export function createTableAs(fact: CreateTableAs, scene: Scene): readonly Effect[] {
  return onReads(scene, fact.reads)
}

export function insert(fact: Insert | Merge, scene: Scene): readonly Effect[] {
  return [...write(scene, fact, false), ...onReads(scene, fact.reads)]
}

export function change(fact: Update | Delete, scene: Scene): readonly Effect[] {
  return [...write(scene, fact, fact.where !== 'condition'), ...onReads(scene, fact.reads)]
}

function write(scene: Scene, fact: Insert | Merge | Update | Delete, all: boolean): readonly Effect[] {
  if (!isTable(scene, fact.table)) return []
  if (fact.kind === 'insert') return [effect(scene, fact.table, 'ROW EXCLUSIVE')]
  return onTree(scene, fact.table, 'ROW EXCLUSIVE', all ? 'scan' : 'nothing')
}

export function copy(fact: Copy, scene: Scene): readonly Effect[] {
  if (fact.table === undefined) return []
  return [effect(scene, fact.table, fact.direction === 'from' ? 'ROW EXCLUSIVE' : 'ACCESS SHARE')]
}

export function select(fact: Select, scene: Scene): readonly Effect[] {
  return onReads(scene, fact.reads)
}

export function lockTable(fact: LockTable, scene: Scene): readonly Effect[] {
  return fact.tables.flatMap((table) => onTree(scene, table, fact.mode))
}

export function vacuum(fact: Vacuum, scene: Scene): readonly Effect[] {
  const tables = fact.tables.length > 0 ? fact.tables : scene.schema.tables().map(({ name }) => name)
  return tables.flatMap((table) =>
    fact.full ? onTree(scene, table, 'ACCESS EXCLUSIVE', 'rewrite') : onTree(scene, table, 'SHARE UPDATE EXCLUSIVE'),
  )
}

export function cluster(fact: Cluster, scene: Scene): readonly Effect[] {
  return fact.table === undefined ? [] : [effect(scene, fact.table, 'ACCESS EXCLUSIVE', 'rewrite')]
}

/** ANALYZE reads a sample. */
export function analyze(fact: Analyze, scene: Scene): readonly Effect[] {
  const tables = fact.tables.length > 0 ? fact.tables : scene.schema.tables().map(({ name }) => name)
  return tables.map((table) => effect(scene, table, 'SHARE UPDATE EXCLUSIVE'))
}
