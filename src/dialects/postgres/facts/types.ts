import type { AlterTableCmd, ColumnDef, Constraint as ConstraintNode } from 'libpg-query'
import type { AlterDomain, AlterType, CreateType, Fact, TypeAttribute } from '../../../model/fact.ts'
import type { Expression } from '../../../model/type.ts'
import { expressionOf } from '../expressions.ts'
import { allOf, as } from '../grammar.ts'
import { listName, relationName, strings } from '../names.ts'
import type { Reading, StatementNode, StatementTable } from '../reading.ts'
import { typeOf } from '../types.ts'
import { constraintOf, constraintPlace } from './constraints.ts'
import { defineObject } from './create-objects.ts'
import { optionNeed, typeNeed, typeOption } from './needs.ts'

export const typeHandlers: StatementTable<
  | 'CreateEnumStmt'
  | 'CompositeTypeStmt'
  | 'CreateRangeStmt'
  | 'DefineStmt'
  | 'AlterEnumStmt'
  | 'AlterTypeStmt'
  | 'CreateDomainStmt'
  | 'AlterDomainStmt'
> = {
  CreateEnumStmt: (node, { span }) => [
    { kind: 'create-type', span, type: listName(node.typeName), form: 'enum', values: strings(node.vals) },
  ],
  CompositeTypeStmt: (node, { span }) => [
    {
      kind: 'create-type',
      span,
      type: relationName(node.typevar),
      form: 'composite',
      values: [],
      attributes: allOf(node.coldeflist, 'ColumnDef').map(attributeOf),
    },
  ],
  CreateRangeStmt: (node, reading) => [createRange(node, reading)],
  DefineStmt: (node, reading) =>
    node.kind === 'OBJECT_TYPE' ? [createBaseType(node, reading)] : defineObject(node, reading),
  AlterEnumStmt: (node, reading) => [alterEnum(node, reading)],
  AlterTypeStmt: (node, { span }) => [
    { kind: 'alter-type', span, type: listName(node.typeName), action: 'other', cascade: false },
  ],
  CreateDomainStmt: (node, reading) => [createDomain(node, reading)],
  AlterDomainStmt: (node, reading) => [alterDomain(node, reading)],
}

/** A base type; without a definition the name alone, for functions to be written for it. */
function createBaseType({ definition, defnames }: StatementNode<'DefineStmt'>, { span }: Reading): Fact {
  const form: CreateType['form'] = definition === undefined ? 'shell' : 'base'
  const needs = baseFunctions.flatMap((name) => optionNeed(definition, name, 'function'))
  return { kind: 'create-type', span, type: listName(defnames), form, values: [], needs }
}

const baseFunctions = ['input', 'output', 'receive', 'send', 'typmod_in', 'typmod_out', 'analyze', 'subscript']

function createRange({ typeName, params }: StatementNode<'CreateRangeStmt'>, { span }: Reading): Fact {
  const type = listName(typeName)
  const given = typeOption(params, 'multirange_type_name')
  return {
    kind: 'create-type',
    span,
    type,
    form: 'range',
    values: [],
    multirange: given === undefined ? { ...type, name: multirangeName(type.name) } : listName(given.names),
    needs: [
      ...typeNeed(typeOption(params, 'subtype')),
      ...optionNeed(params, 'collation', 'collation'),
      ...optionNeed(params, 'canonical', 'function', [type.name]),
      ...optionNeed(params, 'subtype_diff', 'function'),
    ],
  }
}

/** As the server makes it (`makeMultirangeTypeName`): `range` becomes `multirange`, else `_multirange` is put behind. */
function multirangeName(range: string): string {
  return range.includes('range') ? range.replace('range', 'multirange') : `${range}_multirange`
}

function attributeOf({ colname, typeName, collClause }: ColumnDef): TypeAttribute {
  const collation = strings(collClause?.collname).at(-1)
  return { name: colname ?? '', type: typeOf(typeName), ...(collation === undefined ? {} : { collation }) }
}

function alterEnum(node: StatementNode<'AlterEnumStmt'>, { span }: Reading): Fact {
  const type = listName(node.typeName)
  const value = node.newVal ?? ''
  if (node.oldVal !== undefined) return { kind: 'rename-enum-value', span, type, value: node.oldVal, to: value }
  const where = node.newValIsAfter === true ? 'after' : 'before'
  const neighbour = node.newValNeighbor
  return {
    kind: 'add-enum-value',
    span,
    type,
    value,
    ifNotExists: node.skipIfNewValExists === true,
    ...(neighbour === undefined ? {} : { placement: { where, neighbour } }),
  }
}

function createDomain(node: StatementNode<'CreateDomainStmt'>, reading: Reading): Fact {
  const nodes = allOf(node.constraints, 'Constraint')
  const constraints = nodes.flatMap((constraint, index) => {
    const start = reading.text.at(constraint.location)
    const following = nodes[index + 1]
    const end = following === undefined ? reading.text.end : reading.text.at(following.location)
    return constraintOf(constraint, reading.text.trim(start, end), reading) ?? []
  })
  return {
    kind: 'create-domain',
    span: reading.span,
    domain: listName(node.domainname),
    type: typeOf(node.typeName),
    notNull: nodes.some(({ contype }) => contype === 'CONSTR_NOTNULL'),
    constraints: constraints.filter(({ type }) => type !== 'not-null'),
    ...defaultOfDomain(nodes, reading),
  }
}

function defaultOfDomain(nodes: readonly ConstraintNode[], { text }: Reading): { readonly default?: Expression } {
  const node = nodes.find(({ contype }) => contype === 'CONSTR_DEFAULT')
  if (node?.raw_expr === undefined) return {}
  const at = text.at(node.location)
  const next = nodes.map(({ location }) => text.at(location)).filter((start) => start > at)
  const start = text.afterWord('default', at, text.end) ?? at
  const { start: from, end } = text.trim(start, Math.min(...next, text.end))
  return { default: expressionOf(node.raw_expr, text.slice(from, end)) }
}

/** The letters of `AlterDomainStmt.subtype`; T with a definition sets the default, without one drops it. */
const domainActions: ReadonlyMap<string, AlterDomain['action']> = new Map([
  ['N', 'drop-not-null'],
  ['O', 'set-not-null'],
  ['C', 'add-constraint'],
  ['X', 'drop-constraint'],
  ['V', 'validate-constraint'],
])

function alterDomain(node: StatementNode<'AlterDomainStmt'>, reading: Reading): Fact {
  const definition = as(node.def, 'Constraint')
  const constraint =
    definition === undefined ? undefined : constraintOf(definition, constraintPlace(definition, reading), reading)
  const name = node.name ?? constraint?.name
  return {
    kind: 'alter-domain',
    span: reading.span,
    domain: listName(node.typeName),
    action: domainActions.get(node.subtype ?? '') ?? (node.def === undefined ? 'drop-default' : 'set-default'),
    ...(constraint === undefined ? {} : { constraint }),
    ...(name === undefined ? {} : { constraintName: name }),
    ...newDefault(node, reading),
  }
}

function newDefault(
  { subtype, def }: StatementNode<'AlterDomainStmt'>,
  { text }: Reading,
): { readonly default?: Expression } {
  if (subtype !== 'T' || def === undefined) return {}
  const start = text.afterWord('default', text.start) ?? text.start
  return { default: expressionOf(def, text.slice(start, text.end)) }
}

/** ALTER TYPE … ADD, DROP or ALTER ATTRIBUTE, which the tree keeps as an ALTER TABLE of the type. */
export function alterAttributes(node: StatementNode<'AlterTableStmt'>, { span }: Reading): readonly Fact[] {
  const type = relationName(node.relation)
  return allOf(node.cmds, 'AlterTableCmd').map((command) => ({
    kind: 'alter-type',
    span,
    type,
    action: attributeAction(command),
    ...attributeOfCommand(command),
    cascade: command.behavior === 'DROP_CASCADE',
  }))
}

function attributeOfCommand({ name, def }: AlterTableCmd): Pick<AlterType, 'attribute' | 'attributeName'> {
  const definition = as(def, 'ColumnDef')
  if (definition === undefined) return name === undefined ? {} : { attributeName: name }
  return { attribute: attributeOf({ ...definition, ...(name === undefined ? {} : { colname: name }) }) }
}

function attributeAction({ subtype }: AlterTableCmd): AlterType['action'] {
  if (subtype === 'AT_AddColumn') return 'add-attribute'
  if (subtype === 'AT_DropColumn') return 'drop-attribute'
  return subtype === 'AT_AlterColumnType' ? 'alter-attribute' : 'other'
}
