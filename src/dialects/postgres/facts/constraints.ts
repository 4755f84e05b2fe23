import type { Constraint as ConstraintNode } from 'libpg-query'
import type { Span } from '../../../core/span.ts'
import type { ConstraintDefinition, ExclusionConstraint, ForeignKeyConstraint } from '../../../model/constraint.ts'
import { conditionOf } from '../expressions.ts'
import { allOf } from '../grammar.ts'
import { relationName, strings } from '../names.ts'
import type { Reading } from '../reading.ts'
import { indexKeys } from './index-keys.ts'

/** What the words behind an inline constraint say about it: `DEFERRABLE`, `NOT ENFORCED`. */
export interface ConstraintAttributes {
  readonly deferrable: boolean
  readonly initiallyDeferred: boolean
  readonly notEnforced: boolean
}

const noAttributes: ConstraintAttributes = { deferrable: false, initiallyDeferred: false, notEnforced: false }

const onDeleteActions: ReadonlyMap<string, ForeignKeyConstraint['onDelete']> = new Map([
  ['a', 'no action'],
  ['r', 'restrict'],
  ['c', 'cascade'],
  ['n', 'set null'],
  ['d', 'set default'],
])

/**
 * A constraint as the model has it; undefined for what is not a constraint there (DEFAULT, identity, NULL).
 * `column`: the column that it stands inline on. `place`: its text, in offsets of the statement's text.
 */
export function constraintOf(
  node: ConstraintNode,
  place: Span,
  reading: Reading,
  column?: string,
  attributes: ConstraintAttributes = noAttributes,
): ConstraintDefinition | undefined {
  const checked = node.contype === 'CONSTR_CHECK' || node.contype === 'CONSTR_FOREIGN'
  const base = {
    ...(node.conname === undefined ? {} : { name: node.conname }),
    span: reading.text.span(place.start, place.end),
    valid: node.skip_validation !== true,
    enforced: !attributes.notEnforced && (!checked || node.is_enforced === true),
    deferrable: node.deferrable === true || node.initdeferred === true || attributes.deferrable,
    ...(node.initdeferred === true || attributes.initiallyDeferred ? { initiallyDeferred: true } : {}),
  }
  const columns = column === undefined ? strings(node.keys) : [column]
  const noInherit = node.is_no_inherit === true ? { noInherit: true as const } : {}
  switch (node.contype) {
    case 'CONSTR_CHECK':
      return { ...base, type: 'check', expression: conditionOf(node.raw_expr, checkText(place, reading)), ...noInherit }
    case 'CONSTR_FOREIGN':
      return {
        ...base,
        ...foreignKeyOf(node, column),
        ...(foreignKeySaysMore(node, attributes) ? { saysMore: true } : {}),
      }
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE': {
      const type = node.contype === 'CONSTR_PRIMARY' ? 'primary-key' : 'unique'
      const usingIndex = node.indexname === undefined ? {} : { usingIndex: node.indexname }
      const include = (node.including ?? []).length === 0 ? {} : { include: strings(node.including) }
      return { ...base, type, columns, ...include, ...usingIndex, ...(keySaysMore(node) ? { saysMore: true } : {}) }
    }
    case 'CONSTR_NOTNULL':
      return { ...base, type: 'not-null', column: columns[0] ?? '', ...noInherit }
    case 'CONSTR_EXCLUSION':
      return { ...base, ...exclusionOf(node) }
    default:
      return undefined
  }
}

function keySaysMore(node: ConstraintNode): boolean {
  const lists = [node.including, node.options]
  return (
    node.nulls_not_distinct === true ||
    node.without_overlaps === true ||
    node.indexspace !== undefined ||
    lists.some((list) => (list ?? []).length > 0)
  )
}

/** What `ForeignKeyConstraint.saysMore` is about; the letters are the tree's: `a` no action, `s` MATCH SIMPLE. */
function foreignKeySaysMore(node: ConstraintNode, attributes: ConstraintAttributes): boolean {
  return (
    (node.fk_upd_action ?? 'a') !== 'a' ||
    (node.fk_matchtype ?? 's') !== 's' ||
    node.initdeferred === true ||
    attributes.initiallyDeferred ||
    (node.fk_del_set_cols ?? []).length > 0 ||
    node.fk_with_period === true
  )
}

function foreignKeyOf(
  node: ConstraintNode,
  column: string | undefined,
): Pick<ForeignKeyConstraint, 'type' | 'columns' | 'references' | 'referencedColumns' | 'onDelete'> {
  return {
    type: 'foreign-key',
    columns: column === undefined ? strings(node.fk_attrs) : [column],
    references: relationName(node.pktable),
    referencedColumns: strings(node.pk_attrs),
    onDelete: onDeleteActions.get(node.fk_del_action ?? 'a') ?? 'no action',
  }
}

/** The condition between the parentheses of `CHECK (…)`. */
function checkText(place: Span, reading: Reading): string {
  const start = reading.text.afterWord('check', place.start, place.end) ?? place.start
  const inner = reading.text.parenthesised(start)
  return inner === undefined ? '' : reading.text.slice(inner.start, inner.end)
}

function exclusionOf(
  node: ConstraintNode,
): Pick<ExclusionConstraint, 'type' | 'columns'> & Partial<ExclusionConstraint> {
  // Each element is a list of the column and the operator.
  const elements = allOf(node.exclusions, 'List').flatMap(({ items }) => allOf(items, 'IndexElem'))
  const { columns, keyNames, expressionColumns, functions } = indexKeys(elements, node.where_clause)
  const include = strings(node.including)
  return {
    type: 'exclude',
    columns,
    ...(node.access_method === undefined ? {} : { method: node.access_method }),
    ...(keyNames === undefined ? {} : { keyNames }),
    ...(expressionColumns.length === 0 ? {} : { expressionColumns }),
    ...(include.length === 0 ? {} : { include }),
    ...(functions.length === 0 ? {} : { functions }),
    ...(node.where_clause === undefined ? {} : { partial: true }),
  }
}

/** Where a constraint of a table stands: from its first word to the next comma. */
export function constraintPlace(node: ConstraintNode, reading: Reading): Span {
  const start = reading.text.at(node.location)
  return { start, end: reading.text.elementEnd(start) }
}
