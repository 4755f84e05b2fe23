import type { AlterPublication, CreatePublication } from '../../model/fact.ts'
import type { Catalogue } from './catalogue.ts'
import { noteDependent } from './dependents.ts'
import { sameName } from './key.ts'

export function createPublication(catalogue: Catalogue, fact: CreatePublication): void {
  const { publication: name, allTables } = fact
  catalogue.putPublication({ name, allTables, tables: fact.tables.map((table) => catalogue.resolve(table)) })
  noteDependent(catalogue, { kind: 'publication', name: { name }, table: undefined }, fact)
}

export function alterPublication(catalogue: Catalogue, fact: AlterPublication): void {
  const publication = catalogue.publication(fact.publication)
  if (publication === undefined || fact.action === 'options') return
  const named = fact.tables.map((table) => catalogue.resolve(table))
  const others = publication.tables.filter((table) => !named.some((name) => sameName(name, table)))
  const tables = { add: [...others, ...named], drop: others, set: named }[fact.action]
  catalogue.putPublication({ ...publication, tables })
  const owner = { kind: 'publication', name: { name: publication.name }, table: undefined } as const
  const before = catalogue
    .dependents()
    .find(({ kind, name }) => kind === 'publication' && name.name === publication.name)
  const kept = (before?.uses ?? []).filter((use) => tables.some((table) => sameName(table, use.table)))
  noteDependent(catalogue, owner, { uses: [...(fact.action === 'set' ? [] : kept), ...(fact.uses ?? [])] })
}
