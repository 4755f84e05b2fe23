import type { Node, ObjectType } from 'libpg-query'
import type { Fact } from '../../../model/fact.ts'
import type { Name } from '../../../model/name.ts'
import { allOf, as } from '../grammar.ts'
import { nameOf, objectName, objectParts, relationName } from '../names.ts'
import type { Reading, StatementNode, StatementTable } from '../reading.ts'
import { alterTable } from './alter-table.ts'
import { identityOf, roleName } from './object-identity.ts'
import { objectKind, tagOfObject } from './object-kinds.ts'
import { renamed } from './rename.ts'
import { alterAttributes } from './types.ts'

/** Statements that one node serves for many kinds of objects: ALTER, DROP, RENAME, SET SCHEMA, COMMENT, GRANT. */
export const objectHandlers: StatementTable<
  'AlterTableStmt' | 'DropStmt' | 'RenameStmt' | 'AlterObjectSchemaStmt' | 'CommentStmt' | 'GrantStmt' | 'GrantRoleStmt'
> = {
  AlterTableStmt: (node, reading) => alterRelation(node, reading),
  DropStmt: (node, reading) => (node.objects ?? []).map((object) => dropped(node, object, reading)),
  RenameStmt: (node, reading) => [renamed(node, reading)],
  AlterObjectSchemaStmt: (node, { span }) => [
    {
      kind: 'set-schema',
      span,
      object: objectKind(node.objectType),
      ...(node.relation === undefined
        ? identityOf(node.objectType, node.object)
        : { name: relationName(node.relation) }),
      to: node.newschema ?? '',
    },
  ],
  CommentStmt: (node, reading) => [comment(node, reading)],
  GrantStmt: (node, { span }) => [
    {
      kind: 'grant',
      span,
      revoke: node.is_grant !== true,
      object: objectKind(node.objtype),
      names: (node.objects ?? []).map(grantedName),
      allInSchema: node.targtype === 'ACL_TARGET_ALL_IN_SCHEMA',
      privileges: privilegesOf(node.privileges),
      grantees: granteesOf(node.grantees),
    },
  ],
  GrantRoleStmt: (node, { span }) => [
    {
      kind: 'grant',
      span,
      revoke: node.is_grant !== true,
      object: 'role',
      names: privilegesOf(node.granted_roles).map((name) => ({ name })),
      allInSchema: false,
      privileges: [],
      grantees: granteesOf(node.grantee_roles),
    },
  ],
}

/** Relations with rows of their own, whose changes are facts about a table. */
const rowStores: ReadonlySet<ObjectType> = new Set<ObjectType>([
  'OBJECT_TABLE',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_MATVIEW',
])

function alterRelation(node: StatementNode<'AlterTableStmt'>, reading: Reading): readonly Fact[] {
  if (node.objtype === 'OBJECT_TYPE') return alterAttributes(node, reading)
  if (node.objtype !== undefined && rowStores.has(node.objtype)) return alterTable(node, reading)
  const [command] = allOf(node.cmds, 'AlterTableCmd')
  const index = relationName(node.relation)
  if (node.objtype === 'OBJECT_INDEX' && command?.subtype === 'AT_SetTableSpace')
    return [{ kind: 'move-index', span: reading.span, index, tablespace: command.name ?? '' }]
  if (command?.subtype === 'AT_AttachPartition') {
    const partition = relationName(as(command.def, 'PartitionCmd')?.name)
    return [{ kind: 'attach-index', span: reading.span, index, partition }]
  }
  return [{ kind: 'other-ddl', span: reading.span, tag: `ALTER ${tagOfObject(node.objtype)}` }]
}

function dropped(node: StatementNode<'DropStmt'>, object: Node, { span }: Reading): Fact {
  const ifExists = node.missing_ok === true
  const cascade = node.behavior === 'DROP_CASCADE'
  const name = objectName(object)
  switch (node.removeType) {
    case 'OBJECT_TABLE':
      return { kind: 'drop-table', span, table: name, ifExists, cascade }
    case 'OBJECT_INDEX':
      return { kind: 'drop-index', span, index: name, concurrently: node.concurrent === true, ifExists, cascade }
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
      return {
        kind: 'drop-view',
        span,
        view: name,
        materialized: node.removeType === 'OBJECT_MATVIEW',
        ifExists,
        cascade,
      }
    default:
      return {
        kind: 'drop-object',
        span,
        object: objectKind(node.removeType),
        ...identityOf(node.removeType, object),
        ifExists,
        cascade,
      }
  }
}

function privilegesOf(nodes: readonly Node[] | undefined): readonly string[] {
  return allOf(nodes, 'AccessPriv').map(({ priv_name }) => priv_name ?? '')
}

function granteesOf(nodes: readonly Node[] | undefined): readonly string[] {
  return allOf(nodes, 'RoleSpec').map(roleName)
}

function comment(node: StatementNode<'CommentStmt'>, { span }: Reading): Fact {
  const object = objectKind(node.objtype)
  if (node.objtype !== 'OBJECT_COLUMN')
    return { kind: 'comment', span, object, name: identityOf(node.objtype, node.object).name }
  const parts = objectParts(node.object)
  return { kind: 'comment', span, object, name: nameOf(parts.slice(0, -1)), column: parts.at(-1) ?? '' }
}

function grantedName(object: Node): Name {
  const relation = as(object, 'RangeVar')
  return relation === undefined ? objectName(object) : relationName(relation)
}
