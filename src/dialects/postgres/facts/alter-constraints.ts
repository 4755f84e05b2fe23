import type { AlterTableCmd, AlterTableType } from 'libpg-query'
import type { Fact } from '../../../model/fact.ts'
import { as } from '../grammar.ts'
import type { Action, ActionTable } from './action.ts'
import { constraintOf, constraintPlace } from './constraints.ts'

const addConstraint = (command: AlterTableCmd, { table, only, span, reading }: Action): readonly Fact[] => {
  const node = as(command.def, 'Constraint')
  const constraint = node === undefined ? undefined : constraintOf(node, constraintPlace(node, reading), reading)
  if (constraint === undefined) return [{ kind: 'change-table', span, table, action: 'other' }]
  return [{ kind: 'add-constraint', span, table, constraint, ...(only ? { only } : {}) }]
}

const validateConstraint = (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => [
  { kind: 'validate-constraint', span, table, constraint: command.name ?? '' },
]

const dropConstraint = (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => [
  {
    kind: 'drop-constraint',
    span,
    table,
    constraint: command.name ?? '',
    ifExists: command.missing_ok === true,
    cascade: command.behavior === 'DROP_CASCADE',
  },
]

const alterConstraint = (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => {
  const change = as(command.def, 'ATAlterConstraint')
  return [
    {
      kind: 'alter-constraint',
      span,
      table,
      constraint: change?.conname ?? '',
      ...(change?.alterEnforceability === true ? { enforced: change.is_enforced === true } : {}),
      ...(change?.alterDeferrability === true ? { deferrable: change.deferrable === true } : {}),
    },
  ]
}

/** Actions of ALTER TABLE on a constraint. */
export const alterConstraintActions: ActionTable<AlterTableType> = {
  AT_AddConstraint: addConstraint,
  AT_ValidateConstraint: validateConstraint,
  AT_DropConstraint: dropConstraint,
  AT_AlterConstraint: alterConstraint,
}
