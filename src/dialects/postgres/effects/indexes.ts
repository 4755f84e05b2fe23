import type { Effect } from '../../../model/effect.ts'
import type { CreateIndex, DropIndex, Reindex } from '../../../model/fact.ts'
import type { Scene } from './effect.ts'
import { effect, onTree } from './effect.ts'

export function createIndex(fact: CreateIndex, scene: Scene): readonly Effect[] {
  const lock = fact.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE'
  const { schema } = scene.schema.resolve(fact.table)
  const exists = fact.index !== undefined && scene.schema.index({ schema, name: fact.index }) !== undefined
  // With IF NOT EXISTS nothing is built, but the lock is taken first.
  if (fact.ifNotExists && exists) return [effect(scene, fact.table, lock)]
  if (fact.only) return [effect(scene, fact.table, lock)]
  return onTree(scene, fact.table, lock, 'scan')
}

export function dropIndex(fact: DropIndex, scene: Scene): readonly Effect[] {
  const index = scene.schema.index(fact.index)
  if (index === undefined) return []
  if (fact.concurrently) return [effect(scene, index.table, 'SHARE UPDATE EXCLUSIVE')]
  return onTree(scene, index.table, 'ACCESS EXCLUSIVE')
}

export function reindex(fact: Reindex, scene: Scene): readonly Effect[] {
  const lock = fact.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE'
  switch (fact.target) {
    case 'table':
      return fact.name === undefined ? [] : onTree(scene, fact.name, lock, 'scan')
    case 'index': {
      const index = fact.name === undefined ? undefined : scene.schema.index(fact.name)
      return index === undefined ? [] : [effect(scene, index.table, lock, 'scan')]
    }
    case 'schema':
      return scene.schema
        .tables()
        .filter(({ name }) => name.schema === fact.name?.name)
        .map(({ name }) => effect(scene, name, lock, 'scan'))
    case 'database':
    case 'system':
      return scene.schema.tables().map(({ name }) => effect(scene, name, lock, 'scan'))
  }
}
