import type { ObjectKind } from '../../model/name.ts'
import { removeCallers } from './callers.ts'
import type { Catalogue } from './catalogue.ts'
import type { Needed } from './needs.ts'
import { isNeeded, neededAs } from './needs.ts'
import { removeNamed } from './named-objects.ts'
import { removeSequenceUsers } from './sequence-users.ts'
import { removeSignatures } from './signatures.ts'
import { removeTable } from './tables.ts'
import { removeColumnsWith, removeTypeUsers } from './type-users.ts'

/** Kinds that expressions and indexes name: what of them goes by CASCADE is not known here. */
const namedInExpressions: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  'access-method',
  'collation',
  'extension',
  'operator',
  'operator-class',
  'operator-family',
  'text-search-configuration',
  'text-search-dictionary',
])

/** Takes along what cannot be without what went, what cannot be without that, and so on. */
export function settle(catalogue: Catalogue): void {
  for (let gone = catalogue.takeGone(); gone !== undefined; gone = catalogue.takeGone())
    removeUsersOf(catalogue, gone.what, gone.cascade)
}

/** Parts always, others by CASCADE; without, the server refuses. */
function removeUsersOf(catalogue: Catalogue, removed: Needed, cascade: boolean): void {
  for (const object of catalogue.objectsNeeding(neededAs(removed.object), removed.name.name)) {
    if ((object.partOf === true || cascade) && object.needs.some((need) => isNeeded(need, removed)))
      removeNamed(catalogue, object)
  }
  if (cascade) removeOthers(catalogue, removed)
}

function removeOthers(catalogue: Catalogue, removed: Needed): void {
  const { object, name } = removed
  const named = { schema: name.schema ?? '', name: name.name }
  if (namedInExpressions.has(object)) catalogue.complete = false
  switch (object) {
    case 'type':
    case 'domain':
      return removeTypeUsers(catalogue, named)
    case 'function':
    case 'procedure':
    case 'aggregate':
      return removeCallers(catalogue, named, removed.argumentTypes)
    case 'sequence':
      return removeSequenceUsers(catalogue, named)
    case 'collation':
      return removeColumnsWith(catalogue, ({ collation }) => collation === name.name)
    case 'language':
      return removeSignatures(catalogue, ({ language }) => language === name.name)
    case 'foreign-server':
      for (const table of catalogue.tables()) if (table.server === name.name) removeTable(catalogue, table)
      return
    default:
  }
}
