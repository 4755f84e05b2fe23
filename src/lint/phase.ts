import { remembered } from '../core/remembered.ts'
import type { Fact } from '../model/fact.ts'
import type { ParsedMigration, Phase } from '../model/migration.ts'
import type { Name } from '../model/name.ts'

/**
 * What a fact is for in an evolution: `adds` something the new version needs, `moves` data, `takes` something away
 * that the old version may use, or `either`, which belongs into any phase.
 */
export type Part = 'adds' | 'moves' | 'takes' | 'either'

/** The phase that the file declares, else the one that its statements belong to. */
export function phaseOf(migration: ParsedMigration): Phase {
  if (migration.declaredPhase !== undefined) return migration.declaredPhase
  if (migration.backfill !== undefined) return 'backfill'
  const parts = new Set(partsOf(migration).map(({ part }) => part))
  if (parts.has('takes')) return 'contract'
  return parts.has('moves') ? 'backfill' : 'expand'
}

interface FactPart {
  readonly fact: Fact
  readonly part: Part
}

/** Every fact of the up section with its part, in order. */
export const partsOf: (migration: ParsedMigration) => readonly FactPart[] = remembered(partsIn)

function partsIn(migration: ParsedMigration): readonly FactPart[] {
  const facts = migration.upSql.statements.flatMap((statement) => statement.facts)
  const created = new Set(facts.flatMap(createdNames))
  return facts.map((fact) => ({ fact, part: partOf(fact, created) }))
}

function partOf(fact: Fact, created: ReadonlySet<string>): Part {
  const own = (name: Name): boolean => created.has(name.name)
  switch (fact.kind) {
    case 'create-table':
    case 'create-table-as':
    case 'add-column':
    case 'create-view':
    case 'create-type':
    case 'create-domain':
    case 'add-enum-value':
    case 'create-sequence':
      return 'adds'
    case 'create-object':
      return keepsWorking.has(fact.object) ? 'either' : 'adds'
    case 'update':
    case 'delete':
    case 'merge':
      return own(fact.table) ? 'either' : 'moves'
    case 'insert':
      return own(fact.table) || fact.source !== 'select' ? 'either' : 'moves'
    case 'drop-column':
    case 'rename-column':
    case 'set-column-type':
    case 'set-not-null':
      return own(fact.table) || created.has(columnKey(fact.table, fact.column)) ? 'either' : 'takes'
    case 'drop-table':
    case 'rename-table':
      return own(fact.table) ? 'either' : 'takes'
    case 'drop-view':
      return own(fact.view) ? 'either' : 'takes'
    case 'drop-object':
    case 'rename-object':
      return own(fact.name) || keepsWorking.has(fact.object) ? 'either' : 'takes'
    case 'set-schema':
      return own(fact.name) ? 'either' : 'takes'
    case 'rename-enum-value':
      return own(fact.type) ? 'either' : 'takes'
    case 'truncate':
      return fact.tables.every(own) ? 'either' : 'takes'
    default:
      return 'either'
  }
}

/** Objects that no statement of an application names. */
const keepsWorking: ReadonlySet<string> = new Set([
  'index',
  'constraint',
  'trigger',
  'policy',
  'rule',
  'statistics',
  'publication',
  'subscription',
  'event-trigger',
  'tablespace',
  'access-method',
])

/** What the migration creates itself: to replace or remove it takes nothing from anyone. */
function createdNames(fact: Fact): readonly string[] {
  switch (fact.kind) {
    case 'create-table':
    case 'create-table-as':
      return fact.ifNotExists ? [] : [fact.table.name]
    case 'create-view':
      return [fact.view.name]
    case 'create-type':
      return [fact.type.name]
    case 'create-domain':
      return [fact.domain.name]
    case 'create-function':
      return [fact.function.name]
    case 'create-object':
      return fact.ifNotExists ? [] : [fact.name.name]
    case 'create-sequence':
      return [fact.sequence.name]
    case 'add-column':
      return fact.ifNotExists ? [] : [columnKey(fact.table, fact.column.name)]
    case 'rename-table':
      return [fact.to]
    default:
      return []
  }
}

function columnKey(table: Name, column: string): string {
  return `${table.name}\0${column}`
}
