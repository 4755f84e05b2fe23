import type { Node } from 'libpg-query'
import type { AlterObject, DropObject, Fact } from '../../../model/fact.ts'
import type { Identified, Need } from '../../../model/facts/base.ts'
import type { Name, ObjectKind } from '../../../model/name.ts'
import { allOf, as } from '../grammar.ts'
import { listName, relationName, strings } from '../names.ts'
import type { Reading, StatementNode, StatementTable } from '../reading.ts'
import { namesIn } from './needs.ts'
import { identityOf, mappingName, roleName } from './object-identity.ts'
import { objectKind, tagOfObject } from './object-kinds.ts'
import { policyConditions, statedClauses } from './policies.ts'

/** ALTER and DROP of what has no kind of its own and a statement of its own. */
export const alterHandlers: StatementTable<
  | 'AlterEventTrigStmt'
  | 'AlterFdwStmt'
  | 'AlterForeignServerStmt'
  | 'AlterObjectDependsStmt'
  | 'AlterOperatorStmt'
  | 'AlterOpFamilyStmt'
  | 'AlterOwnerStmt'
  | 'AlterPolicyStmt'
  | 'AlterRoleSetStmt'
  | 'AlterRoleStmt'
  | 'AlterStatsStmt'
  | 'AlterSubscriptionStmt'
  | 'AlterTableSpaceOptionsStmt'
  | 'AlterTSConfigurationStmt'
  | 'AlterTSDictionaryStmt'
  | 'AlterUserMappingStmt'
  | 'DropRoleStmt'
  | 'DropSubscriptionStmt'
  | 'DropTableSpaceStmt'
  | 'DropUserMappingStmt'
> = {
  AlterEventTrigStmt: ({ trigname }, { span }) => [
    { ...alter, span, object: 'event-trigger', name: { name: trigname ?? '' }, tag: 'ALTER EVENT TRIGGER' },
  ],
  AlterFdwStmt: ({ fdwname }, { span }) => [
    {
      ...alter,
      span,
      object: 'foreign-data-wrapper',
      name: { name: fdwname ?? '' },
      tag: 'ALTER FOREIGN DATA WRAPPER',
    },
  ],
  AlterForeignServerStmt: ({ servername }, { span }) => [
    { ...alter, span, object: 'foreign-server', name: { name: servername ?? '' }, tag: 'ALTER SERVER' },
  ],
  AlterObjectDependsStmt: ({ objectType, relation, object }, { span }) => [
    {
      ...alter,
      span,
      object: objectKind(objectType),
      ...(relation === undefined ? identityOf(objectType, object) : onRelation(relationName(relation), object)),
      tag: `ALTER ${tagOfObject(objectType)}`,
    },
  ],
  AlterOperatorStmt: ({ opername }, { span }) => [
    {
      ...alter,
      span,
      object: 'operator',
      ...identityOf('OBJECT_OPERATOR', opername === undefined ? undefined : { ObjectWithArgs: opername }),
      tag: 'ALTER OPERATOR',
    },
  ],
  AlterOpFamilyStmt: ({ opfamilyname, amname }, { span }) => [
    {
      ...alter,
      span,
      object: 'operator-family',
      name: listName(opfamilyname),
      method: amname ?? '',
      tag: 'ALTER OPERATOR FAMILY',
    },
  ],
  AlterOwnerStmt: ({ objectType, object, relation }, { span }) => [
    {
      ...alter,
      span,
      object: objectKind(objectType),
      ...(relation === undefined ? identityOf(objectType, object) : { name: relationName(relation) }),
      tag: `ALTER ${tagOfObject(objectType)}`,
    },
  ],
  AlterPolicyStmt: (node, { span }) => [
    {
      ...alter,
      span,
      object: 'policy',
      name: { name: node.policy_name ?? '' },
      table: relationName(node.table),
      tag: 'ALTER POLICY',
      ...(node.qual === undefined && node.with_check === undefined
        ? {}
        : { conditions: { stated: statedClauses(node), ...policyConditions(node) } }),
    },
  ],
  AlterRoleSetStmt: ({ role }, { span }) => [
    { ...alter, span, object: 'role', name: { name: roleName(role) }, tag: 'ALTER ROLE' },
  ],
  AlterRoleStmt: ({ role }, { span }) => [
    { ...alter, span, object: 'role', name: { name: roleName(role) }, tag: 'ALTER ROLE' },
  ],
  AlterStatsStmt: ({ defnames }, { span }) => [
    { ...alter, span, object: 'statistics', name: listName(defnames), tag: 'ALTER STATISTICS' },
  ],
  AlterSubscriptionStmt: ({ subname }, { span }) => [
    { ...alter, span, object: 'subscription', name: { name: subname ?? '' }, tag: 'ALTER SUBSCRIPTION' },
  ],
  AlterTableSpaceOptionsStmt: ({ tablespacename }, { span }) => [
    { ...alter, span, object: 'tablespace', name: { name: tablespacename ?? '' }, tag: 'ALTER TABLESPACE' },
  ],
  AlterTSConfigurationStmt: (node, reading) => [configuration(node, reading)],
  AlterTSDictionaryStmt: ({ dictname }, { span }) => [
    {
      ...alter,
      span,
      object: 'text-search-dictionary',
      name: listName(dictname),
      tag: 'ALTER TEXT SEARCH DICTIONARY',
    },
  ],
  AlterUserMappingStmt: ({ user, servername }, { span }) => [
    {
      ...alter,
      span,
      object: 'user-mapping',
      name: { name: mappingName(user, servername) },
      tag: 'ALTER USER MAPPING',
    },
  ],
  DropRoleStmt: ({ roles, missing_ok }, reading) =>
    allOf(roles, 'RoleSpec').flatMap((role) => dropped(reading, 'role', roleName(role), missing_ok)),
  DropSubscriptionStmt: ({ subname, missing_ok, behavior }, reading) =>
    dropped(reading, 'subscription', subname, missing_ok, behavior === 'DROP_CASCADE'),
  DropTableSpaceStmt: ({ tablespacename, missing_ok }, reading) =>
    dropped(reading, 'tablespace', tablespacename, missing_ok),
  DropUserMappingStmt: ({ user, servername, missing_ok }, reading) =>
    dropped(reading, 'user-mapping', mappingName(user, servername), missing_ok),
}

const alter = { kind: 'alter-object' } as const

function dropped(
  { span }: Reading,
  object: ObjectKind,
  name = '',
  ifExists = false,
  cascade = false,
): readonly [DropObject] {
  return [{ kind: 'drop-object', span, object, name: { name }, ifExists, cascade }]
}

/** A trigger is named by its table and its own name; a materialized view or an index by its relation alone. */
function onRelation(relation: Name, object: Node | undefined): { readonly name: Name } & Identified {
  const own = strings(as(object, 'List')?.items).at(-1)
  return own === undefined ? { name: relation } : { name: { name: own }, table: relation }
}

function configuration(node: StatementNode<'AlterTSConfigurationStmt'>, { span }: Reading): Fact {
  const dictionaries = namesIn(node.dicts)
  const tokens = strings(node.tokentype)
  const fact: AlterObject = {
    ...alter,
    span,
    object: 'text-search-configuration',
    name: listName(node.cfgname),
    tag: 'ALTER TEXT SEARCH CONFIGURATION',
  }
  const [from, to] = dictionaries
  if (node.replace === true) return from === undefined || to === undefined ? fact : { ...fact, replaces: { from, to } }
  const needs = tokens.flatMap((token) =>
    dictionaries.map((name): Need => ({ object: 'text-search-dictionary', name, token })),
  )
  return { ...fact, ...(node.kind === 'ALTER_TSCONFIG_ADD_MAPPING' ? {} : { tokens }), needs }
}
