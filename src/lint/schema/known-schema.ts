import type { ForeignKeyConstraint } from '../../model/constraint.ts'
import type { Identified } from '../../model/facts/base.ts'
import type { Name, ObjectKind } from '../../model/name.ts'
import type {
  Constraint,
  Dependent,
  Domain,
  EnumType,
  Index,
  Publication,
  Schema,
  SchemaFunction,
  SchemaObject,
  Sequence,
  Table,
  View,
} from '../../model/schema.ts'
import { keyOf, sameName } from './key.ts'
import { notTold } from './links.ts'
import { NamedObjects } from './names.ts'
import type { DependentIdentity } from './object-key.ts'
import { dependentKey, keyPrefix, objectKey } from './object-key.ts'

/** What a history has left, for those who ask. Values are never changed in place, so no state is copied for a reader. */
export class KnownSchema extends NamedObjects implements Schema {
  table(name: Name): Table | undefined {
    return this.tableMap.get(this.placeOf(name, 'relation').key)
  }

  view(name: Name): View | undefined {
    return this.viewMap.get(this.placeOf(name, 'relation').key)
  }

  index(name: Name): Index | undefined {
    return this.indexMap.get(this.placeOf(name, 'relation').key)
  }

  enumType(name: Name): EnumType | undefined {
    return this.enumMap.get(this.placeOf(name, 'type').key)
  }

  domain(name: Name): Domain | undefined {
    return this.domainMap.get(this.placeOf(name, 'type').key)
  }

  function(name: Name): SchemaFunction | undefined {
    return this.functionMap.get(this.placeOf(name, 'function').key)
  }

  sequence(name: Name): Sequence | undefined {
    return this.sequenceMap.get(this.placeOf(name, 'relation').key)
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

  objects(kind?: ObjectKind): readonly SchemaObject[] {
    const all = inOrder([...this.objectMap])
    return kind === undefined ? all : all.filter(({ object }) => object === kind)
  }

  object(kind: ObjectKind, name: Name, identified: Identified = {}): SchemaObject | undefined {
    const own = this.resolveObject(kind, name)
    const exact = this.objectMap.get(objectKey(kind, own, identified))
    if (exact !== undefined || identified.argumentTypes !== undefined) return exact
    return this.namesakes(kind, own)[0]
  }

  /** The object under a key, see `objectKey`. */
  objectAt(key: string): SchemaObject | undefined {
    return this.objectMap.get(key)
  }

  /** All objects of a kind that have a name: operators and aggregates with other arguments. */
  namesakes(kind: ObjectKind, name: Name): readonly SchemaObject[] {
    const prefix = keyPrefix(kind, this.resolveObject(kind, name))
    return present(
      this.objectMap,
      this.objectMap.names().filter((key) => key.startsWith(prefix)),
    )
  }

  publications(): readonly Publication[] {
    return inOrder([...this.publicationMap])
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

  /** What is noted of one, by what tells it from others. */
  dependent(identity: DependentIdentity): Dependent | undefined {
    return this.dependentMap.get(dependentKey(identity))
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
    return this.foreignKeysAt(target).filter(({ table: other }) => !sameName(other.name, target))
  }

  /** Foreign keys that point at `table`, its own among them. */
  foreignKeysAt(
    target: Required<Name>,
  ): readonly { readonly table: Table; readonly constraint: ForeignKeyConstraint & Constraint }[] {
    const found: { table: Table; constraint: ForeignKeyConstraint & Constraint }[] = []
    for (const other of present(this.tableMap, this.foreignKeys.to(keyOf(target)))) {
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

  /** Tables that may have a default that names a relation by a constant. */
  tablesNaming(relation: Required<Name>): readonly Table[] {
    return present(this.tableMap, this.namedInDefaults.to(keyOf(relation)))
  }

  /** Domains that may have such a default. */
  domainsNaming(relation: Required<Name>): readonly Domain[] {
    return present(this.domainMap, this.namedInDefaults.to(keyOf(relation)))
  }

  /** Tables that may have a column of a type of this name. */
  tablesWithType(type: string): readonly Table[] {
    return present(this.tableMap, this.typeTables.to(type))
  }

  /** Whether the type of some column is not known. */
  hasColumnsNotTold(): boolean {
    return this.tablesWithType(notTold).some(
      ({ columns, moreColumns }) =>
        moreColumns === true || [...columns.values()].some(({ type }) => type === undefined),
    )
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

  /** Whether anything may have a type of this name. */
  mayHaveUsers(type: string): boolean {
    return this.typeUsers.to(type).length > 0 || this.typeTables.to(type).length > 0
  }

  /** Objects that may be on a relation. */
  objectsOn(relation: Required<Name>): readonly SchemaObject[] {
    return present(this.objectMap, this.objectsOnRelations.to(keyOf(relation)))
  }

  /** Objects that may need something of this kind and name. */
  objectsNeeding(kind: ObjectKind, name: string): readonly SchemaObject[] {
    return present(this.objectMap, this.neededBy.to(`${kind}\0${name}`))
  }

  /** The relation was created by the migration that is being replayed. */
  isNew(name: Name): boolean {
    return this.relations.get(this.placeOf(name).key) === this.migration
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
      if (table.name.schema !== schema) continue
      if (table.constraints.has(name)) return true
      for (const { notNullName } of table.columns.values()) if (notNullName === name) return true
    }
    return false
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
