import type { Fact } from '../../../model/fact.ts'
import type { Reading, StatementTable } from '../reading.ts'
import { listName } from '../names.ts'
import { tagOfObject } from './object-kinds.ts'

type Handler = (held: object, reading: Reading) => readonly Fact[]

/** DDL without a kind of its own, with the server's command tag. */
function ddl(tag: string): Handler {
  return (_, { span }) => [{ kind: 'other-ddl', span, tag }]
}

/** Anything else. */
function other(tag: string): Handler {
  return (_, { span }) => [{ kind: 'other-statement', span, tag }]
}

/** Statements that no other table of this folder answers for. */
type OtherTag =
  | 'AlterCollationStmt'
  | 'AlterDatabaseRefreshCollStmt'
  | 'AlterDatabaseSetStmt'
  | 'AlterDatabaseStmt'
  | 'AlterDefaultPrivilegesStmt'
  | 'AlterEventTrigStmt'
  | 'AlterExtensionContentsStmt'
  | 'AlterFdwStmt'
  | 'AlterForeignServerStmt'
  | 'AlterOperatorStmt'
  | 'AlterOpFamilyStmt'
  | 'AlterPolicyStmt'
  | 'AlterRoleSetStmt'
  | 'AlterRoleStmt'
  | 'AlterStatsStmt'
  | 'AlterSubscriptionStmt'
  | 'AlterSystemStmt'
  | 'AlterTableMoveAllStmt'
  | 'AlterTableSpaceOptionsStmt'
  | 'AlterTSConfigurationStmt'
  | 'AlterTSDictionaryStmt'
  | 'AlterUserMappingStmt'
  | 'CreateAmStmt'
  | 'CreateCastStmt'
  | 'CreateConversionStmt'
  | 'CreatedbStmt'
  | 'CreateEventTrigStmt'
  | 'CreateFdwStmt'
  | 'CreateForeignServerStmt'
  | 'CreateForeignTableStmt'
  | 'CreateOpClassStmt'
  | 'CreateOpFamilyStmt'
  | 'CreatePLangStmt'
  | 'CreateRoleStmt'
  | 'CreateStatsStmt'
  | 'CreateSubscriptionStmt'
  | 'CreateTableSpaceStmt'
  | 'CreateTransformStmt'
  | 'CreateUserMappingStmt'
  | 'DropOwnedStmt'
  | 'DropRoleStmt'
  | 'DropSubscriptionStmt'
  | 'DropTableSpaceStmt'
  | 'DropUserMappingStmt'
  | 'ImportForeignSchemaStmt'
  | 'ReassignOwnedStmt'
  | 'SecLabelStmt'
  | 'CheckPointStmt'
  | 'ClosePortalStmt'
  | 'ConstraintsSetStmt'
  | 'DeallocateStmt'
  | 'DeclareCursorStmt'
  | 'DiscardStmt'
  | 'FetchStmt'
  | 'ListenStmt'
  | 'LoadStmt'
  | 'NotifyStmt'
  | 'PrepareStmt'
  | 'UnlistenStmt'
  | 'VariableShowStmt'

export const otherHandlers: StatementTable<OtherTag> = {
  AlterCollationStmt: (node, { span }) => [{ kind: 'refresh-collation', span, collation: listName(node.collname) }],
  AlterDatabaseRefreshCollStmt: (_, { span }) => [{ kind: 'refresh-collation', span }],
  AlterDatabaseSetStmt: ddl('ALTER DATABASE'),
  AlterDatabaseStmt: ddl('ALTER DATABASE'),
  AlterDefaultPrivilegesStmt: ddl('ALTER DEFAULT PRIVILEGES'),
  AlterEventTrigStmt: ddl('ALTER EVENT TRIGGER'),
  AlterExtensionContentsStmt: ddl('ALTER EXTENSION'),
  AlterFdwStmt: ddl('ALTER FOREIGN DATA WRAPPER'),
  AlterForeignServerStmt: ddl('ALTER SERVER'),
  AlterOperatorStmt: ddl('ALTER OPERATOR'),
  AlterOpFamilyStmt: ddl('ALTER OPERATOR FAMILY'),
  AlterPolicyStmt: ddl('ALTER POLICY'),
  AlterRoleSetStmt: ddl('ALTER ROLE'),
  AlterRoleStmt: ddl('ALTER ROLE'),
  AlterStatsStmt: ddl('ALTER STATISTICS'),
  AlterSubscriptionStmt: ddl('ALTER SUBSCRIPTION'),
  AlterSystemStmt: ddl('ALTER SYSTEM'),
  AlterTableMoveAllStmt: (node, { span }) => [
    { kind: 'other-ddl', span, tag: `ALTER ${tagOfObject(node.objtype)} ALL IN TABLESPACE` },
  ],
  AlterTableSpaceOptionsStmt: ddl('ALTER TABLESPACE'),
  AlterTSConfigurationStmt: ddl('ALTER TEXT SEARCH CONFIGURATION'),
  AlterTSDictionaryStmt: ddl('ALTER TEXT SEARCH DICTIONARY'),
  AlterUserMappingStmt: ddl('ALTER USER MAPPING'),
  CreateAmStmt: ddl('CREATE ACCESS METHOD'),
  CreateCastStmt: ddl('CREATE CAST'),
  CreateConversionStmt: ddl('CREATE CONVERSION'),
  CreatedbStmt: ddl('CREATE DATABASE'),
  CreateEventTrigStmt: ddl('CREATE EVENT TRIGGER'),
  CreateFdwStmt: ddl('CREATE FOREIGN DATA WRAPPER'),
  CreateForeignServerStmt: ddl('CREATE SERVER'),
  CreateForeignTableStmt: ddl('CREATE FOREIGN TABLE'),
  CreateOpClassStmt: ddl('CREATE OPERATOR CLASS'),
  CreateOpFamilyStmt: ddl('CREATE OPERATOR FAMILY'),
  CreatePLangStmt: ddl('CREATE LANGUAGE'),
  CreateRoleStmt: ddl('CREATE ROLE'),
  CreateStatsStmt: ddl('CREATE STATISTICS'),
  CreateSubscriptionStmt: ddl('CREATE SUBSCRIPTION'),
  CreateTableSpaceStmt: ddl('CREATE TABLESPACE'),
  CreateTransformStmt: ddl('CREATE TRANSFORM'),
  CreateUserMappingStmt: ddl('CREATE USER MAPPING'),
  DropOwnedStmt: ddl('DROP OWNED'),
  DropRoleStmt: ddl('DROP ROLE'),
  DropSubscriptionStmt: ddl('DROP SUBSCRIPTION'),
  DropTableSpaceStmt: ddl('DROP TABLESPACE'),
  DropUserMappingStmt: ddl('DROP USER MAPPING'),
  ImportForeignSchemaStmt: ddl('IMPORT FOREIGN SCHEMA'),
  ReassignOwnedStmt: ddl('REASSIGN OWNED'),
  SecLabelStmt: ddl('SECURITY LABEL'),

  CheckPointStmt: other('CHECKPOINT'),
  ClosePortalStmt: other('CLOSE CURSOR'),
  ConstraintsSetStmt: (node, { span }) => [
    {
      kind: 'other-statement',
      span,
      tag: 'SET CONSTRAINTS',
      constraints: node.deferred === true ? 'deferred' : 'immediate',
    },
  ],
  DeallocateStmt: other('DEALLOCATE'),
  DeclareCursorStmt: other('DECLARE CURSOR'),
  DiscardStmt: other('DISCARD'),
  FetchStmt: other('FETCH'),
  ListenStmt: other('LISTEN'),
  LoadStmt: other('LOAD'),
  NotifyStmt: other('NOTIFY'),
  PrepareStmt: other('PREPARE'),
  UnlistenStmt: other('UNLISTEN'),
  VariableShowStmt: other('SHOW'),
}
