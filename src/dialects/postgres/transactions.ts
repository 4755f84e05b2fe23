import type { Node } from 'libpg-query'
import { allOf, as, tagOf, type NodeTag } from './grammar.ts'
import { isOff, isOn, option } from './options.ts'

/**
 * Whether the server refuses the statement inside a transaction block (`PreventInTransactionBlock` in PostgreSQL 18;
 * the same statements as in 14). ALTER TYPE … ADD VALUE is allowed since 12. Reindexing a partitioned table is refused
 * as well, which the statement alone does not show.
 */
export function needsNoTransaction(statement: Node): boolean {
  if (!sometimesRefused.has(tagOf(statement))) return false
  if (as(statement, 'IndexStmt')?.concurrent === true) return true
  if (as(statement, 'DropStmt')?.concurrent === true) return true
  for (const tag of refused) if (as(statement, tag) !== undefined) return true
  return (
    isRefusedReindex(statement) ||
    isConcurrentDetach(statement) ||
    isRefusedMaintenance(statement) ||
    isRefusedDatabase(statement) ||
    isRefusedSubscription(statement) ||
    isRefusedPrepared(statement)
  )
}

const refused = [
  'CreatedbStmt',
  'DropdbStmt',
  'CreateTableSpaceStmt',
  'DropTableSpaceStmt',
  'AlterSystemStmt',
  'DropSubscriptionStmt',
] as const

/** Kinds of statements worth a look; all others are never refused. */
const sometimesRefused: ReadonlySet<NodeTag> = new Set<NodeTag>([
  ...refused,
  'IndexStmt',
  'DropStmt',
  'ReindexStmt',
  'AlterTableStmt',
  'VacuumStmt',
  'ClusterStmt',
  'DiscardStmt',
  'AlterDatabaseStmt',
  'CreateSubscriptionStmt',
  'AlterSubscriptionStmt',
  'TransactionStmt',
])

function isRefusedReindex(statement: Node): boolean {
  const reindex = as(statement, 'ReindexStmt')
  if (reindex === undefined) return false
  const many = reindex.kind !== 'REINDEX_OBJECT_INDEX' && reindex.kind !== 'REINDEX_OBJECT_TABLE'
  return many || isOn(reindex.params, 'concurrently')
}

function isConcurrentDetach(statement: Node): boolean {
  return allOf(as(statement, 'AlterTableStmt')?.cmds, 'AlterTableCmd').some(
    ({ def }) => as(def, 'PartitionCmd')?.concurrent === true,
  )
}

/** VACUUM; CLUSTER of everything; DISCARD ALL. */
function isRefusedMaintenance(statement: Node): boolean {
  if (as(statement, 'VacuumStmt')?.is_vacuumcmd === true) return true
  const cluster = as(statement, 'ClusterStmt')
  if (cluster !== undefined) return cluster.relation === undefined
  return as(statement, 'DiscardStmt')?.target === 'DISCARD_ALL'
}

function isRefusedDatabase(statement: Node): boolean {
  return option(as(statement, 'AlterDatabaseStmt')?.options, 'tablespace') !== undefined
}

/** Where a replication slot is made on the other server, or tables are looked up there. */
function isRefusedSubscription(statement: Node): boolean {
  const created = as(statement, 'CreateSubscriptionStmt')
  if (created !== undefined) return !isOff(created.options, 'create_slot') && !isOff(created.options, 'connect')
  const altered = as(statement, 'AlterSubscriptionStmt')
  if (altered === undefined) return false
  switch (altered.kind) {
    case 'ALTER_SUBSCRIPTION_REFRESH':
      return true
    case 'ALTER_SUBSCRIPTION_SET_PUBLICATION':
    case 'ALTER_SUBSCRIPTION_ADD_PUBLICATION':
    case 'ALTER_SUBSCRIPTION_DROP_PUBLICATION':
      return !isOff(altered.options, 'refresh')
    case 'ALTER_SUBSCRIPTION_OPTIONS':
      return option(altered.options, 'failover') !== undefined || option(altered.options, 'two_phase') !== undefined
    default:
      return false
  }
}

function isRefusedPrepared(statement: Node): boolean {
  const kind = as(statement, 'TransactionStmt')?.kind
  return kind === 'TRANS_STMT_COMMIT_PREPARED' || kind === 'TRANS_STMT_ROLLBACK_PREPARED'
}
