import type { Effect } from '../../../model/effect.ts'
import type {
  AddColumn,
  ChangeColumn,
  ChangeGenerated,
  ChangeIdentity,
  DropColumn,
  SetColumnType,
  SetNotNull,
} from '../../../model/fact.ts'
import type { LockMode } from '../../../model/lock.ts'
import type { ColumnDefinition } from '../../../model/column.ts'
import type { Name } from '../../../model/name.ts'
import type { Schema, Table } from '../../../model/schema.ts'
import type { Expression, TypeName } from '../../../model/type.ts'
import { functionVolatility } from '../built-in-functions.ts'
import { serialTypes } from '../types.ts'
import { typeChange } from '../type-change.ts'
import type { Scene, Work } from './effect.ts'
import { effect, isProvenNotNull, onTree, referencedTables } from './effect.ts'
import { references } from './tables.ts'

export function addColumn(fact: AddColumn, scene: Scene): readonly Effect[] {
  const { column } = fact
  const exists = scene.schema.table(fact.table)?.columns.has(column.name) === true
  // With IF NOT EXISTS nothing is done, but the lock is taken first.
  if (fact.ifNotExists && exists) return onTree(scene, fact.table, 'ACCESS EXCLUSIVE')
  const referenced = column.constraints.flatMap(references)
  // Without a value in the new column there is nothing to look up.
  const lookup = hasValue(column) ? 'scan' : 'nothing'
  return [
    ...onTree(scene, fact.table, 'ACCESS EXCLUSIVE', () => addColumnWork(column, scene.schema)),
    ...referenced.map((name) => effect(scene, name, 'SHARE ROW EXCLUSIVE', lookup)),
  ]
}

function hasValue(column: ColumnDefinition): boolean {
  const stored = column.generated?.stored === true
  return stored || serialTypes.has(column.type.name) || column.identity !== undefined || hasDefault(column)
}

function hasDefault(column: ColumnDefinition): boolean {
  return column.default !== undefined && !column.default.isNull
}

/** A value that is the same for all rows is kept in the catalogue; any other is written into every row. */
function addColumnWork(column: ColumnDefinition, schema: Schema): Work {
  if (column.generated?.stored === true || column.identity !== undefined) return 'rewrite'
  if (serialTypes.has(column.type.name) || isConstrainedDomain(column.type, schema)) return 'rewrite'
  if (column.default !== undefined && !isSameForAllRows(column.default, schema)) return 'rewrite'
  const checked = column.constraints.some(
    ({ type }) => type === 'check' || type === 'unique' || type === 'primary-key' || type === 'exclude',
  )
  const looksUp = hasDefault(column) && column.constraints.some(({ type }) => type === 'foreign-key')
  const needsValue = column.notNull && !hasDefault(column) && column.generated === undefined
  return checked || looksUp || needsValue ? 'scan' : 'nothing'
}

/** Whether a default is worked out once: what calls functions of unknown volatility counts as volatile. */
export function isSameForAllRows(expression: Expression, schema: Schema): boolean {
  if (expression.volatility === 'volatile') return false
  if (expression.volatility !== 'unknown') return true
  return expression.functions.every((written) => isPredictable(written, schema))
}

/**
 * A function that neither the history nor the server is known to have may be volatile. The server may find out that a
 * volatile SQL function is a constant once it is inlined; that is not relied upon.
 */
function isPredictable(written: string, schema: Schema): boolean {
  const parts = written.split('.')
  const [name, inSchema] = [parts.at(-1) ?? written, parts.length > 1 ? parts[0] : undefined]
  const own = schema.function(inSchema === undefined ? { name } : { schema: inSchema, name })
  if (own !== undefined) return own.volatility !== 'volatile'
  const builtIn = functionVolatility(inSchema, name)
  return builtIn === 'constant' || builtIn === 'stable'
}

export function isConstrainedDomain(type: TypeName, schema: Schema): boolean {
  const name = type.schema === undefined ? { name: type.name } : { schema: type.schema, name: type.name }
  return !type.array && schema.domain(name)?.constrained === true
}

export function dropColumn(fact: DropColumn, scene: Scene): readonly Effect[] {
  const table = scene.schema.table(fact.table)
  const own = referencedTables(table, (constraint) => constraint.columns.includes(fact.column))
  const pointing = (table === undefined ? [] : scene.schema.foreignKeysTo(table.name)).filter(
    ({ constraint }) => constraint.type === 'foreign-key' && constraint.referencedColumns.includes(fact.column),
  )
  const views = table === undefined ? [] : scene.schema.viewsOn(table.name, fact.column)
  return [
    ...onTree(scene, fact.table, 'ACCESS EXCLUSIVE'),
    ...own.map((name) => effect(scene, name, 'ACCESS EXCLUSIVE')),
    ...(fact.cascade ? pointing.map((key) => effect(scene, key.table.name, 'ACCESS EXCLUSIVE')) : []),
    ...(fact.cascade
      ? views.filter((view) => view.materialized).map((view) => effect(scene, view.name, 'ACCESS EXCLUSIVE'))
      : []),
  ]
}

/** Catalogue only, in the table and in all that follow it: rename, defaults, DROP NOT NULL. */
export function alterColumn(fact: { readonly table: Name }, scene: Scene): readonly Effect[] {
  return onTree(scene, fact.table, 'ACCESS EXCLUSIVE')
}

export function setColumnType(fact: SetColumnType, scene: Scene): readonly Effect[] {
  const table = scene.schema.table(fact.table)
  const keys = referencedTables(table, (constraint) => constraint.columns.includes(fact.column))
  const pointing = (table === undefined ? [] : scene.schema.foreignKeysTo(table.name)).filter(
    ({ constraint }) => constraint.type === 'foreign-key' && constraint.referencedColumns.includes(fact.column),
  )
  const work = typeWork(table, fact, scene.schema)
  // A foreign key is dropped and made anew, and checked again where the values may have changed.
  const lookup = work === 'rewrite' ? 'scan' : 'nothing'
  return [
    ...onTree(scene, fact.table, 'ACCESS EXCLUSIVE', (own) => typeWork(own, fact, scene.schema)),
    ...keys.map((name) => effect(scene, name, 'ACCESS EXCLUSIVE', lookup)),
    ...pointing.map((key) => effect(scene, key.table.name, 'ACCESS EXCLUSIVE', lookup)),
  ]
}

function typeWork(table: Table | undefined, fact: SetColumnType, schema: Schema): Work {
  const column = table?.columns.get(fact.column)
  if (table === undefined || column === undefined) return 'rewrite'
  if (isConstrainedDomain(fact.type, schema)) return 'rewrite'
  if (typeChange(baseType(column.type, schema), baseType(fact.type, schema), fact.using) !== 'no-rewrite')
    return 'rewrite'
  const checked = [...table.constraints.values()].some(
    (constraint) => constraint.type === 'check' && constraint.expression.columns.includes(fact.column),
  )
  const rebuilt = [...table.indexes.values()].some(
    (index) =>
      index.usesColumns.includes(fact.column) &&
      // Indexes over plain columns are kept; expressions and predicates are worked out again.
      (index.partial || index.columns.includes('') || fact.collation !== undefined),
  )
  return checked || rebuilt ? 'scan' : 'nothing'
}

/** What a domain without constraints is made of. */
function baseType(type: TypeName, schema: Schema): TypeName {
  const name = type.schema === undefined ? { name: type.name } : { schema: type.schema, name: type.name }
  const domain = type.array ? undefined : schema.domain(name)
  return domain === undefined ? type : baseType(domain.type, schema)
}

export function setNotNull(fact: SetNotNull, scene: Scene): readonly Effect[] {
  return onTree(scene, fact.table, 'ACCESS EXCLUSIVE', (table) =>
    isProvenNotNull(table, fact.column, scene) ? 'nothing' : 'scan',
  )
}

export function changeIdentity(fact: ChangeIdentity, scene: Scene): readonly Effect[] {
  return [effect(scene, fact.table, 'ACCESS EXCLUSIVE')]
}

export function changeGenerated(fact: ChangeGenerated, scene: Scene): readonly Effect[] {
  if (fact.action === 'drop-expression') return onTree(scene, fact.table, 'ACCESS EXCLUSIVE')
  return onTree(scene, fact.table, 'ACCESS EXCLUSIVE', (table) =>
    table.columns.get(fact.column)?.generated === 'virtual' ? 'nothing' : 'rewrite',
  )
}

const columnActions: Readonly<Record<ChangeColumn['action'], LockMode>> = {
  'set-statistics': 'SHARE UPDATE EXCLUSIVE',
  'set-storage': 'ACCESS EXCLUSIVE',
  'set-compression': 'ACCESS EXCLUSIVE',
  'set-options': 'SHARE UPDATE EXCLUSIVE',
  'reset-options': 'SHARE UPDATE EXCLUSIVE',
}

export function changeColumn(fact: ChangeColumn, scene: Scene): readonly Effect[] {
  return onTree(scene, fact.table, columnActions[fact.action])
}
