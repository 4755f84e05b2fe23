import type { Fact } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { Catalogue } from './catalogue.ts'
import { functionMeant } from './signatures.ts'

/** One DROP looks all its names up before it drops anything: what the first one hid, the second one does not find. */
export function resolvedDrops(catalogue: Catalogue, facts: readonly Fact[]): readonly Fact[] {
  return facts.length < 2 ? facts : facts.map((fact) => resolvedDrop(catalogue, fact))
}

function resolvedDrop(catalogue: Catalogue, fact: Fact): Fact {
  switch (fact.kind) {
    case 'drop-table':
      return { ...fact, table: catalogue.resolve(fact.table, 'relation') }
    case 'drop-view':
      return { ...fact, view: catalogue.resolve(fact.view, 'relation') }
    case 'drop-index':
      return { ...fact, index: catalogue.resolve(fact.index, 'relation') }
    case 'drop-object':
      return { ...fact, name: nameOf(catalogue, fact) }
    default:
      return fact
  }
}

function nameOf(catalogue: Catalogue, fact: Extract<Fact, { readonly kind: 'drop-object' }>): Name {
  const { object, name, argumentTypes } = fact
  switch (object) {
    case 'sequence':
    case 'foreign-table':
      return catalogue.resolve(name, 'relation')
    case 'type':
    case 'domain':
      return catalogue.resolve(name, 'type')
    case 'function':
    case 'procedure':
      return functionMeant(catalogue, name, argumentTypes, object)?.name ?? name
    default:
      return catalogue.resolveObject(object, name)
  }
}
