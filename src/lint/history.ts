import type { Fact } from '../model/fact.ts'
import type { Migration, ParsedMigration } from '../model/migration.ts'
import type { Name } from '../model/name.ts'
import { NamedIn } from './named-in.ts'
import type { HistoryContext, MigrationHead, TableFact } from '../rules/rule.ts'

/** What rules may know of the migrations around the one that they judge. */
export class History {
  private readonly migrations: readonly ParsedMigration[]
  private readonly contracts: readonly { readonly index: number; readonly migration: ParsedMigration }[]
  private readonly changes: ReadonlyMap<string, readonly { readonly index: number; readonly head: MigrationHead }[]>
  private readonly released: ReadonlySet<string>
  private readonly namedIn: NamedIn
  /** What each migration that somebody asked for does to tables. */
  private readonly facts: Map<string, readonly TableFact[]>[] = []

  /** `released`: ids that one release brings together; empty where nothing is known of it. */
  constructor(migrations: readonly ParsedMigration[], released: ReadonlySet<string> = new Set()) {
    this.migrations = migrations
    this.released = released
    this.namedIn = new NamedIn(migrations)
    this.contracts = migrations.flatMap((migration, index) => (mayWait(migration) ? [{ index, migration }] : []))
    const changes = new Map<string, { index: number; head: MigrationHead }[]>()
    for (const [index, migration] of migrations.entries()) {
      if (migration.change === undefined) continue
      const known = changes.get(migration.change) ?? []
      changes.set(migration.change, [...known, { index, head: headOf(migration) }])
    }
    this.changes = changes
  }

  /** As it is for the migration at `index`. */
  at(index: number): AskedHistory {
    const asked = new Set<Question>()
    const { contracts, changes } = this
    const waiting = contracts.flatMap((contract) => (contract.index < index ? [contract.migration] : []))
    return {
      asked,
      waiting,
      ofChange: (change) => {
        const all = changes.get(change) ?? []
        return {
          before: all.flatMap((one) => (one.index < index ? [one.head] : [])),
          after: all.flatMap((one) => (one.index > index ? [one.head] : [])),
        }
      },
      releasedWith: (change) => {
        asked.add(`release:${change}`)
        return this.releasedWith(change, index)
      },
      earlierOnTable: (name) =>
        this.namedIn.between(0, index, [name]).flatMap((place) => {
          const migration = this.migrations[place]
          const facts = this.onTable(place, name)
          return migration === undefined ? [] : facts.map((fact) => ({ fact, migration, migrationsAgo: index - place }))
        }),
      laterOnTable: (name, words = []) => {
        asked.add(`table:${name}`)
        const places = this.namedIn.between(index + 1, this.migrations.length, [name, ...words])
        return places.flatMap((place) => this.onTable(place, name))
      },
    }
  }

  private onTable(place: number, name: string): readonly TableFact[] {
    const migration = this.migrations[place]
    if (migration === undefined) return []
    this.facts[place] ??= byTable(tableFacts(migration))
    return this.facts[place].get(name) ?? []
  }

  /** Earlier migrations of an evolution that come in one release with the one at `index`. */
  releasedWith(change: string, index: number): readonly MigrationHead[] {
    if (!this.released.has(this.migrations[index]?.id ?? '')) return []
    const all = this.changes.get(change) ?? []
    return all.flatMap((one) => (one.index < index && this.released.has(one.head.id) ? [one.head] : []))
  }
}

/**
 * What a finding may depend on besides the files up to its own: what later files do to a table, and which files of an
 * evolution come in one release.
 */
export type Question = `table:${string}` | `release:${string}`

/** A history that remembers what it was asked. */
export interface AskedHistory extends HistoryContext {
  readonly asked: ReadonlySet<Question>
}

/** What an upgrade does to tables. */
export function tableFacts({ upSql }: ParsedMigration): readonly TableFact[] {
  return upSql.statements.flatMap(({ facts }) => facts.filter(hasTable))
}

function byTable(facts: readonly TableFact[]): Map<string, readonly TableFact[]> {
  const tables = new Map<string, TableFact[]>()
  for (const fact of facts) {
    const known = tables.get(fact.table.name)
    if (known === undefined) tables.set(fact.table.name, [fact])
    else known.push(fact)
  }
  return tables
}

function hasTable(fact: Fact): fact is Fact & { readonly table: Name } {
  return 'table' in fact && fact.table !== undefined
}

function mayWait({ declaredPhase, gates }: Migration): boolean {
  return declaredPhase === 'contract' && gates.length > 0
}

/** What a file says of itself in its first lines. */
export function headOf({ id, name, change, declaredPhase, backfill }: Migration): MigrationHead {
  return {
    id,
    name,
    moves: backfill !== undefined,
    ...(change === undefined ? {} : { change }),
    ...(declaredPhase === undefined ? {} : { declaredPhase }),
  }
}
