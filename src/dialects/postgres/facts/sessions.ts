import type { Node, TransactionStmtKind } from 'libpg-query'
import type { Span } from '../../../core/span.ts'
import type { Fact, SetSetting, TransactionControl } from '../../../model/fact.ts'
import { lockModes } from '../../../model/lock.ts'
import { allOf, as } from '../grammar.ts'
import { timeoutMilliseconds } from '../durations.ts'
import { relationName, strings } from '../names.ts'
import { isOn } from '../options.ts'
import type { Reading, StatementNode, StatementTable } from '../reading.ts'

export const sessionHandlers: StatementTable<
  | 'LockStmt'
  | 'VariableSetStmt'
  | 'TransactionStmt'
  | 'VacuumStmt'
  | 'ClusterStmt'
  | 'DoStmt'
  | 'CallStmt'
  | 'ExecuteStmt'
  | 'ExplainStmt'
> = {
  LockStmt: (node, { span }) => [
    {
      kind: 'lock-table',
      span,
      tables: allOf(node.relations, 'RangeVar').map(relationName),
      // The tree numbers the modes from 1, weakest first.
      mode: lockModes[(node.mode ?? lockModes.length) - 1] ?? 'ACCESS EXCLUSIVE',
    },
  ],
  VariableSetStmt: (node, reading) => setting(node, reading),
  TransactionStmt: (node, { span }) => [{ kind: 'transaction', span, action: transactionAction(node.kind) }],
  VacuumStmt: (node, reading) => [vacuum(node, reading)],
  ClusterStmt: (node, { span }) => [
    { kind: 'cluster', span, ...(node.relation === undefined ? {} : { table: relationName(node.relation) }) },
  ],
  DoStmt: (_, { span }) => [
    { kind: 'dynamic-sql', span, where: 'do-block', reason: 'What a DO block does is decided when it runs.' },
  ],
  CallStmt: (_, { span }) => [
    {
      kind: 'dynamic-sql',
      span,
      where: 'call',
      reason: 'What the procedure does is in its body, not in this statement.',
    },
  ],
  ExecuteStmt: (_, { span }) => [
    {
      kind: 'dynamic-sql',
      span,
      where: 'execute',
      reason: 'The prepared statement may be from another file or session.',
    },
  ],
  ExplainStmt: (node, reading) => explain(node, reading),
}

function setting(node: StatementNode<'VariableSetStmt'>, { span }: Reading): readonly Fact[] {
  const local = node.is_local === true
  if (node.kind === 'VAR_SET_MULTI') return [settingFact(span, node.name ?? '', undefined, local)]
  const name = node.kind === 'VAR_RESET_ALL' ? 'all' : (node.name ?? '')
  const value = node.kind === 'VAR_SET_VALUE' ? (node.args ?? []).map(settingText).join(', ') : undefined
  return [settingFact(span, name, value, local)]
}

/** Undefined `value`: back to the default. */
function settingFact(span: Span, name: string, value: string | undefined, local: boolean): SetSetting {
  const setting = name.toLowerCase()
  const milliseconds = value === undefined ? undefined : timeoutMilliseconds(setting, value)
  return {
    kind: 'set-setting',
    span,
    setting,
    ...(value === undefined ? {} : { value }),
    ...(milliseconds === undefined ? {} : { milliseconds }),
    local,
  }
}

/** `set_config(name, value, is_local)` in the list of a SELECT; NULL as value is RESET. */
export function configSettings(node: StatementNode<'SelectStmt'>, span: Span): readonly SetSetting[] {
  return allOf(node.targetList, 'ResTarget').flatMap(({ val }) => {
    const call = val === undefined ? undefined : as(val, 'FuncCall')
    if (call === undefined || strings(call.funcname).at(-1) !== 'set_config') return []
    const [name, value, isLocal] = call.args ?? []
    const setting = name === undefined ? undefined : literal(name)
    if (setting === undefined || setting === null || value === undefined || isLocal === undefined) return []
    const text = literal(value)
    const local = as(uncast(isLocal), 'A_Const')?.boolval?.boolval === true
    const fact = settingFact(span, setting, text ?? undefined, local)
    return [text === undefined ? { ...fact, computed: true } : fact]
  })
}

/** Null for NULL, undefined for what is computed. */
function literal(node: Node): string | null | undefined {
  const constant = as(uncast(node), 'A_Const')
  return constant?.isnull === true ? null : constant === undefined ? undefined : settingText(node)
}

function uncast(node: Node): Node {
  const arg = as(node, 'TypeCast')?.arg
  return arg === undefined ? node : uncast(arg)
}

function settingText(node: Node): string {
  const constant = as(uncast(node), 'A_Const')
  if (constant?.ival !== undefined) return String(constant.ival.ival ?? 0)
  if (constant?.boolval !== undefined) return String(constant.boolval.boolval === true)
  return constant?.sval?.sval ?? constant?.fval?.fval ?? ''
}

const transactionActions: Readonly<Record<TransactionStmtKind, TransactionControl['action']>> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK_TO: 'rollback-to',
  TRANS_STMT_PREPARE: 'prepare',
  TRANS_STMT_COMMIT_PREPARED: 'other',
  TRANS_STMT_ROLLBACK_PREPARED: 'other',
}

function transactionAction(kind: TransactionStmtKind | undefined): TransactionControl['action'] {
  return kind === undefined ? 'other' : transactionActions[kind]
}

function vacuum(node: StatementNode<'VacuumStmt'>, { span }: Reading): Fact {
  const tables = allOf(node.rels, 'VacuumRelation').map(({ relation }) => relationName(relation))
  if (node.is_vacuumcmd !== true) return { kind: 'analyze', span, tables }
  return { kind: 'vacuum', span, full: isOn(node.options, 'full'), tables }
}

/** EXPLAIN ANALYZE runs the statement. */
function explain(node: StatementNode<'ExplainStmt'>, reading: Reading): readonly Fact[] {
  const runs = isOn(node.options, 'analyze') && node.query !== undefined
  const inner = runs && node.query !== undefined ? reading.factsOf(node.query) : []
  return [{ kind: 'other-statement', span: reading.span, tag: 'EXPLAIN' }, ...inner]
}
