import type { AlterObject, Fact, RenameObject } from '../../model/fact.ts'
import type { Using } from '../../model/facts/base.ts'
import type { PolicyClause } from '../../model/facts/objects.ts'
import type { Name } from '../../model/name.ts'
import type { Dependent } from '../../model/schema.ts'
import { resolvedCalls } from './calls.ts'
import type { Catalogue } from './catalogue.ts'
import type { DependentIdentity } from './object-key.ts'
import { sameName } from './key.ts'
import { resolvedUses } from './resolved-uses.ts'
import { dropFunction } from './signatures.ts'

interface Noted extends Using {
  readonly clauses?: readonly PolicyClause[] | undefined
}

/** Notes what a policy, rule, publication or function uses, where it uses anything. */
export function noteDependent(
  catalogue: Catalogue,
  owner: DependentIdentity,
  { uses = [], calls = [], clauses }: Noted,
): void {
  if (uses.length === 0 && calls.length === 0) {
    catalogue.removeDependent(owner)
    return
  }
  const resolved = resolvedUses(catalogue, uses)
  const { kind, name, table, argumentTypes } = owner
  const called = resolvedCalls(catalogue, calls)
  catalogue.putDependent({ kind, name, table, argumentTypes, uses: resolved, calls: called, clauses })
}

export function createRule(catalogue: Catalogue, fact: Extract<Fact, { readonly kind: 'create-rule' }>): void {
  const table = catalogue.resolve(fact.table, 'relation')
  const name = { name: fact.rule }
  catalogue.putObject({ object: 'rule', name, table, needs: [], uses: [], calls: [] })
  noteDependent(catalogue, { kind: 'rule', name, table }, fact)
}

/** Removes a policy, rule, function or publication, and what is noted of its uses. */
export function removeDependent(catalogue: Catalogue, dependent: DependentIdentity): void {
  catalogue.removeDependent(dependent)
  const { kind, name, table, argumentTypes } = dependent
  if (kind === 'policy' && table !== undefined) removePolicy(catalogue, table, name.name)
  if (kind === 'rule' && table !== undefined) {
    const rule = catalogue.object('rule', name, { table })
    if (rule !== undefined) catalogue.removeObject(rule)
  }
  if (kind === 'function') dropFunction(catalogue, name, argumentTypes, true)
}

export function removePolicy(catalogue: Catalogue, name: Required<Name>, policy: string): void {
  catalogue.removeDependent({ kind: 'policy', name: { name: policy }, table: name })
  const table = catalogue.table(name)
  if (table === undefined || !table.policies.has(policy)) return
  catalogue.updateTable(table, { policies: new Set([...table.policies].filter((other) => other !== policy)) })
}

export function renamePolicy(catalogue: Catalogue, { table: written, name, to }: RenameObject): void {
  const table = written === undefined ? undefined : catalogue.table(written)
  if (table === undefined || !table.policies.has(name.name)) return
  catalogue.updateTable(table, { policies: new Set([...table.policies].map((one) => (one === name.name ? to : one))) })
  for (const dependent of catalogue.dependentsOn(table.name)) {
    const isOwn = dependent.table !== undefined && sameName(dependent.table, table.name)
    if (dependent.kind !== 'policy' || !isOwn || dependent.name.name !== name.name) continue
    catalogue.removeDependent(dependent)
    catalogue.putDependent({ ...dependent, name: { name: to } })
  }
}

/** What uses a table, or one column of it, goes with it by CASCADE; without, the server refuses. */
export function removeDependentsOn(catalogue: Catalogue, table: Required<Name>, column?: string): void {
  for (const dependent of catalogue.dependentsOn(table, column)) {
    if (dependent.kind === 'publication') unpublish(catalogue, dependent, table)
    else removeDependent(catalogue, dependent)
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

/** ALTER POLICY states conditions anew; of two, what the other one used is not told from what this one did. */
export function alterPolicy(catalogue: Catalogue, { table: written, name, conditions }: AlterObject): void {
  const table = written === undefined ? undefined : catalogue.table(written)
  if (conditions === undefined || table === undefined || !table.policies.has(name.name)) return
  const owner = { kind: 'policy', name: { name: name.name }, table: table.name } as const
  const before = catalogue.dependent(owner)
  const known = before?.clauses ?? []
  const kept = known.filter((clause) => !conditions.stated.includes(clause))
  if (before === undefined || kept.length === 0) return noteDependent(catalogue, owner, conditions)
  if (kept.length < known.length) catalogue.complete = false
  noteDependent(catalogue, owner, {
    uses: [...before.uses, ...(conditions.uses ?? [])],
    calls: [...before.calls, ...(conditions.calls ?? [])],
    clauses: [...kept, ...(conditions.clauses ?? [])],
  })
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
