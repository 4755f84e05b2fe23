import type { FunctionParameter, Node } from 'libpg-query'
import type { AlterFunction, CreateFunction, CreateRule, CreateTrigger, Fact } from '../../../model/fact.ts'
import type { Name } from '../../../model/name.ts'
import { expressionOf } from '../expressions.ts'
import { allOf, as } from '../grammar.ts'
import { listName, relationName, strings } from '../names.ts'
import { isOn, option } from '../options.ts'
import type { Reading, StatementNode, StatementTable } from '../reading.ts'
import { asQuery, rowColumns, together, usesOfStatements } from '../uses.ts'
import type { Uses } from '../uses.ts'
import { wordsOf } from '../words.ts'
import { typeNeed } from './needs.ts'
import { argumentType, argumentsOf } from './object-identity.ts'
import { policyConditions } from './policies.ts'

export const functionHandlers: StatementTable<
  'CreateFunctionStmt' | 'AlterFunctionStmt' | 'CreateTrigStmt' | 'CreatePolicyStmt' | 'RuleStmt'
> = {
  CreateFunctionStmt: (node, reading) => [createFunction(node, reading)],
  AlterFunctionStmt: (node, { span }) => [
    {
      kind: 'alter-function',
      span,
      function: listName(node.func?.objname),
      ...(node.func === undefined ? {} : argumentsOf({ ObjectWithArgs: node.func })),
      ...newVolatility(node.actions),
      ...(option(node.actions, 'security') === undefined ? {} : { securityDefiner: isOn(node.actions, 'security') }),
      setsSearchPath: setsSearchPath(node.actions),
    },
  ],
  RuleStmt: (node, { span, factsOf }) => [
    {
      kind: 'create-rule',
      span,
      table: relationName(node.relation),
      rule: node.rulename ?? '',
      event: ruleEvents.get(node.event ?? '') ?? 'select',
      instead: node.instead === true,
      changes: (node.actions ?? []).flatMap(changedTable),
      replace: node.replace === true,
      ...usesOfRule(node, factsOf),
    },
  ],
  CreateTrigStmt: (node, reading) => [createTrigger(node, reading)],
  CreatePolicyStmt: (node, { span }) => [
    {
      kind: 'create-policy',
      span,
      table: relationName(node.table),
      policy: node.policy_name ?? '',
      ...policyConditions(node),
    },
  ],
}

function usesOfRule(node: StatementNode<'RuleStmt'>, factsOf: Reading['factsOf']): Uses {
  const actions = node.actions ?? []
  const inner = node.whereClause === undefined ? actions : [...actions, node.whereClause]
  const { uses = [], calls = [] } = usesOfStatements(actions, factsOf)
  const others = uses.filter(({ table: { name } }) => name !== 'new' && name !== 'old')
  return together([...others, rowColumns(relationName(node.relation), inner)], calls)
}

/** A body that is SQL of its own: `RETURN …`, or statements between BEGIN ATOMIC and END. */
function usesOfBody({ sql_body: body }: StatementNode<'CreateFunctionStmt'>, factsOf: Reading['factsOf']): Uses {
  if (body === undefined) return {}
  const returned = as(body, 'ReturnStmt')?.returnval
  if (returned !== undefined) return usesOfStatements([asQuery(returned)], factsOf)
  const lists = allOf(as(body, 'List')?.items, 'List')
  return usesOfStatements(
    lists.flatMap(({ items }) => items ?? []),
    factsOf,
  )
}

function createFunction(node: StatementNode<'CreateFunctionStmt'>, { span, factsOf }: Reading): Fact {
  return {
    kind: 'create-function',
    span,
    function: listName(node.funcname),
    procedure: node.is_procedure === true,
    replace: node.replace === true,
    language: optionText(node, 'language')?.toLowerCase() ?? 'sql',
    volatility: volatilityOf(optionText(node, 'volatility')),
    ...signature(node),
    securityDefiner: isOn(node.options, 'security'),
    setsSearchPath: setsSearchPath(node.options),
    parsedBody: node.sql_body !== undefined,
    ...bodyWords(node),
    ...usesOfBody(node, factsOf),
  }
}

/** Other languages have other words. */
function bodyWords(node: StatementNode<'CreateFunctionStmt'>): { readonly words?: readonly string[] } {
  const language = optionText(node, 'language')?.toLowerCase() ?? 'sql'
  const [body] = strings(as(option(node.options, 'as')?.arg, 'List')?.items)
  if (body === undefined || (language !== 'sql' && language !== 'plpgsql')) return {}
  return { words: wordsOf(body) }
}

type Signature = Pick<CreateFunction, 'argumentTypes' | 'argumentNames' | 'defaults' | 'variadic' | 'returns' | 'types'>

function signature(node: StatementNode<'CreateFunctionStmt'>): Signature {
  const parameters = allOf(node.parameters, 'FunctionParameter')
  const inputs = parameters.filter(isInput)
  return {
    argumentTypes: inputs.map(({ argType }) => argumentType(argType)),
    argumentNames: inputs.map(({ name }) => name ?? ''),
    defaults: inputs.filter(({ defexpr }) => defexpr !== undefined).length,
    variadic: inputs.some(({ mode }) => mode === 'FUNC_PARAM_VARIADIC'),
    returns: returnsOf(node, parameters),
    types: typesOf(node, parameters),
  }
}

function typesOf(node: StatementNode<'CreateFunctionStmt'>, parameters: readonly FunctionParameter[]): readonly Name[] {
  const types = [...parameters.map(({ argType }) => argType), node.returnType]
  return types.flatMap(typeNeed).map(({ name }) => name)
}

/** Several OUT arguments, or the columns of TABLE, are a row of their names and types. */
function returnsOf(node: StatementNode<'CreateFunctionStmt'>, parameters: readonly FunctionParameter[]): string {
  const outputs = parameters.filter(({ mode }) => mode !== undefined && outputModes.has(mode))
  const set = node.returnType?.setof === true || outputs.some(({ mode }) => mode === 'FUNC_PARAM_TABLE')
  const columns = outputs.map(({ name, argType }) => `${name ?? ''} ${argumentType(argType)}`.trim())
  const type = columns.length > 0 ? `(${columns.join(', ')})` : ''
  const plain = type === '' && node.returnType !== undefined ? argumentType(node.returnType) : type
  return set ? `setof ${plain}` : plain
}

const outputModes: ReadonlySet<string> = new Set(['FUNC_PARAM_OUT', 'FUNC_PARAM_INOUT', 'FUNC_PARAM_TABLE'])

function setsSearchPath(options: readonly Node[] | undefined): boolean {
  return allOf(options, 'DefElem').some(
    ({ defname, arg }) => defname === 'set' && as(arg, 'VariableSetStmt')?.name?.toLowerCase() === 'search_path',
  )
}

/** Actions are kept as statements; NOTIFY and queries change no table. */
function changedTable(action: Node): readonly Name[] {
  const change = as(action, 'InsertStmt') ?? as(action, 'UpdateStmt') ?? as(action, 'DeleteStmt')
  return change === undefined ? [] : [relationName(change.relation)]
}

const ruleEvents: ReadonlyMap<string, CreateRule['event']> = new Map([
  ['CMD_SELECT', 'select'],
  ['CMD_INSERT', 'insert'],
  ['CMD_UPDATE', 'update'],
  ['CMD_DELETE', 'delete'],
])

function optionText(node: StatementNode<'CreateFunctionStmt'>, name: string): string | undefined {
  return as(option(node.options, name)?.arg, 'String')?.sval
}

function newVolatility(options: readonly Node[] | undefined): Pick<AlterFunction, 'volatility'> {
  const word = as(option(options, 'volatility')?.arg, 'String')?.sval
  return word === undefined ? {} : { volatility: volatilityOf(word) }
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
  const updateOf = strings(node.columns)
  const when = node.whenClause === undefined ? undefined : expressionOf(node.whenClause, '')
  const columns = [...new Set([...updateOf, ...(when?.columns ?? [])])]
  return {
    kind: 'create-trigger',
    span,
    table: relationName(node.relation),
    trigger: node.trigname ?? '',
    function: listName(node.funcname),
    timing: timing === TIMING_BEFORE ? 'before' : timing === TIMING_INSTEAD ? 'instead of' : 'after',
    events: triggerEvents.filter(([bit]) => (events & bit) !== 0).map(([, name]) => name),
    ...(columns.length === 0 ? {} : { columns }),
    ...(updateOf.length === 0 ? {} : { updateOf }),
    ...(when === undefined ? {} : { when }),
    rowLevel: node.row === true,
    replace: node.replace === true,
  }
}
