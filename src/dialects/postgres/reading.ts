import type { Node } from 'libpg-query'
import type { Span } from '../../core/span.ts'
import type { Fact } from '../../model/fact.ts'
import type { NodeOf, NodeTable, NodeTag } from './grammar.ts'
import type { StatementText } from './statement-text.ts'

/** Nodes that are statements; what ends in `Stmt` and is only a part of one is left out. */
export type StatementTag = Exclude<
  Extract<NodeTag, `${string}Stmt`>,
  'RawStmt' | 'SetOperationStmt' | 'ReturnStmt' | 'PLAssignStmt' | 'ReplicaIdentityStmt'
>

/** What a handler of a statement is given beside the node. */
export interface Reading {
  readonly text: StatementText
  /** The whole statement. */
  readonly span: Span
  /** Facts of a statement inside the statement. */
  factsOf(statement: Node): readonly Fact[]
}

/** Handlers of some kinds of statements; together the tables of `facts/` answer for every `StatementTag`. */
export type StatementTable<T extends StatementTag> = NodeTable<T, Reading, readonly Fact[]>

export type StatementNode<T extends StatementTag> = NodeOf<T>
