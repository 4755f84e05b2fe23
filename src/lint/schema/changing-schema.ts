import type {
  Column,
  Dependent,
  Domain,
  EnumType,
  Index,
  Publication,
  SchemaFunction,
  SchemaObject,
  Sequence,
  Table,
  View,
} from '../../model/schema.ts'
import type { Name } from '../../model/name.ts'
import { keyOf, temporarySchema } from './key.ts'
import { LinkedSchema } from './linked-schema.ts'
import type { DependentIdentity } from './object-key.ts'
import { dependentKey, keyOfObject } from './object-key.ts'

/** What is known, and how it changes: a change puts a new value, and never touches the one before. */
export class ChangingSchema extends LinkedSchema {
  putTable(table: Table): void {
    const named = { ...table, columns: this.named(table, table.columns) }
    this.tableMap.set(this.claim(table.name), named)
    this.noteLinks(named, named)
  }

  /** Changes columns of a table, and of nothing else, in one new value. */
  updateTable(table: Table, change: Partial<Table>): Table {
    const columns = change.columns === undefined ? undefined : this.named({ ...table, ...change }, change.columns)
    const whole = columns === undefined ? change : { ...change, columns }
    const changed = { ...table, ...whole }
    this.tableMap.set(keyOf(table.name), changed)
    this.noteLinks(changed, whole, table)
    return changed
  }

  updateColumn(table: Table, column: string, change: Partial<Column>): Table {
    const before = table.columns.get(column)
    if (before === undefined) return table
    return this.updateTable(table, { columns: new Map(table.columns).set(column, { ...before, ...change }) })
  }

  putIndex(index: Index): void {
    this.indexMap.set(this.claim(index.name), index)
    this.noteIndex(index)
    const table = this.tableMap.get(keyOf(index.table))
    if (table !== undefined) this.updateTable(table, { indexes: new Map(table.indexes).set(index.name.name, index) })
  }

  /** Gives an index another name, and its table keeps the order in which its indexes were made. */
  replaceIndex(from: Required<Name>, index: Index): void {
    const order = [...(this.tableMap.get(keyOf(index.table))?.indexes.keys() ?? [])]
    this.carryAge(from, index.name)
    this.removeIndex(from)
    this.putIndex(index)
    const table = this.tableMap.get(keyOf(index.table))
    if (table === undefined) return
    const names = order.map((name) => (name === from.name ? index.name.name : name))
    const indexes = [...table.indexes].toSorted(([a], [b]) => names.indexOf(a) - names.indexOf(b))
    this.updateTable(table, { indexes: new Map(indexes) })
  }

  putView(view: View): void {
    this.viewMap.set(this.claim(view.name), view)
    this.noteView(view)
  }

  putSequence(sequence: Sequence): void {
    this.sequenceMap.set(this.claim(sequence.name), sequence)
    this.noteSequence(sequence)
  }

  putEnum(type: EnumType): void {
    this.enumMap.set(this.keyFor(type.name), type)
  }

  putDomain(domain: Domain): void {
    this.domainMap.set(this.keyFor(domain.name), domain)
    this.noteDomain(domain)
  }

  putFunction(function_: SchemaFunction): void {
    this.functionMap.set(this.keyFor(function_.name), function_)
    this.noteFunction(function_)
  }

  putDependent(dependent: Dependent): void {
    this.dependentMap.set(dependentKey(dependent), dependent)
  }

  removeDependent(dependent: DependentIdentity): void {
    this.dependentMap.delete(dependentKey(dependent))
  }

  putPublication(publication: Publication): void {
    this.publicationMap.set(publication.name, publication)
  }

  removePublication(name: string): void {
    this.publicationMap.delete(name)
  }

  putObject(object: SchemaObject): void {
    this.objectMap.set(keyOfObject(object), object)
    this.noteObject(object)
  }

  removeObject(object: SchemaObject): void {
    this.objectMap.delete(keyOfObject(object))
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
    if (age !== undefined) this.relations.set(this.keyFor(to), age)
  }

  /** The key under which something is put. */
  private keyFor(name: Required<Name>): string {
    if (name.schema === temporarySchema) this.usesTemporary = true
    return keyOf(name)
  }

  private claim(name: Required<Name>): string {
    const key = this.keyFor(name)
    if (!this.relations.has(key)) this.relations.set(key, this.migration)
    return key
  }

  private release(name: Required<Name>): string {
    const key = keyOf(name)
    this.relations.delete(key)
    return key
  }
}
