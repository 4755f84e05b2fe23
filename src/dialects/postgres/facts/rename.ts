import type { Fact } from '../../../model/fact.ts'
import { objectName, relationName } from '../names.ts'
import type { Reading, StatementNode } from '../reading.ts'
import { identityOf } from './object-identity.ts'
import { objectKind } from './object-kinds.ts'

/** What an ALTER … RENAME gives a new name to. */
export function renamed(node: StatementNode<'RenameStmt'>, reading: Reading): Fact {
  const { span } = reading
  const to = node.newname ?? ''
  const table = relationName(node.relation)
  const own = node.subname ?? ''
  // `ALTER TABLE` works on views and indexes too, and locks more than the command made for them.
  const viaAlterTable = reading.text.isWord(1, 'table')
  const object = objectKind(node.renameType)
  switch (node.renameType) {
    case 'OBJECT_TABLE':
      return { kind: 'rename-table', span, table, to }
    case 'OBJECT_COLUMN':
      if (node.relationType === 'OBJECT_VIEW')
        return { kind: 'rename-object', span, object, name: { name: own }, table, to, viaAlterTable }
      return { kind: 'rename-column', span, table, column: own, to }
    case 'OBJECT_TABCONSTRAINT':
      return { kind: 'rename-constraint', span, table, constraint: own, to }
    case 'OBJECT_ATTRIBUTE':
      return {
        kind: 'alter-type',
        span,
        type: table,
        action: 'rename-attribute',
        attributeName: own,
        attributeTo: to,
        cascade: node.behavior === 'DROP_CASCADE',
      }
    case 'OBJECT_TRIGGER':
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE':
      return { kind: 'rename-object', span, object, name: { name: own }, table, to, viaAlterTable }
    case 'OBJECT_DOMCONSTRAINT':
      return {
        kind: 'rename-object',
        span,
        object,
        name: { name: own },
        table: objectName(node.object),
        to,
        viaAlterTable,
      }
    default: {
      const identity = node.relation === undefined ? identityWithout(node, own) : { name: table }
      return { kind: 'rename-object', span, object, ...identity, to, viaAlterTable }
    }
  }
}

/** Schemas, roles and databases are named by `subname` alone. */
function identityWithout(node: StatementNode<'RenameStmt'>, own: string): ReturnType<typeof identityOf> {
  return node.object === undefined ? { name: { name: own } } : identityOf(node.renameType, node.object)
}
