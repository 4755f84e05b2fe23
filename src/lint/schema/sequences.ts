import type { AlterSequence, CreateSequence } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { Sequence } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { followNamed } from './named-by-constants.ts'
import { createdName } from './views.ts'

export function createSequence(catalogue: Catalogue, fact: CreateSequence): void {
  const name = createdName(catalogue, fact.sequence, fact.temporary)
  if (fact.ifNotExists && catalogue.relationExists(name)) return
  // Without AS a sequence counts in bigint (PostgreSQL documentation, CREATE SEQUENCE).
  catalogue.putSequence({ name, type: fact.type?.name ?? 'bigint', ownedBy: owner(catalogue, fact.ownedBy) })
}

export function alterSequence(catalogue: Catalogue, fact: AlterSequence): void {
  const sequence = catalogue.sequence(fact.sequence)
  if (sequence === undefined) return
  catalogue.putSequence({
    ...sequence,
    type: fact.type?.name ?? sequence.type,
    ownedBy: fact.ownedBy === undefined ? sequence.ownedBy : owner(catalogue, fact.ownedBy),
  })
}

export function moveSequence(catalogue: Catalogue, sequence: Sequence, to: Required<Name>): void {
  catalogue.carryAge(sequence.name, to)
  catalogue.removeSequence(sequence.name)
  catalogue.putSequence({ ...sequence, name: to })
  followNamed(catalogue, sequence.name, to)
}

function owner(catalogue: Catalogue, ownedBy: CreateSequence['ownedBy']): Sequence['ownedBy'] {
  if (ownedBy === undefined || ownedBy === 'none') return undefined
  return { table: catalogue.resolve(ownedBy.table), column: ownedBy.column }
}
