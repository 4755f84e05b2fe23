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
  | 'AlterExtensionContentsStmt'
  | 'AlterSystemStmt'
  | 'AlterTableMoveAllStmt'
  | 'DropOwnedStmt'
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
  AlterExtensionContentsStmt: ddl('ALTER EXTENSION'),
  AlterSystemStmt: ddl('ALTER SYSTEM'),
  AlterTableMoveAllStmt: (node, { span }) => [
    { kind: 'other-ddl', span, tag: `ALTER ${tagOfObject(node.objtype)} ALL IN TABLESPACE` },
  ],
  DropOwnedStmt: ddl('DROP OWNED'),
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
