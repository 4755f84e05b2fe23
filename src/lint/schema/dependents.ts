import type { Fact, TableUse } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { Dependent } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { sameName } from './key.ts'

/** Notes what a policy, rule, publication or function uses, where it uses anything. */
export function noteDependent(
  catalogue: Catalogue,
  owner: Pick<Dependent, 'kind' | 'name' | 'table'>,
  { uses = [], calls = [] }: { readonly uses?: readonly TableUse[]; readonly calls?: readonly string[] },
): void {
  if (uses.length === 0 && calls.length === 0) {
    catalogue.removeDependent(owner)
    return
  }
  const resolved = uses.map((use) => ({ ...use, table: catalogue.resolve(use.table) }))
  catalogue.putDependent({ kind: owner.kind, name: owner.name, table: owner.table, uses: resolved, calls })
}

export function createRule(catalogue: Catalogue, fact: Extract<Fact, { readonly kind: 'create-rule' }>): void {
  noteDependent(catalogue, { kind: 'rule', name: { name: fact.rule }, table: catalogue.resolve(fact.table) }, fact)
}

/** What uses a table, or one column of it, goes with it by CASCADE; without, the server refuses. */
export function removeDependentsOn(catalogue: Catalogue, table: Required<Name>, column?: string): void {
  for (const dependent of catalogue.dependentsOn(table, column)) {
    catalogue.removeDependent(dependent)
    if (dependent.kind === 'publication') unpublish(catalogue, dependent, table)
    if (dependent.kind === 'function') catalogue.removeFunction(catalogue.resolve(dependent.name))
  }
}

/** A publication only loses the table. */
function unpublish(catalogue: Catalogue, dependent: Dependent, table: Required<Name>): void {
  noteDependent(catalogue, dependent, { uses: dependent.uses.filter((use) => !sameName(use.table, table)) })
  const publication = catalogue.publication(dependent.name.name)
  if (publication === undefined) return
  const tables = publication.tables.filter((name) => !sameName(name, table))
  catalogue.putPublication({ ...publication, tables })
}

/** They go on using a table under its new name. */
export function followTableInDependents(catalogue: Catalogue, from: Required<Name>, to: Required<Name>): void {
  const follow = (name: Required<Name>): Required<Name> => (sameName(name, from) ? to : name)
  for (const dependent of catalogue.dependentsOn(from)) {
    catalogue.removeDependent(dependent)
    catalogue.putDependent({
      ...dependent,
      table: dependent.table === undefined ? undefined : follow(dependent.table),
      uses: dependent.uses.map((use) => ({ ...use, table: follow(use.table) })),
    })
  }
}

export function renameInDependents(
  catalogue: Catalogue,
  table: Required<Name>,
  rename: (names: readonly string[]) => readonly string[],
): void {
  for (const dependent of catalogue.dependentsOn(table)) {
    catalogue.putDependent({
      ...dependent,
      uses: dependent.uses.map((use) => (sameName(use.table, table) ? { ...use, columns: rename(use.columns) } : use)),
    })
  }
}
