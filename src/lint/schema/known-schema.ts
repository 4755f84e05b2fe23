import type { Name } from '../../model/name.ts'
import type {
  Constraint,
  Dependent,
  Domain,
  EnumType,
  Index,
  Publication,
  Schema,
  SchemaFunction,
  Sequence,
  Table,
  View,
} from '../../model/schema.ts'
import { keyOf, sameName, temporarySchema } from './key.ts'
import { Links } from './links.ts'
import { UndoMap } from './undo-map.ts'

export const defaultSearchPath: readonly string[] = ['public']

/** What a history has left, for those who ask. Values are never changed in place, so no state is copied for a reader. */
export class KnownSchema implements Schema {
  searchPath: readonly string[] = defaultSearchPath
  complete = true

  protected readonly tableMap: UndoMap<Table> = new UndoMap()
  protected readonly viewMap: UndoMap<View> = new UndoMap()
  protected readonly indexMap: UndoMap<Index> = new UndoMap()
  protected readonly sequenceMap: UndoMap<Sequence> = new UndoMap()
  protected readonly enumMap: UndoMap<EnumType> = new UndoMap()
  protected readonly domainMap: UndoMap<Domain> = new UndoMap()
  protected readonly publicationMap: UndoMap<Publication> = new UndoMap()
  protected readonly functionMap: UndoMap<SchemaFunction> = new UndoMap()
  protected readonly dependentMap: UndoMap<Dependent> = new UndoMap()
  /** Tables, views, indexes and sequences share one namespace; the value is the migration that created the relation. */
  protected readonly relations: UndoMap<number> = new UndoMap()
  /** From a table to the tables whose foreign keys point at it. */
  protected readonly foreignKeys: Links = new Links()
  /** From a table or view to the views that read it. */
  protected readonly readers: Links = new Links()
  /** From a table or materialized view to its indexes. */
  protected readonly ownIndexes: Links = new Links()
  /** From a table to the sequences that belong to its columns. */
  protected readonly ownSequences: Links = new Links()
  /** From a function, by its name alone, to the tables whose triggers call it. */
  protected readonly triggerTables: Links = new Links()
  /** From a partition or heir to its parents. */
  protected readonly parents: Links = new Links()
  /** From a type, by its name alone, to the tables that have a column of it. */
  protected readonly typeTables: Links = new Links()
  /** Names of constraints, as keys with their schema: all that there are, and some that there were. */
  protected readonly constraintNames: Set<string> = new Set()
  /** Whether the temporary schema may hold anything. */
  protected usesTemporary = false
  protected migration = 0

  resolve(name: Name): Required<Name> {
    if (name.schema !== undefined) return { schema: name.schema, name: name.name }
    const has = (schema: string): boolean => this.exists(keyOf({ schema, name: name.name }))
    const found = this.usesTemporary && has(temporarySchema) ? temporarySchema : this.searchPath.find(has)
    return { schema: found ?? this.creationSchema(), name: name.name }
  }

  creationSchema(): string {
    return this.searchPath[0] ?? 'public'
  }

  table(name: Name): Table | undefined {
    return this.tableMap.get(keyOf(this.resolve(name)))
  }

  view(name: Name): View | undefined {
    return this.viewMap.get(keyOf(this.resolve(name)))
  }

  index(name: Name): Index | undefined {
    return this.indexMap.get(keyOf(this.resolve(name)))
  }

  enumType(name: Name): EnumType | undefined {
    return this.enumMap.get(keyOf(this.resolve(name)))
  }

  domain(name: Name): Domain | undefined {
    return this.domainMap.get(keyOf(this.resolve(name)))
  }

  function(name: Name): SchemaFunction | undefined {
    return this.functionMap.get(keyOf(this.resolve(name)))
  }

  sequence(name: Name): Sequence | undefined {
    return this.sequenceMap.get(keyOf(this.resolve(name)))
  }

  publication(name: string): Publication | undefined {
    return this.publicationMap.get(name)
  }

  sequenceOf(table: Name, column: string): Sequence | undefined {
    return this.sequencesOf(this.resolve(table)).find(({ ownedBy }) => ownedBy.column === column)
  }

  tables(): readonly Table[] {
    return inOrder([...this.tableMap])
  }

  views(): readonly View[] {
    return inOrder([...this.viewMap])
  }

  indexes(): readonly Index[] {
    return inOrder([...this.indexMap])
  }

  sequences(): readonly Sequence[] {
    return inOrder([...this.sequenceMap])
  }

  enumTypes(): readonly EnumType[] {
    return inOrder([...this.enumMap])
  }

  domains(): readonly Domain[] {
    return inOrder([...this.domainMap])
  }

  functions(): readonly SchemaFunction[] {
    return inOrder([...this.functionMap])
  }

  viewsOn(table: Name, column?: string): readonly View[] {
    const target = this.resolve(table)
    return this.viewsReading(target).filter((view) =>
      view.reads.some(
        (use) => sameName(use.table, target) && (column === undefined || use.star || use.columns.includes(column)),
      ),
    )
  }

  dependents(): readonly Dependent[] {
    return inOrder([...this.dependentMap])
  }

  dependentsOn(table: Name, column?: string): readonly Dependent[] {
    const target = this.resolve(table)
    return this.dependents().filter(
      (dependent) =>
        (column === undefined && dependent.table !== undefined && sameName(dependent.table, target)) ||
        dependent.uses.some(
          (use) => sameName(use.table, target) && (column === undefined || use.star || use.columns.includes(column)),
        ),
    )
  }

  dependentsCalling(function_: string): readonly Dependent[] {
    return this.dependents().filter(({ calls }) => calls.some((call) => call.split('.').at(-1) === function_))
  }

  private viewsReading(target: Required<Name>): readonly View[] {
    return present(this.viewMap, this.readers.to(keyOf(target)))
  }

  foreignKeysTo(table: Name): readonly { readonly table: Table; readonly constraint: Constraint }[] {
    const target = this.resolve(table)
    const found: { table: Table; constraint: Constraint }[] = []
    for (const other of present(this.tableMap, this.foreignKeys.to(keyOf(target)))) {
      if (sameName(other.name, target)) continue
      for (const constraint of other.constraints.values()) {
        if (constraint.type === 'foreign-key' && sameName(this.resolve(constraint.references), target))
          found.push({ table: other, constraint })
      }
    }
    return found
  }

  /** Tables whose foreign keys may point at `table`, that itself included. */
  tablesReferring(table: Required<Name>): readonly Table[] {
    return present(this.tableMap, this.foreignKeys.to(keyOf(table)))
  }

  /** Indexes of a table or materialized view. */
  indexesOf(relation: Required<Name>): readonly Index[] {
    const indexes = present(this.indexMap, this.ownIndexes.to(keyOf(relation)))
    return indexes.filter((index) => sameName(index.table, relation))
  }

  /** Sequences that belong to the columns of a table. */
  sequencesOf(table: Required<Name>): readonly OwnedSequence[] {
    const sequences = present(this.sequenceMap, this.ownSequences.to(keyOf(table)))
    return sequences.flatMap((sequence) => {
      const { ownedBy } = sequence
      return ownedBy !== undefined && sameName(ownedBy.table, table) ? [{ ...sequence, ownedBy }] : []
    })
  }

  /** Tables whose triggers may call a function of this name. */
  tablesCalling(function_: string): readonly Table[] {
    return present(this.tableMap, this.triggerTables.to(function_))
  }

  /** Tables that may have a column of a type of this name. */
  tablesWithType(type: string): readonly Table[] {
    return present(this.tableMap, this.typeTables.to(type))
  }

  /** The tables that a partition or heir follows. */
  parentsOf(child: Required<Name>): readonly Table[] {
    return present(this.tableMap, this.parents.to(keyOf(child)))
  }

  /** Partitions and tables that inherit, which follow what is done to `table`; unknown ones are left out. */
  childrenOf(table: Table): readonly Table[] {
    const children: Table[] = []
    for (const name of [...table.partitions, ...table.heirs]) {
      const child = this.tableMap.get(keyOf(name))
      if (child !== undefined) children.push(child)
    }
    return children
  }

  /** The relation was created by the migration that is being replayed. */
  isNew(name: Name): boolean {
    return this.relations.get(keyOf(this.resolve(name))) === this.migration
  }

  /** The relation was there before any migration was replayed. */
  isFromStart(name: Required<Name>): boolean {
    return this.relations.get(keyOf(name)) === 0
  }

  /** A table, view, index or sequence has this name. */
  relationExists(name: Required<Name>): boolean {
    return this.relations.has(keyOf(name))
  }

  /** A constraint of any table of the schema has this name: the server chooses names that none has. */
  constraintNameExists(schema: string, name: string): boolean {
    if (!this.constraintNames.has(keyOf({ schema, name }))) return false
    for (const table of this.tableMap.values()) {
      if (table.name.schema === schema && table.constraints.has(name)) return true
    }
    return false
  }

  private exists(key: string): boolean {
    return this.relations.has(key) || this.enumMap.has(key) || this.domainMap.has(key) || this.functionMap.has(key)
  }
}

export type OwnedSequence = Sequence & { readonly ownedBy: NonNullable<Sequence['ownedBy']> }

function present<Value>(map: ReadonlyMap<string, Value>, keys: readonly string[]): readonly Value[] {
  return inOrder(
    keys.flatMap((key): readonly (readonly [string, Value])[] => {
      const value = map.get(key)
      return value === undefined ? [] : [[key, value]]
    }),
  )
}

/** By schema and name: what was undone, or comes from a cache, lies in another order than what was replayed. */
function inOrder<Value>(entries: readonly (readonly [string, Value])[]): readonly Value[] {
  if (entries.length < 2) return entries.map(([, value]) => value)
  return entries.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))).map(([, value]) => value)
}
