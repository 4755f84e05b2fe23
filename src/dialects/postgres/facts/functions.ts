import type { FunctionParameter } from 'libpg-query'
import type { CreateFunction, CreateTrigger, Fact } from '../../../model/fact.ts'
import { allOf, as } from '../grammar.ts'
import { listName, relationName } from '../names.ts'
import { isOn, option } from '../options.ts'
import type { Reading, StatementNode, StatementTable } from '../reading.ts'
import { typeOf } from '../types.ts'

export const functionHandlers: StatementTable<'CreateFunctionStmt' | 'CreateTrigStmt' | 'CreatePolicyStmt'> = {
  CreateFunctionStmt: (node, reading) => [createFunction(node, reading)],
  CreateTrigStmt: (node, reading) => [createTrigger(node, reading)],
  CreatePolicyStmt: (node, { span }) => [
    { kind: 'create-policy', span, table: relationName(node.table), policy: node.policy_name ?? '' },
  ],
}

function createFunction(node: StatementNode<'CreateFunctionStmt'>, { span }: Reading): Fact {
  return {
    kind: 'create-function',
    span,
    function: listName(node.funcname),
    procedure: node.is_procedure === true,
    replace: node.replace === true,
    language: optionText(node, 'language')?.toLowerCase() ?? 'sql',
    volatility: volatilityOf(optionText(node, 'volatility')),
    argumentTypes: allOf(node.parameters, 'FunctionParameter')
      .filter(isInput)
      .map(({ argType }) => typeOf(argType).sql),
    securityDefiner: isOn(node.options, 'security'),
  }
}

function optionText(node: StatementNode<'CreateFunctionStmt'>, name: string): string | undefined {
  return as(option(node.options, name)?.arg, 'String')?.sval
}

function volatilityOf(word: string | undefined): CreateFunction['volatility'] {
  return word === 'immutable' || word === 'stable' ? word : 'volatile'
}

function isInput({ mode }: FunctionParameter): boolean {
  return mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE'
}

/** Bits of `CreateTrigStmt.events` and `timing` (`catalog/pg_trigger.h`). */
const triggerEvents: readonly (readonly [number, CreateTrigger['events'][number]])[] = [
  [4, 'insert'],
  [16, 'update'],
  [8, 'delete'],
  [32, 'truncate'],
]
const TIMING_BEFORE = 2
const TIMING_INSTEAD = 64

function createTrigger(node: StatementNode<'CreateTrigStmt'>, { span }: Reading): Fact {
  const timing = node.timing ?? 0
  const events = node.events ?? 0
  return {
    kind: 'create-trigger',
    span,
    table: relationName(node.relation),
    trigger: node.trigname ?? '',
    function: listName(node.funcname),
    timing: timing === TIMING_BEFORE ? 'before' : timing === TIMING_INSTEAD ? 'instead of' : 'after',
    events: triggerEvents.filter(([bit]) => (events & bit) !== 0).map(([, name]) => name),
    rowLevel: node.row === true,
    replace: node.replace === true,
  }
}
