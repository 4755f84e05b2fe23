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
import { defaultOf, domainOf, isConstrained } from '../../../model/domain.ts'
import type { LockMode } from '../../../model/lock.ts'
import type { ColumnDefinition } from '../../../model/column.ts'
import type { Name } from '../../../model/name.ts'
import type { TypedColumn, Schema, Table } from '../../../model/schema.ts'
import type { Expression } from '../../../model/type.ts'
import { functionVolatility } from '../built-in-functions.ts'
import { serialTypes } from '../types.ts'
import { baseType, typeChange } from '../type-change.ts'
import type { Scene, Work } from './effect.ts'
import { effect, isProvenNotNull, onTree, referencedTables } from './effect.ts'
import { references } from './tables.ts'

export function addColumn(fact: AddColumn, scene: Scene): readonly Effect[] {
  const { column } = fact
  const exists = scene.schema.table(fact.table)?.columns.has(column.name) === true
  // With IF NOT EXISTS nothing is done, but the lock is taken first.
  if (fact.ifNotExists && exists) return onTree(scene, fact.table, 'ACCESS EXCLUSIVE')
  const referenced = column.constraints.flatMap(references)
  // Without a value in the new column there is nothing to look up; the default of a domain is not looked up either.
  const lookup = hasValue(column) ? 'scan' : 'nothing'
  return [
    ...onTree(scene, fact.table, 'ACCESS EXCLUSIVE', () => addColumnWork(column, scene.schema)),
    ...referenced.map((name) => effect(scene, name, 'SHARE ROW EXCLUSIVE', lookup)),
  ]
}

function hasValue(column: ColumnDefinition): boolean {
  const stored = column.generated?.stored === true
  return stored || serialTypes.has(column.type.name) || column.identity !== undefined || isValue(column.default)
}

function isValue(expression: Expression | undefined): boolean {
  return expression?.isNull === false
}

/** A value that is the same for all rows is kept in the catalogue; any other is written into every row. */
function addColumnWork(column: ColumnDefinition, schema: Schema): Work {
  if (column.generated?.stored === true || column.identity !== undefined) return 'rewrite'
  if (serialTypes.has(column.type.name) || isConstrained(domainOf(column.type, schema), schema)) return 'rewrite'
  const value = defaultOf(column, schema)
  if (value !== undefined && !isSameForAllRows(value, schema)) return 'rewrite'
  const checked = column.constraints.some(
    ({ type, enforced }) =>
      (type === 'check' && enforced) || type === 'unique' || type === 'primary-key' || type === 'exclude',
  )
  // DEFAULT NULL is a default all the same: the key is looked up, though there is nothing to find.
  const looksUp = column.default !== undefined && column.constraints.some(({ type }) => type === 'foreign-key')
  // A virtual column is worked out for every row to see that it is not NULL.
  const needsValue = column.notNull && !isValue(value)
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
  const work = typeWork(table, fact, scene)
  // A foreign key is dropped and made anew, and checked again where the values may have changed.
  const lookup = work === 'rewrite' ? 'scan' : 'nothing'
  return [
    ...onTree(scene, fact.table, 'ACCESS EXCLUSIVE', (own) => typeWork(own, fact, scene)),
    ...keys.map((name) => effect(scene, name, 'ACCESS EXCLUSIVE', lookup)),
    ...pointing.map((key) => effect(scene, key.table.name, 'ACCESS EXCLUSIVE', lookup)),
  ]
}

function typeWork(table: Table | undefined, fact: SetColumnType, scene: Scene): Work {
  const column = table?.columns.get(fact.column)
  if (table === undefined || column?.type === undefined) return 'rewrite'
  if (typeChange(column.type, fact.type, fact.using, scene) !== 'no-rewrite') return 'rewrite'
  const checked = [...table.constraints.values()].some(
    (constraint) =>
      constraint.type === 'check' &&
      constraint.valid &&
      constraint.enforced &&
      constraint.expression.columns.includes(fact.column),
  )
  const sorted = sortsOtherwise({ ...column, type: column.type }, fact, scene.schema)
  const rebuilt = [...table.indexes.values()].some(
    (index) =>
      index.usesColumns.includes(fact.column) &&
      // Indexes over plain columns are kept; expressions and predicates are worked out again.
      (index.partial || index.columns.includes('') || sorted),
  )
  return checked || rebuilt ? 'scan' : 'nothing'
}

/** An index keeps its order unless the column gets another collation, or a type that is compared in another way. */
function sortsOtherwise(column: TypedColumn, { collation, type }: SetColumnType, schema: Schema): boolean {
  if ((collation ?? 'default') !== (column.collation ?? 'default')) return true
  const [from, to] = [baseType(column.type, schema).name, baseType(type, schema).name]
  return from !== to && !comparedAlike.has(`${from}>${to}`)
}

const comparedAlike: ReadonlySet<string> = new Set(['character varying>text', 'text>character varying', 'cidr>inet'])

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
