import type { Name } from '../../model/name.ts'
import type { Catalogue } from './catalogue.ts'
import { names } from './named-by-constants.ts'
import { removeType } from './types.ts'
import { removeViewsOn } from './views.ts'

/** Defaults and views that count with a sequence go with it by CASCADE, and so do domains that have such a default. */
export function removeSequenceUsers(catalogue: Catalogue, sequence: Required<Name>): void {
  removeViewsOn(catalogue, sequence)
  for (const { name, default: value } of catalogue.domainsNaming(sequence))
    if (names(value, sequence)) removeType(catalogue, name, true)
  for (const { name: table, columns } of catalogue.tablesNaming(sequence))
    for (const { name, default: value } of columns.values()) {
      const current = names(value, sequence) ? catalogue.table(table) : undefined
      if (current !== undefined) catalogue.updateColumn(current, name, { default: undefined })
    }
}
