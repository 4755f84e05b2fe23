import type { Name } from '../../model/name.ts'
import type {
  Constraint,
  Domain,
  EnumType,
  Index,
  Schema,
  SchemaFunction,
  Sequence,
  Table,
  View,
  Column,
} from '../../model/schema.ts'
import { keyOf, sameName, temporarySchema } from './key.ts'

/** Values are never changed in place: a change puts a new value. */
export type TableState = Table

/** Everything that a rollback brings back. */
type Saved = readonly ReadonlyMap<string, unknown>[]

const defaultSearchPath: readonly string[] = ['public']

/** The schema while a history is replayed. Reading it costs nothing: no state is ever copied for a reader. */
export class Catalogue implements Schema {
  searchPath: readonly string[] = defaultSearchPath
  complete = true

  private tableMap: Map<string, TableState> = new Map()
  private viewMap: Map<string, View> = new Map()
  private indexMap: Map<string, Index> = new Map()
  private sequenceMap: Map<string, Sequence> = new Map()
  private enumMap: Map<string, EnumType> = new Map()
  private domainMap: Map<string, Domain> = new Map()
  private functionMap: Map<string, SchemaFunction> = new Map()
  /** Tables, views, indexes and sequences share one namespace; the value is the migration that created the relation. */
  private relations: Map<string, number> = new Map()
  /** Tables of this migration's CREATE TABLE IF NOT EXISTS: they may have existed without the history knowing. */
  private doubtful: Set<string> = new Set()
  /** Tables that may have a foreign key to a table: all that have one, and some that had. */
  private referencing: Map<string, Set<string>> = new Map()
  private migration = 0

  /** A session's settings do not outlive its migration; what is created from here on is new. */
  beginMigration(): void {
    this.migration += 1
    this.searchPath = defaultSearchPath
    this.doubtful.clear()
  }

  resetSearchPath(): void {
    this.searchPath = defaultSearchPath
  }

  // Reading

  resolve(name: Name): Required<Name> {
    if (name.schema !== undefined) return { schema: name.schema, name: name.name }
    const has = (schema: string): boolean => this.exists(keyOf({ schema, name: name.name }))
    const found = has(temporarySchema) ? temporarySchema : this.searchPath.find(has)
    return { schema: found ?? this.creationSchema(), name: name.name }
  }

  creationSchema(): string {
    return this.searchPath[0] ?? 'public'
  }

  table(name: Name): TableState | undefined {
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

  tables(): readonly TableState[] {
    return [...this.tableMap.values()]
  }

  views(): readonly View[] {
    return [...this.viewMap.values()]
  }

  indexes(): readonly Index[] {
    return [...this.indexMap.values()]
  }

  sequences(): readonly Sequence[] {
    return [...this.sequenceMap.values()]
  }

  enumTypes(): readonly EnumType[] {
    return [...this.enumMap.values()]
  }

  domains(): readonly Domain[] {
    return [...this.domainMap.values()]
  }

  functions(): readonly SchemaFunction[] {
    return [...this.functionMap.values()]
  }

  viewsOn(table: Name, column?: string): readonly View[] {
    const target = this.resolve(table)
    const found: View[] = []
    for (const view of this.viewMap.values()) {
      const uses = view.reads.some(
        (use) => sameName(use.table, target) && (column === undefined || use.star || use.columns.includes(column)),
      )
      if (uses) found.push(view)
    }
    return found
  }

  foreignKeysTo(table: Name): readonly { readonly table: TableState; readonly constraint: Constraint }[] {
    const target = this.resolve(table)
    const found: { table: TableState; constraint: Constraint }[] = []
    for (const key of this.referencing.get(keyOf(target)) ?? []) {
      const other = this.tableMap.get(key)
      if (other === undefined || sameName(other.name, target)) continue
      for (const constraint of other.constraints.values()) {
        if (constraint.type === 'foreign-key' && sameName(this.resolve(constraint.references), target))
          found.push({ table: other, constraint })
      }
    }
    return found
  }

  /** Must be called for every foreign key that is made, or follows a rename; those that are gone need not be taken back. */
  noteReference(from: Required<Name>, to: Required<Name>): void {
    const known = this.referencing.get(keyOf(to))
    if (known === undefined) this.referencing.set(keyOf(to), new Set([keyOf(from)]))
    else known.add(keyOf(from))
  }

  /** Partitions and tables that inherit, which follow what is done to `table`; unknown ones are left out. */
  childrenOf(table: TableState): readonly TableState[] {
    const children: TableState[] = []
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

  /** A table, view, index or sequence has this name. */
  relationExists(name: Required<Name>): boolean {
    return this.relations.has(keyOf(name))
  }

  /** A constraint of any table of the schema has this name: the server chooses names that none has. */
  constraintNameExists(schema: string, name: string): boolean {
    for (const table of this.tableMap.values()) {
      if (table.name.schema === schema && table.constraints.has(name)) return true
    }
    return false
  }

  // Changing

  putTable(table: TableState): void {
    this.tableMap.set(this.claim(table.name), table)
  }

  /** Changes columns of a table, and of nothing else, in one new value. */
  updateTable(table: TableState, change: Partial<TableState>): TableState {
    const changed = { ...table, ...change }
    this.tableMap.set(keyOf(table.name), changed)
    return changed
  }

  updateColumn(table: TableState, column: string, change: Partial<Column>): TableState {
    const before = table.columns.get(column)
    if (before === undefined) return table
    return this.updateTable(table, { columns: new Map(table.columns).set(column, { ...before, ...change }) })
  }

  putIndex(index: Index): void {
    this.indexMap.set(this.claim(index.name), index)
    const table = this.tableMap.get(keyOf(index.table))
    if (table !== undefined) this.updateTable(table, { indexes: new Map(table.indexes).set(index.name.name, index) })
  }

  putView(view: View): void {
    this.viewMap.set(this.claim(view.name), view)
  }

  putSequence(sequence: Sequence): void {
    this.sequenceMap.set(this.claim(sequence.name), sequence)
  }

  putEnum(type: EnumType): void {
    this.enumMap.set(keyOf(type.name), type)
  }

  putDomain(domain: Domain): void {
    this.domainMap.set(keyOf(domain.name), domain)
  }

  putFunction(function_: SchemaFunction): void {
    this.functionMap.set(keyOf(function_.name), function_)
  }

  removeTable(name: Required<Name>): void {
    this.tableMap.delete(this.release(name))
  }

  removeIndex(name: Required<Name>): void {
    const index = this.indexMap.get(keyOf(name))
    this.indexMap.delete(this.release(name))
    const table = index === undefined ? undefined : this.tableMap.get(keyOf(index.table))
    if (table === undefined) return
    const indexes = new Map(table.indexes)
    indexes.delete(name.name)
    this.updateTable(table, { indexes })
  }

  removeView(name: Required<Name>): void {
    this.viewMap.delete(this.release(name))
  }

  removeSequence(name: Required<Name>): void {
    this.sequenceMap.delete(this.release(name))
  }

  removeEnum(name: Required<Name>): void {
    this.enumMap.delete(keyOf(name))
  }

  removeDomain(name: Required<Name>): void {
    this.domainMap.delete(keyOf(name))
  }

  removeFunction(name: Required<Name>): void {
    this.functionMap.delete(keyOf(name))
  }

  /** Carries over when a relation was created, so that a renamed table is as old as it was. */
  carryAge(from: Required<Name>, to: Required<Name>): void {
    const age = this.relations.get(keyOf(from))
    if (age !== undefined) this.relations.set(keyOf(to), age)
    if (this.doubtful.delete(keyOf(from))) this.doubtful.add(keyOf(to))
  }

  markDoubtful(name: Required<Name>): void {
    this.doubtful.add(keyOf(name))
  }

  /**
   * A statement names a column that a CREATE TABLE IF NOT EXISTS of this migration does not have: so the table had
   * existed all along, with another shape.
   */
  disbelieve(table: Name, columns: readonly string[]): void {
    if (this.doubtful.size === 0) return
    const key = keyOf(this.resolve(table))
    const state = this.tableMap.get(key)
    if (state === undefined || !this.doubtful.has(key)) return
    if (columns.some((column) => column !== '' && !state.columns.has(column))) this.relations.set(key, 0)
  }

  save(): Saved {
    return this.maps().map((map) => new Map(map))
  }

  restore(saved: Saved): void {
    this.maps().forEach((map, index) => {
      map.clear()
      for (const [key, value] of saved[index] ?? []) map.set(key, value)
    })
  }

  private maps(): Map<string, unknown>[] {
    return [
      this.tableMap,
      this.viewMap,
      this.indexMap,
      this.sequenceMap,
      this.enumMap,
      this.domainMap,
      this.functionMap,
      this.relations,
    ]
  }

  private exists(key: string): boolean {
    return this.relations.has(key) || this.enumMap.has(key) || this.domainMap.has(key) || this.functionMap.has(key)
  }

  private claim(name: Required<Name>): string {
    const key = keyOf(name)
    if (!this.relations.has(key)) this.relations.set(key, this.migration)
    return key
  }

  private release(name: Required<Name>): string {
    const key = keyOf(name)
    this.relations.delete(key)
    return key
  }
}
