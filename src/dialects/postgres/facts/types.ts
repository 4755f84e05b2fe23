import type { AlterTableCmd } from 'libpg-query'
import type { AlterDomain, AlterType, CreateType, Fact } from '../../../model/fact.ts'
import { allOf, as } from '../grammar.ts'
import { listName, relationName, strings } from '../names.ts'
import type { Reading, StatementNode, StatementTable } from '../reading.ts'
import { typeOf } from '../types.ts'
import { constraintOf, constraintPlace } from './constraints.ts'
import { tagOfObject } from './object-kinds.ts'

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
    { kind: 'create-type', span, type: relationName(node.typevar), form: 'composite', values: [] },
  ],
  CreateRangeStmt: (node, { span }) => [
    { kind: 'create-type', span, type: listName(node.typeName), form: 'range', values: [] },
  ],
  DefineStmt: (node, reading) => [define(node, reading)],
  AlterEnumStmt: (node, reading) => [alterEnum(node, reading)],
  AlterTypeStmt: (node, { span }) => [
    { kind: 'alter-type', span, type: listName(node.typeName), action: 'other', cascade: false },
  ],
  CreateDomainStmt: (node, reading) => [createDomain(node, reading)],
  AlterDomainStmt: (node, reading) => [alterDomain(node, reading)],
}

/** CREATE AGGREGATE, COLLATION, OPERATOR, TEXT SEARCH … and base types share one node. */
function define(node: StatementNode<'DefineStmt'>, { span }: Reading): Fact {
  if (node.kind !== 'OBJECT_TYPE') return { kind: 'other-ddl', span, tag: `CREATE ${tagOfObject(node.kind)}` }
  const form: CreateType['form'] = node.definition === undefined ? 'shell' : 'base'
  return { kind: 'create-type', span, type: listName(node.defnames), form, values: [] }
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
  }
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
  }
}

/** ALTER TYPE … ADD, DROP or ALTER ATTRIBUTE, which the tree keeps as an ALTER TABLE of the type. */
export function alterAttributes(node: StatementNode<'AlterTableStmt'>, { span }: Reading): readonly Fact[] {
  const type = relationName(node.relation)
  return allOf(node.cmds, 'AlterTableCmd').map((command) => ({
    kind: 'alter-type',
    span,
    type,
    action: attributeAction(command),
    cascade: command.behavior === 'DROP_CASCADE',
  }))
}

function attributeAction({ subtype }: AlterTableCmd): AlterType['action'] {
  if (subtype === 'AT_AddColumn') return 'add-attribute'
  if (subtype === 'AT_DropColumn') return 'drop-attribute'
  return subtype === 'AT_AlterColumnType' ? 'alter-attribute' : 'other'
}
