import type { ColumnDef, Constraint as ConstraintNode } from 'libpg-query'
import type { Span } from '../../../core/span.ts'
import type { ColumnDefinition } from '../../../model/column.ts'
import type { ConstraintDefinition } from '../../../model/constraint.ts'
import type { Name } from '../../../model/name.ts'
import type { Expression } from '../../../model/type.ts'
import { expressionOf } from '../expressions.ts'
import { allOf, as } from '../grammar.ts'
import { nameOf, strings } from '../names.ts'
import { option } from '../options.ts'
import type { Reading } from '../reading.ts'
import { serialTypes, typeOf } from '../types.ts'
import { constraintOf, type ConstraintAttributes } from './constraints.ts'

/** A constraint with its place: up to where the next constraint of the column starts. */
interface Placed {
  readonly node: ConstraintNode
  readonly place: Span
}

/** A column as CREATE TABLE, ADD COLUMN or CREATE TYPE writes it. */
export function columnDefinition(node: ColumnDef, reading: Reading): ColumnDefinition {
  const { text } = reading
  const start = text.at(node.location)
  const end = text.elementEnd(start)
  const placed = placeConstraints(node, end, reading)
  const type = typeOf(node.typeName)
  const name = node.colname ?? ''
  const collation = strings(node.collClause?.collname).at(-1)
  return {
    name,
    span: text.span(start, end),
    type,
    notNull: isNotNull(node, placed, serialTypes.has(type.name)),
    ...notNullNameOf(placed),
    ...defaultOf(placed, reading),
    ...generatedOf(placed, reading),
    ...identityOf(placed),
    ...(collation === undefined ? {} : { collation }),
    constraints: inlineConstraints(placed, name, reading),
  }
}

/** What an identity column's letter in the tree means. */
export function identityKind(letter: string | undefined): 'always' | 'by default' {
  return letter === 'a' ? 'always' : 'by default'
}

function placeConstraints(node: ColumnDef, end: number, reading: Reading): readonly Placed[] {
  const constraints = allOf(node.constraints, 'Constraint')
  if (constraints.length === 0) return []
  const starts = constraints.map(({ location }) => reading.text.at(location))
  if (node.collClause !== undefined) starts.push(reading.text.at(node.collClause.location))
  starts.sort((a, b) => a - b)
  return constraints.map((constraint) => {
    const start = reading.text.at(constraint.location)
    const next = starts.find((other) => other > start) ?? end
    return { node: constraint, place: reading.text.trim(start, next) }
  })
}

function isNotNull(node: ColumnDef, placed: readonly Placed[], serial: boolean): boolean {
  if (serial || node.is_not_null === true) return true
  return placed.some(({ node: { contype } }) => notNullConstraints.has(contype ?? ''))
}

const notNullConstraints: ReadonlySet<string> = new Set(['CONSTR_NOTNULL', 'CONSTR_PRIMARY', 'CONSTR_IDENTITY'])

function notNullNameOf(placed: readonly Placed[]): Pick<ColumnDefinition, 'notNullName'> {
  const name = placed.find(({ node }) => node.contype === 'CONSTR_NOTNULL' && node.conname !== undefined)?.node.conname
  return name === undefined ? {} : { notNullName: name }
}

function defaultOf(placed: readonly Placed[], reading: Reading): { readonly default?: Expression } {
  const found = placed.find(({ node }) => node.contype === 'CONSTR_DEFAULT')
  if (found === undefined) return {}
  const start = reading.text.afterWord('default', found.place.start, found.place.end) ?? found.place.start
  return { default: expressionOf(found.node.raw_expr, reading.text.slice(start, found.place.end)) }
}

function generatedOf(
  placed: readonly Placed[],
  reading: Reading,
): { readonly generated?: NonNullable<ColumnDefinition['generated']> } {
  const found = placed.find(({ node }) => node.contype === 'CONSTR_GENERATED')
  if (found === undefined) return {}
  const inner = reading.text.parenthesised(found.place.start)
  const sql = inner === undefined ? '' : reading.text.slice(inner.start, inner.end)
  // 'v' is for virtual, PostgreSQL 18's default.
  return {
    generated: { stored: found.node.generated_kind !== 'v', expression: expressionOf(found.node.raw_expr, sql) },
  }
}

function identityOf(placed: readonly Placed[]): Pick<ColumnDefinition, 'identity' | 'identitySequence'> {
  const found = placed.find(({ node }) => node.contype === 'CONSTR_IDENTITY')
  if (found === undefined) return {}
  const identitySequence = sequenceName(found.node)
  return {
    identity: identityKind(found.node.generated_when),
    ...(identitySequence === undefined ? {} : { identitySequence }),
  }
}

/** What pg_dump writes: `IDENTITY (SEQUENCE NAME …)`. */
export function sequenceName(identity: ConstraintNode | undefined): Name | undefined {
  const parts = strings(as(option(identity?.options, 'sequence_name')?.arg, 'List')?.items)
  return parts.length === 0 ? undefined : nameOf(parts)
}

function inlineConstraints(
  placed: readonly Placed[],
  column: string,
  reading: Reading,
): readonly ConstraintDefinition[] {
  const definitions: ConstraintDefinition[] = []
  for (const [index, { node, place }] of placed.entries()) {
    if (node.contype === 'CONSTR_NOTNULL') continue
    const attributes = attributesAfter(placed, index)
    const end = placed[index + attributes.count]?.place.end ?? place.end
    const definition = constraintOf(node, { start: place.start, end }, reading, column, attributes)
    if (definition !== undefined) definitions.push(definition)
  }
  return definitions
}

/** The grammar keeps `DEFERRABLE` and its like as entries of their own behind the constraint that they belong to. */
function attributesAfter(placed: readonly Placed[], index: number): ConstraintAttributes & { readonly count: number } {
  let count = 0
  let deferrable = false
  let initiallyDeferred = false
  let notEnforced = false
  for (;;) {
    const type = placed[index + count + 1]?.node.contype
    if (type === undefined || !type.startsWith('CONSTR_ATTR_'))
      return { count, deferrable, initiallyDeferred, notEnforced }
    deferrable ||= type === 'CONSTR_ATTR_DEFERRABLE' || type === 'CONSTR_ATTR_DEFERRED'
    initiallyDeferred ||= type === 'CONSTR_ATTR_DEFERRED'
    notEnforced ||= type === 'CONSTR_ATTR_NOT_ENFORCED'
    count += 1
  }
}
