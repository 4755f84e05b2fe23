import type { Fact } from '../model/fact.ts'
import type { Name } from '../model/name.ts'
import type { ParsedMigration } from '../model/migration.ts'

/**
 * What a migration changes and what it relies on, as bare lower-case names: the schema is left out, so that `t` and
 * `public.t` are one. `unknown` where SQL is hidden. Too much is fine here, too little is not: two migrations that
 * touch nothing in common may change places.
 */
export type Touches = 'unknown' | { readonly changes: ReadonlySet<string>; readonly uses: ReadonlySet<string> }

/** Whether one of the two must not run before the other because of what they touch. */
export function interfere(a: Touches, b: Touches): boolean {
  if (a === 'unknown' || b === 'unknown') return true
  return meets(a.changes, b.changes) || meets(a.changes, b.uses) || meets(a.uses, b.changes)
}

/** What the way up of a migration touches. */
export function touchesOf(migration: ParsedMigration): Touches {
  const changes = new Set<string>()
  const uses = new Set<string>()
  for (const { facts } of migration.upSql.statements) {
    for (const fact of facts) {
      // What goes with a CASCADE is not named either.
      if (hidden.has(fact.kind) || ('cascade' in fact && fact.cascade)) return 'unknown'
      const [changed, used] = [changedBy(fact), usedBy(fact)]
      if (changed.length + used.length === 0 && !nameless.has(fact.kind)) return 'unknown'
      for (const name of changed) changes.add(name)
      for (const name of used) uses.add(name)
    }
  }
  return { changes, uses }
}

/** Kinds that do not say which objects they touch. */
const hidden: ReadonlySet<Fact['kind']> = new Set(['dynamic-sql', 'other-ddl', 'other-statement'] as const)

/** Kinds whose every name is only read. */
const readOnly: ReadonlySet<Fact['kind']> = new Set([
  'select',
  'analyze',
  'vacuum',
  'lock-table',
  'comment',
  'grant',
] as const)

/** Kinds that may touch nothing by name. Another one without a name is one whose names are not known here. */
const nameless: ReadonlySet<Fact['kind']> = new Set([...readOnly, 'set-setting', 'transaction'] as const)

function changedBy(fact: Fact): readonly string[] {
  return readOnly.has(fact.kind) ? [] : ownNames(fact)
}

function usedBy(fact: Fact): readonly string[] {
  const used = readOnly.has(fact.kind) ? ownNames(fact) : []
  return [...used, ...otherNames(fact).map(bare), ...typeNames(fact), ...expressionFunctions(fact)]
}

/** The objects that a fact is about. */
function ownNames(fact: Fact): readonly string[] {
  const names: string[] = []
  if ('table' in fact && fact.table !== undefined) names.push(bare(fact.table))
  if ('tables' in fact) names.push(...fact.tables.map(bare))
  if ('view' in fact) names.push(bare(fact.view))
  if ('index' in fact && fact.index !== undefined)
    names.push(typeof fact.index === 'string' ? fact.index.toLowerCase() : bare(fact.index))
  if ('sequence' in fact) names.push(bare(fact.sequence))
  if ('domain' in fact) names.push(bare(fact.domain))
  if ('partition' in fact) names.push(bare(fact.partition))
  if (fact.kind === 'create-function') names.push(bare(fact.function))
  if (fact.kind === 'create-extension') names.push(fact.extension.toLowerCase())
  if (fact.kind === 'create-schema') names.push(fact.schema.toLowerCase())
  if ('name' in fact && fact.name !== undefined) names.push(bare(fact.name))
  if ('names' in fact) names.push(...fact.names.map(bare))
  if (fact.kind === 'rename-table' || fact.kind === 'rename-object') names.push(fact.to.toLowerCase())
  if ('type' in fact && 'name' in fact.type && fact.kind !== 'set-column-type') names.push(bare(fact.type))
  return names
}

/** Tables and functions that a fact reads or points at. */
function otherNames(fact: Fact): readonly Name[] {
  const names: Name[] = []
  if ('reads' in fact) names.push(...fact.reads.map((use) => use.table))
  if ('uses' in fact) names.push(...(fact.uses ?? []).map((use) => use.table))
  if ('needs' in fact) names.push(...(fact.needs ?? []).map((need) => need.name))
  if (fact.kind === 'create-function') names.push(...fact.types)
  if (fact.kind === 'create-trigger') names.push(fact.function)
  if (fact.kind === 'change-table' && fact.other !== undefined) names.push(fact.other)
  if (fact.kind === 'create-sequence' && fact.ownedBy !== undefined && fact.ownedBy !== 'none')
    names.push(fact.ownedBy.table)
  if (fact.kind === 'create-table') {
    names.push(...fact.inherits, ...fact.like.map(({ table }) => table))
    if (fact.partitionOf !== undefined) names.push(fact.partitionOf)
  }
  for (const constraint of constraintsOf(fact)) if (constraint.type === 'foreign-key') names.push(constraint.references)
  return names
}

function constraintsOf(fact: Fact): readonly Extract<Fact, { kind: 'add-constraint' }>['constraint'][] {
  if (fact.kind === 'add-constraint') return [fact.constraint]
  if (fact.kind === 'create-table')
    return [...fact.constraints, ...fact.columns.flatMap((column) => column.constraints)]
  return fact.kind === 'add-column' ? fact.column.constraints : []
}

function columnsOf(fact: Fact): readonly Extract<Fact, { kind: 'add-column' }>['column'][] {
  if (fact.kind === 'create-table') return fact.columns
  return fact.kind === 'add-column' ? [fact.column] : []
}

/** Types that columns have: an enum that another migration changes, a domain. */
function typeNames(fact: Fact): readonly string[] {
  if (fact.kind === 'set-column-type') return [fact.type.name.toLowerCase()]
  if (fact.kind === 'create-type') return (fact.attributes ?? []).map(({ type }) => type.name.toLowerCase())
  return columnsOf(fact).map((column) => column.type.name.toLowerCase())
}

function expressionFunctions(fact: Fact): readonly string[] {
  const inColumns = columnsOf(fact).flatMap((column) => column.default?.functions ?? [])
  const inDefault = fact.kind === 'set-default' ? fact.default.functions : []
  const inChecks = constraintsOf(fact).flatMap((constraint) =>
    constraint.type === 'check' ? constraint.expression.functions : [],
  )
  const called = fact.kind === 'select' ? fact.functions : 'calls' in fact ? (fact.calls ?? []) : []
  return [...inColumns, ...inDefault, ...inChecks, ...called].map((name) => name.toLowerCase().replace(/^.*\./, ''))
}

function bare(name: Name): string {
  return name.name.toLowerCase()
}

function meets(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const name of a) if (b.has(name)) return true
  return false
}
