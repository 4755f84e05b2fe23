import type { Need } from '../../model/facts/base.ts'
import type { Domain, Index, SchemaFunction, SchemaObject, Sequence, Table, View } from '../../model/schema.ts'
import type { Expression } from '../../model/type.ts'
import { freeName } from './chosen-name.ts'
import { keyOf } from './key.ts'
import { KnownSchema } from './known-schema.ts'
import { notTold } from './links.ts'
import type { Links } from './links.ts'
import { withNotNullNames } from './not-null.ts'
import { keyOfObject } from './object-key.ts'

/** What is known, with who refers to what. */
export class LinkedSchema extends KnownSchema {
  protected links(): readonly Links[] {
    return [
      this.foreignKeys,
      this.readers,
      this.ownIndexes,
      this.ownSequences,
      this.triggerTables,
      this.parents,
      this.typeTables,
      this.typeUsers,
      this.objectsOnRelations,
      this.neededBy,
      this.namedInDefaults,
    ]
  }

  protected noteAllLinks(): void {
    for (const table of this.tableMap.values()) this.noteLinks(table, table)
    for (const index of this.indexMap.values()) this.noteIndex(index)
    for (const view of this.viewMap.values()) this.noteView(view)
    for (const sequence of this.sequenceMap.values()) this.noteSequence(sequence)
    for (const function_ of this.functionMap.values()) this.noteFunction(function_)
    for (const domain of this.domainMap.values()) this.noteDomain(domain)
    for (const object of this.objectMap.values()) this.noteObject(object)
  }

  protected noteIndex({ name, table }: Index): void {
    this.ownIndexes.note(keyOf(name), keyOf(table))
  }

  protected noteView({ name, reads, types, columnTypes = [] }: View): void {
    for (const { type } of columnTypes) if (type !== undefined) this.typeUsers.note(keyOf(name), type.name)
    for (const { table } of reads) this.readers.note(keyOf(name), keyOf(table))
    for (const type of types) this.typeUsers.note(keyOf(name), type.name)
  }

  protected noteSequence({ name, ownedBy }: Sequence): void {
    if (ownedBy !== undefined) this.ownSequences.note(keyOf(name), keyOf(ownedBy.table))
  }

  protected noteFunction({ name, signatures }: SchemaFunction): void {
    for (const { types } of signatures) for (const type of types) this.typeUsers.note(keyOf(name), type.name)
  }

  protected noteDomain({ name, type, default: value }: Domain): void {
    this.typeUsers.note(keyOf(name), type.name)
    this.noteNamed(keyOf(name), value)
  }

  protected noteObject(object: SchemaObject): void {
    const key = keyOfObject(object)
    for (const { table } of object.uses) this.objectsOnRelations.note(key, keyOf(table))
    if (object.table !== undefined) this.objectsOnRelations.note(key, keyOf(object.table))
    for (const need of object.needs) this.noteNeed(key, need)
    for (const { type } of object.attributes ?? []) this.typeUsers.note(key, type.name)
  }

  private noteNeed(key: string, { object, name }: Need): void {
    this.neededBy.note(key, `${object}\0${name.name}`)
    if (object === 'type') this.typeUsers.note(key, name.name)
  }

  private noteNamed(key: string, value: Expression | undefined): void {
    for (const { schema = '', name } of value?.relations ?? []) this.namedInDefaults.note(key, keyOf({ schema, name }))
  }

  /** The columns of a table as they are kept. */
  protected named(table: Table, columns: Table['columns']): Table['columns'] {
    const { schema, name } = table.name
    return withNotNullNames(table, columns, (column, taken) =>
      freeName(name, column, 'not_null', (own) => taken.has(own) || this.constraintNameExists(schema, own)),
    )
  }

  /** Only what a change brings can be new, and of that only what is not in the table `before`, of which all was noted. */
  protected noteLinks(
    { name }: Table,
    { columns, constraints, triggers, partitions, heirs, ofType, moreColumns }: Partial<Table>,
    before?: Table,
  ): void {
    const key = keyOf(name)
    if (moreColumns === true) this.typeTables.note(key, notTold)
    if (ofType !== undefined) this.typeUsers.note(key, ofType.name)
    for (const column of columns?.values() ?? []) {
      if (before?.columns.get(column.name) === column) continue
      const { type, default: value, notNullName } = column
      if (notNullName !== undefined) this.constraintNames.add(keyOf({ schema: name.schema, name: notNullName }))
      this.typeTables.note(key, type?.name ?? notTold)
      this.noteNamed(key, value)
    }
    for (const constraint of constraints?.values() ?? []) {
      if (before?.constraints.get(constraint.name) === constraint) continue
      this.constraintNames.add(keyOf({ schema: name.schema, name: constraint.name }))
      if (constraint.type === 'foreign-key') this.foreignKeys.note(key, keyOf(this.resolve(constraint.references)))
    }
    for (const trigger of triggers?.values() ?? []) this.triggerTables.note(key, trigger.function.name)
    for (const child of [...(partitions ?? []), ...(heirs ?? [])]) this.parents.note(key, keyOf(child))
  }
}
