import type { Expression, Comparison } from './type.ts'
import type { Name } from './name.ts'
import type { Index, Schema, Table } from './schema.ts'

/** An end of a range: a literal as SQL, or MINVALUE and MAXVALUE; undefined: an expression. */
export type RangeEnd = { readonly literal: string } | 'unlimited' | undefined

/** Which rows a partition holds. */
export type PartitionBound =
  | { readonly kind: 'default' }
  | { readonly kind: 'range'; readonly from: readonly RangeEnd[]; readonly to: readonly RangeEnd[] }
  /** Literals as SQL, `null` among them; undefined: an expression. */
  | { readonly kind: 'list'; readonly values: readonly (string | undefined)[] }
  | { readonly kind: 'hash'; readonly modulus: number; readonly remainder: number }

/** `FOR VALUES FROM (1) TO (10)`; undefined where an expression is not known as SQL. */
export function boundText(bound: PartitionBound): string | undefined {
  switch (bound.kind) {
    case 'default':
      return 'default'
    case 'hash':
      return `for values with (modulus ${bound.modulus}, remainder ${bound.remainder})`
    case 'list':
      return bound.values.includes(undefined) ? undefined : `for values in (${bound.values.join(', ')})`
    case 'range': {
      const [from, to] = [endsText(bound.from, 'minvalue'), endsText(bound.to, 'maxvalue')]
      return from === undefined || to === undefined ? undefined : `for values from (${from}) to (${to})`
    }
  }
}

function endsText(ends: readonly RangeEnd[], unlimited: string): string | undefined {
  if (ends.includes(undefined)) return undefined
  return ends.map((end) => (end === 'unlimited' || end === undefined ? unlimited : end.literal)).join(', ')
}

/** What a row of the partition fulfils, apart from being NOT NULL; undefined where it is no list of simple comparisons. */
export function boundComparisons(columns: readonly string[], bound: PartitionBound): readonly Comparison[] | undefined {
  const [column] = columns
  if (columns.length !== 1 || column === undefined || column === '') return undefined
  if (bound.kind === 'list') return listComparison(column, bound.values)
  if (bound.kind !== 'range') return undefined
  const [from] = bound.from
  const [to] = bound.to
  if (from === undefined || to === undefined) return undefined
  return [
    ...(from === 'unlimited' ? [] : [{ column, operator: '>=' as const, values: [from.literal] }]),
    ...(to === 'unlimited' ? [] : [{ column, operator: '<' as const, values: [to.literal] }]),
  ]
}

function listComparison(column: string, values: readonly (string | undefined)[]): readonly Comparison[] | undefined {
  const literals = values.flatMap((value) => value ?? [])
  if (literals.length < values.length || literals.includes('null')) return undefined
  return [{ column, operator: 'in', values: literals }]
}

/**
 * Whether the table's own constraints say that every row of it fits the bound, so that the server attaches it without
 * reading it. False where that is not known: a bound over several columns, an expression, a hash.
 */
export function provesBound(table: Table, columns: readonly string[], bound: PartitionBound): boolean {
  const wanted = boundComparisons(columns, bound)
  if (wanted === undefined) return false
  const checks = checksOf(table)
  const isNotNull = (column: string): boolean =>
    table.columns.get(column)?.notNull === true || checks.some((check) => check.provesNotNull.includes(column))
  const known = checks.flatMap((check) => check.comparisons ?? [])
  return columns.every(isNotNull) && wanted.every((one) => known.some((other) => implies(other, one)))
}

/**
 * Whether a CHECK of the table says that no row of it fits the bound: `NOT (at >= '2026-01-01' AND at < '2027-01-01')`,
 * or what contradicts the bound, such as `at < '2026-01-01'`.
 */
export function excludesBound(table: Table, columns: readonly string[], bound: PartitionBound): boolean {
  const taken = boundComparisons(columns, bound)
  if (taken === undefined) return false
  const checks = checksOf(table)
  const known = checks.flatMap((check) => check.comparisons ?? [])
  if (known.some((one) => taken.some((other) => contradicts(one, other)))) return true
  return checks.some((check) => {
    const excluded = check.excludes ?? []
    return excluded.length > 0 && excluded.every((one) => taken.some((other) => implies(other, one)))
  })
}

function checksOf(table: Table): readonly Expression[] {
  const checks: Expression[] = []
  for (const constraint of table.constraints.values()) {
    if (constraint.type === 'check' && constraint.valid && constraint.enforced) checks.push(constraint.expression)
  }
  return checks
}

/** Whether a value that fulfils `known` fulfils `wanted`. */
function implies(known: Comparison, wanted: Comparison): boolean {
  if (known.column !== wanted.column) return false
  const values = known.operator === 'in' || known.operator === '='
  if (values) return known.values.every((value) => fulfils(value, wanted))
  const [limit] = known.values
  const [end] = wanted.values
  const order = limit === undefined || end === undefined ? undefined : compareLiterals(limit, end)
  if (order === undefined) return false
  switch (wanted.operator) {
    case '>=':
      return (known.operator === '>=' || known.operator === '>') && order >= 0
    case '>':
      return (known.operator === '>' && order >= 0) || (known.operator === '>=' && order > 0)
    case '<=':
      return (known.operator === '<=' || known.operator === '<') && order <= 0
    case '<':
      return (known.operator === '<' && order <= 0) || (known.operator === '<=' && order < 0)
    case '=':
    case 'in':
      return false
  }
}

/** Whether no value fulfils both. */
function contradicts(known: Comparison, taken: Comparison): boolean {
  if (known.column !== taken.column) return false
  if (taken.operator === '<') return implies(known, { ...taken, operator: '>=' })
  if (taken.operator === '>=') return implies(known, { ...taken, operator: '<' })
  if (known.operator !== 'in' && known.operator !== '=') return false
  return known.values.every((value) => !fulfils(value, taken))
}

function fulfils(value: string, { operator, values }: Comparison): boolean {
  const [first] = values
  if (operator === 'in' || operator === '=') return values.some((one) => compareLiterals(value, one) === 0)
  const order = first === undefined ? undefined : compareLiterals(value, first)
  if (order === undefined) return false
  if (operator === '<') return order < 0
  if (operator === '<=') return order <= 0
  return operator === '>' ? order > 0 : order >= 0
}

/** Numbers, and dates and times written the same way, have an order; of other literals only equal ones are known. */
function compareLiterals(a: string, b: string): number | undefined {
  const [left, right] = [unquoted(a), unquoted(b)]
  if (left === right) return 0
  if (/^-?\d+(\.\d+)?$/.test(left) && /^-?\d+(\.\d+)?$/.test(right)) return Number(left) - Number(right)
  const sameForm = left.replaceAll(/\d/g, '0') === right.replaceAll(/\d/g, '0')
  return sameForm && /^\d{4}-\d{2}-\d{2}/.test(left) ? (left < right ? -1 : 1) : undefined
}

function unquoted(literal: string): string {
  return literal.startsWith("'") ? literal.slice(1, -1) : literal
}

/** The DEFAULT partition of a table, if it has one. */
export function defaultPartition(parent: Table, schema: Schema): Required<Name> | undefined {
  return parent.partitions.find((name) => schema.table(name)?.partitionBound?.kind === 'default')
}

/** Indexes of `parent` that `child` has none to match: they are built when it becomes a partition. */
export function missingIndexes(parent: Table, child: Table): readonly Index[] {
  return [...parent.indexes.values()].filter((index) => matchingIndex(index, child) === undefined)
}

/** The index of a table that is like another one, and can be a part of it: one of a constraint of one of a constraint alone. */
export function matchingIndex(
  index: Index,
  child: Table,
  fits: (other: Index) => boolean = () => true,
): Index | undefined {
  const shape = shapeOf(index)
  return [...child.indexes.values()].find(
    (other) =>
      (other.parent === undefined ? isFree(index, other) && fits(other) : other.parent.name === index.name.name) &&
      shapeOf(other) === shape,
  )
}

function isFree(index: Index, other: Index): boolean {
  return index.constraint === undefined || other.constraint !== undefined
}

/** Texts of expressions are not known here: what they name stands for them. */
function shapeOf({ columns, usesColumns, functions = [], unique, method, partial }: Index): string {
  return [columns.join('\0'), usesColumns.toSorted().join('\0'), functions.join('\0'), unique, method, partial].join(
    '\0\0',
  )
}
