import { createHash } from 'node:crypto'
import type { Dialect } from '../dialects/dialect.ts'
import type { Fact } from '../model/fact.ts'
import type { ParsedMigration } from '../model/migration.ts'
import type { Name } from '../model/name.ts'
import type { InheritedParts, Snapshot, SnapshotStatement, TableSize } from '../model/snapshot.ts'
import type { HistoryStart } from './replay.ts'
import { applyFact } from './schema/apply.ts'
import { Catalogue } from './schema/catalogue.ts'
import { keyOf } from './schema/key.ts'
import { inPasses } from './schema/passes.ts'
import { settleViewTypes } from './schema/views.ts'

/** A live database as the beginning of a history. */
export interface LiveSchema extends HistoryStart {
  /** How large a table is, under the name that it has at this point of the history. */
  sizeOf(catalogue: Catalogue, table: Name): TableSize | undefined
}

/**
 * What a live database holds. Where its journal says what is applied, the schema is the database's own, and only the
 * other migrations come on top. Where it does not, the history stays the schema, and what it never creates is added in
 * front: tables that were there before the first migration.
 */
export function liveSchema(snapshot: Snapshot, history: readonly ParsedMigration[], dialect: Dialect): LiveSchema {
  const applied = snapshot.applied === undefined ? undefined : new Set(snapshot.applied)
  const sizes = new Map(
    snapshot.tables.map(({ schema, name, rows, bytes }) => [keyOf({ schema, name }), { rows, bytes }]),
  )
  return {
    key: createHash('sha256').update(JSON.stringify(snapshot)).digest('base64url'),
    catalogue: () => {
      const made = applied === undefined ? createdNames(history) : new Set<string>()
      const catalogue = snapshotCatalogue(
        snapshot.statements.filter(({ of }) => !made.has(of.name)),
        dialect,
        snapshot.server,
      )
      if (snapshot.unread !== undefined) catalogue.complete = false
      return catalogue
    },
    replays: ({ id }) => applied === undefined || !applied.has(id),
    sizeOf: (catalogue, table) => {
      const name = catalogue.resolve(table)
      // A table that a pending migration makes is another one than the table of that name which is there today.
      return applied === undefined || catalogue.isFromStart(name) ? sizes.get(keyOf(name)) : undefined
    },
  }
}

/** The schema that the statements of a snapshot make. What the grammar does not know makes it incomplete. */
export function snapshotCatalogue(
  statements: readonly SnapshotStatement[],
  dialect: Dialect,
  server?: number,
): Catalogue {
  const catalogue = new Catalogue(server)
  const parsed = statements.map((statement) => ({ ...statement, ...dialect.parse(statement.sql) }))
  const factsOf = (one: (typeof parsed)[number]): readonly Fact[] =>
    one.statements.flatMap(({ facts }) => inPasses(facts))
  // All of it is there at once: what is told later is no type of the server's before.
  catalogue.expectTypes(parsed.flatMap(factsOf).flatMap((fact) => typeMadeBy(fact) ?? []))
  for (const one of parsed) {
    if (one.problems.length > 0) catalogue.complete = false
    for (const fact of factsOf(one)) {
      applyFact(catalogue, fact)
      if (one.invalid === true) markInvalid(catalogue, fact)
      if (one.natural === true) markNatural(catalogue, fact)
    }
    if (one.inherited !== undefined) markInherited(catalogue, one.of, one.inherited)
  }
  settleViewTypes(
    catalogue,
    parsed.flatMap(factsOf).filter((fact) => fact.kind === 'create-view'),
  )
  catalogue.expectTypes([])
  return catalogue
}

function typeMadeBy(fact: Fact): Name | undefined {
  if (fact.kind === 'create-table') return fact.table
  if (fact.kind === 'create-view') return fact.view
  if (fact.kind === 'create-type') return fact.type
  return fact.kind === 'create-domain' ? fact.domain : undefined
}

function markInherited(catalogue: Catalogue, heir: Name, { columns, constraints, notNulls }: InheritedParts): void {
  const table = catalogue.table(heir)
  if (table === undefined) return
  catalogue.updateTable(table, {
    columns: marked(marked(table.columns, columns, { inherited: true }), notNulls, { notNullInherited: true }),
    constraints: marked(table.constraints, constraints, { inherited: true }),
  })
}

function marked<Part>(
  parts: ReadonlyMap<string, Part>,
  names: readonly string[],
  mark: Partial<Part>,
): ReadonlyMap<string, Part> {
  return new Map([...parts].map(([name, part]) => [name, names.includes(name) ? { ...part, ...mark } : part]))
}

function markInvalid(catalogue: Catalogue, fact: Fact): void {
  if (fact.kind !== 'create-index' || fact.index === undefined) return
  const index = catalogue.index({ schema: catalogue.resolve(fact.table).schema, name: fact.index })
  if (index !== undefined) catalogue.putIndex({ ...index, valid: false })
}

/** Which of its joins it is, is not told: all that it reads may be a side. */
function markNatural(catalogue: Catalogue, fact: Fact): void {
  const view = fact.kind === 'create-view' ? catalogue.view(fact.view) : undefined
  if (view !== undefined)
    catalogue.putView({ ...view, reads: view.reads.map((use) => ({ ...use, natural: true as const })) })
}

/** Bare names that a history gives to anything that it makes or renames. */
function createdNames(history: readonly ParsedMigration[]): ReadonlySet<string> {
  const facts = history.flatMap(({ upSql }) => upSql.statements.flatMap((statement) => statement.facts))
  return new Set(facts.flatMap((fact) => createdName(fact) ?? []))
}

function createdName(fact: Fact): string | undefined {
  switch (fact.kind) {
    case 'create-table':
    case 'create-table-as':
      return fact.table.name
    case 'create-view':
      return fact.view.name
    case 'create-type':
      return fact.type.name
    case 'create-domain':
      return fact.domain.name
    case 'create-function':
      return fact.function.name
    case 'create-sequence':
      return fact.sequence.name
    case 'create-object':
      return fact.name.name
    case 'create-publication':
      return fact.publication
    case 'rename-table':
    case 'rename-object':
      return fact.to
    default:
      return undefined
  }
}
