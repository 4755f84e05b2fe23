import type { AlterTableCmd, AlterTableType } from 'libpg-query'
import type { Span } from '../../../core/span.ts'
import type { ChangeTable, Fact, SetTriggerState } from '../../../model/fact.ts'
import type { Name } from '../../../model/name.ts'
import { as } from '../grammar.ts'
import { relationName } from '../names.ts'
import { storageOptions } from '../options.ts'
import type { Reading, StatementNode } from '../reading.ts'
import { alterColumnActions } from './alter-columns.ts'
import { alterConstraintActions } from './alter-constraints.ts'
import { partitionBound } from './partition-bounds.ts'
import type { Action, ActionTable } from './action.ts'

/** What ALTER TABLE does, one fact an action. `table` is a table, a foreign table or a materialized view. */
export function alterTable(node: StatementNode<'AlterTableStmt'>, reading: Reading): readonly Fact[] {
  const table = relationName(node.relation)
  const only = node.relation?.inh !== true
  const commands = (node.cmds ?? []).flatMap((command) => as(command, 'AlterTableCmd') ?? [])
  const places = actionPlaces(node, commands.length, reading)
  return commands.flatMap((command, index) => {
    const place = places[index] ?? { start: reading.text.start, end: reading.text.end }
    const facts = actionFacts(command, { table, only, place, span: reading.text.span(place.start, place.end), reading })
    return only ? facts.map((fact) => ('table' in fact ? { ...fact, only } : fact)) : facts
  })
}

function actionFacts(command: AlterTableCmd, action: Action): readonly Fact[] {
  const subtype = command.subtype
  const handle = subtype === undefined ? undefined : actions[subtype]
  if (handle !== undefined) return handle(command, action)
  return [changeTable('other')(command, action)].flat()
}

/**
 * The text of each action: what stands between commas behind the table's name. Where the count is not the tree's
 * (`ALTER TABLE … ALTER COLUMN TYPE … , …` always is) every action points at the whole statement.
 */
function actionPlaces(node: StatementNode<'AlterTableStmt'>, count: number, reading: Reading): readonly Span[] {
  const { text } = reading
  let index = text.indexAt(text.at(node.relation?.location))
  while (text.isSymbol(index + 1, '.')) index += 2
  index += 1
  if (text.isSymbol(index, '*')) index += 1
  // ONLY (name) is an old spelling.
  if (text.isSymbol(index, ')')) index += 1
  const start = text.tokens[index]?.start
  const places = start === undefined ? [] : text.elements(start)
  return places.length === count ? places : []
}

function changeTable(action: ChangeTable['action']) {
  return (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => {
    const other = otherTable(command, action)
    const to = command.name ?? command.newowner?.rolename
    return [
      {
        kind: 'change-table',
        span,
        table,
        action,
        ...(other === undefined ? {} : { other }),
        ...(action === 'set-options' ? { options: storageOptions(as(command.def, 'List')?.items) } : {}),
        ...(to === undefined ? {} : { to }),
      },
    ]
  }
}

function otherTable(command: AlterTableCmd, action: ChangeTable['action']): Name | undefined {
  if (action !== 'inherit' && action !== 'no-inherit') return undefined
  const relation = as(command.def, 'RangeVar')
  return relation === undefined ? undefined : relationName(relation)
}

const identities: ReadonlyMap<string, NonNullable<ChangeTable['identity']>> = new Map([
  ['d', 'default'],
  ['f', 'full'],
  ['n', 'nothing'],
  ['i', 'index'],
])

const replicaIdentity = (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => {
  const identity = identities.get(as(command.def, 'ReplicaIdentityStmt')?.identity_type ?? '')
  return [
    { kind: 'change-table', span, table, action: 'replica-identity', ...(identity === undefined ? {} : { identity }) },
  ]
}

function triggerState(state: SetTriggerState['state'], scope: SetTriggerState['scope'] = 'one') {
  return (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => {
    const trigger = command.name === undefined ? {} : { trigger: command.name }
    return [{ kind: 'set-trigger-state', span, table, ...trigger, scope, state }]
  }
}

const attachPartition = (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => {
  const partition = as(command.def, 'PartitionCmd')
  const bound = partitionBound(partition?.bound ?? {})
  const isDefault = bound.kind === 'default'
  return [{ kind: 'attach-partition', span, table, partition: relationName(partition?.name), isDefault, bound }]
}

const detachPartition = (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => {
  const partition = as(command.def, 'PartitionCmd')
  return [
    {
      kind: 'detach-partition',
      span,
      table,
      partition: relationName(partition?.name),
      concurrently: partition?.concurrent === true,
      finalize: command.subtype === 'AT_DetachPartitionFinalize',
    },
  ]
}

/** Kinds that a statement cannot name (the server makes them itself) are left out; they would give `other`. */
const actions: ActionTable<AlterTableType> = {
  ...alterColumnActions,
  ...alterConstraintActions,
  AT_ChangeOwner: changeTable('owner'),
  AT_ClusterOn: changeTable('cluster-on'),
  AT_DropCluster: changeTable('set-without-cluster'),
  AT_SetLogged: changeTable('set-logged'),
  AT_SetUnLogged: changeTable('set-unlogged'),
  AT_DropOids: changeTable('other'),
  AT_SetAccessMethod: changeTable('set-access-method'),
  AT_SetTableSpace: changeTable('set-tablespace'),
  AT_SetRelOptions: changeTable('set-options'),
  AT_ResetRelOptions: changeTable('reset-options'),
  AT_GenericOptions: changeTable('set-options'),
  AT_EnableTrig: triggerState('enable'),
  AT_EnableAlwaysTrig: triggerState('enable-always'),
  AT_EnableReplicaTrig: triggerState('enable-replica'),
  AT_DisableTrig: triggerState('disable'),
  AT_EnableTrigAll: triggerState('enable', 'all'),
  AT_DisableTrigAll: triggerState('disable', 'all'),
  AT_EnableTrigUser: triggerState('enable', 'user'),
  AT_DisableTrigUser: triggerState('disable', 'user'),
  AT_EnableRule: changeTable('rule-state'),
  AT_EnableAlwaysRule: changeTable('rule-state'),
  AT_EnableReplicaRule: changeTable('rule-state'),
  AT_DisableRule: changeTable('rule-state'),
  AT_AddInherit: changeTable('inherit'),
  AT_DropInherit: changeTable('no-inherit'),
  AT_AddOf: changeTable('of-type'),
  AT_DropOf: changeTable('of-type'),
  AT_ReplicaIdentity: replicaIdentity,
  AT_EnableRowSecurity: changeTable('enable-row-security'),
  AT_DisableRowSecurity: changeTable('disable-row-security'),
  AT_ForceRowSecurity: changeTable('force-row-security'),
  AT_NoForceRowSecurity: changeTable('no-force-row-security'),
  AT_AttachPartition: attachPartition,
  AT_DetachPartition: detachPartition,
  AT_DetachPartitionFinalize: detachPartition,
}
