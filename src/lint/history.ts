import type { Fact } from '../model/fact.ts'
import type { Migration, ParsedMigration } from '../model/migration.ts'
import type { Name } from '../model/name.ts'
import { ByTable } from './by-table.ts'
import type { HistoryContext, MigrationHead, TableFact } from '../rules/rule.ts'

/** What rules may know of the migrations around the one that they judge. */
export class History {
  private readonly migrations: readonly ParsedMigration[]
  private readonly contracts: readonly { readonly index: number; readonly migration: ParsedMigration }[]
  private readonly changes: ReadonlyMap<string, readonly { readonly index: number; readonly head: MigrationHead }[]>
  private readonly released: ReadonlySet<string>
  private readonly facts: ByTable<PlacedFact>

  /** `released`: ids that one release brings together; empty where nothing is known of it. */
  constructor(migrations: readonly ParsedMigration[], released: ReadonlySet<string> = new Set()) {
    this.migrations = migrations
    this.released = released
    this.facts = placedFacts(migrations)
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
    return {
      asked,
      get waiting() {
        return contracts.flatMap((contract) => (contract.index < index ? [contract.migration] : []))
      },
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
        this.facts.before(name, index).map(({ index: place, fact, migration }) => ({
          fact,
          migration,
          migrationsAgo: index - place,
        })),
      laterOnTable: (name) => {
        asked.add(`table:${name}`)
        return this.facts.after(name, index).map(({ fact }) => fact)
      },
    }
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

interface PlacedFact {
  readonly index: number
  readonly fact: TableFact
  readonly migration: ParsedMigration
}

/** Made once a history: asking every later file again for each fact would cost the square of their number. */
function placedFacts(migrations: readonly ParsedMigration[]): ByTable<PlacedFact> {
  return new ByTable(migrations.length, (index, add) => {
    const migration = migrations[index]
    if (migration === undefined) return
    for (const fact of tableFacts(migration).toReversed()) add(fact.table.name, { index, fact, migration })
  })
}

/** What an upgrade does to tables. */
export function tableFacts({ upSql }: ParsedMigration): readonly TableFact[] {
  return upSql.statements.flatMap(({ facts }) => facts.filter(hasTable))
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
