import type { RenameTable, SetSchema } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { Catalogue } from './catalogue.ts'
import { moveIndex } from './indexes.ts'
import { moveSequence } from './sequences.ts'
import { moveTable } from './tables.ts'
import { moveType } from './types.ts'
import { moveView } from './views.ts'

/** Renames or moves a table, view, index or sequence: ALTER TABLE … RENAME takes any of them. */
export function moveRelation(catalogue: Catalogue, from: Required<Name>, to: Required<Name>): void {
  const table = catalogue.table(from)
  if (table !== undefined) return moveTable(catalogue, table, to)
  const view = catalogue.view(from)
  if (view !== undefined) return moveView(catalogue, view, to)
  const index = catalogue.index(from)
  if (index !== undefined) return moveIndex(catalogue, index, to)
  const sequence = catalogue.sequence(from)
  if (sequence !== undefined) moveSequence(catalogue, sequence, to)
}

export function setSchema(catalogue: Catalogue, fact: SetSchema): void {
  const from = catalogue.resolve(fact.name)
  moveObject(catalogue, from, { schema: fact.to, name: from.name })
}

/** Renames or moves anything that is looked up by name. */
export function moveObject(catalogue: Catalogue, from: Required<Name>, to: Required<Name>): void {
  if (catalogue.relationExists(from)) return moveRelation(catalogue, from, to)
  moveType(catalogue, from, to)
  const function_ = catalogue.function(from)
  if (function_ === undefined) return
  catalogue.removeFunction(from)
  catalogue.putFunction({ ...function_, name: to })
}

export function renameTable(catalogue: Catalogue, fact: RenameTable): void {
  const name = catalogue.resolve(fact.table)
  moveRelation(catalogue, name, { ...name, name: fact.to })
}
