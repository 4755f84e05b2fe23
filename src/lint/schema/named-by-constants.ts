import type { Name } from '../../model/name.ts'
import type { Expression } from '../../model/type.ts'
import type { Catalogue } from './catalogue.ts'
import { sameName } from './key.ts'
import { followRelation } from './views.ts'

/** Defaults and views that name a relation by a constant, as `nextval('s')` does, go on naming it. */
export function followNamed(catalogue: Catalogue, from: Required<Name>, to: Required<Name>): void {
  followRelation(catalogue, from, to)
  const followed = (value: Expression): Expression => ({
    ...value,
    relations: (value.relations ?? []).map((name) => (isThat(name, from) ? to : name)),
  })
  for (const domain of catalogue.domainsNaming(from))
    if (names(domain.default, from)) catalogue.putDomain({ ...domain, default: followed(domain.default) })
  for (const { name: table, columns } of catalogue.tablesNaming(from))
    for (const { name, default: value } of columns.values()) {
      const current = names(value, from) ? catalogue.table(table) : undefined
      if (current !== undefined && names(value, from))
        catalogue.updateColumn(current, name, { default: followed(value) })
    }
}

/** Whether a default names a relation. */
export function names(value: Expression | undefined, relation: Required<Name>): value is Expression {
  return value?.relations?.some((name) => isThat(name, relation)) === true
}

function isThat({ schema = '', name }: Name, relation: Required<Name>): boolean {
  return sameName({ schema, name }, relation)
}

/** Removes a sequence; defaults that count with it go by CASCADE, without which the server refuses. */
export function dropSequence(catalogue: Catalogue, name: Required<Name>, cascade: boolean): void {
  catalogue.removeSequence(name)
  catalogue.noteGone({ object: 'sequence', name }, cascade)
}
