import type { Node } from 'libpg-query'
import type { Feature } from '../../model/statement.ts'
import type { NodeOf, NodeTable } from './grammar.ts'
import { allOf, dispatch, walk } from './grammar.ts'
import { strings } from './names.ts'
import type { StatementText } from './statement-text.ts'

/** What the syntax tree shows of something newer than PostgreSQL 14, and the major version that brought it. */
type Found = Pick<Feature, 'name' | 'since'>

type FeatureTag =
  | 'MergeStmt'
  | 'InsertStmt'
  | 'UpdateStmt'
  | 'DeleteStmt'
  | 'IndexStmt'
  | 'Constraint'
  | 'ATAlterConstraint'
  | 'AlterTableCmd'
  | 'ColumnDef'
  | 'ViewStmt'
  | 'CopyStmt'
  | 'VariableSetStmt'
  | 'RangeSubselect'
  | 'JsonTable'
  | 'JsonFuncExpr'
  | 'JsonIsPredicate'
  | 'JsonObjectConstructor'
  | 'JsonArrayConstructor'
  | 'JsonObjectAgg'
  | 'JsonArrayAgg'
  | 'FuncCall'

/**
 * Syntax and functions by the major version that brought them, as its release notes list them; the oldest version here
 * is 14. Each is run on the server before and on the one that has it by `test/dialects/postgres/features.test.ts`.
 */
const finders: NodeTable<FeatureTag, undefined, readonly Found[]> = {
  MergeStmt: (node) => [
    { name: 'MERGE', since: 15 },
    ...(node.returningClause === undefined ? [] : [{ name: 'MERGE … RETURNING', since: 17 }]),
    ...returningNames(node.returningClause),
    ...(allOf(node.mergeWhenClauses, 'MergeWhenClause').some(
      ({ matchKind }) => matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE',
    )
      ? [{ name: 'WHEN NOT MATCHED BY SOURCE', since: 17 }]
      : []),
  ],
  InsertStmt: (node) => returningNames(node.returningClause),
  UpdateStmt: (node) => returningNames(node.returningClause),
  DeleteStmt: (node) => returningNames(node.returningClause),
  IndexStmt: (node) => (node.nulls_not_distinct === true ? [nullsNotDistinct] : []),
  Constraint: (node) => constraintFeatures(node),
  ATAlterConstraint: (node) =>
    node.alterEnforceability === true ? [{ name: 'ALTER CONSTRAINT … ENFORCED', since: 18 }] : [],
  AlterTableCmd: ({ subtype }) => {
    if (subtype === 'AT_SetExpression') return [{ name: 'SET EXPRESSION', since: 17 }]
    return subtype === 'AT_SetAccessMethod' ? [{ name: 'SET ACCESS METHOD', since: 15 }] : []
  },
  ColumnDef: (node) => (node.storage_name === undefined ? [] : [{ name: 'STORAGE in a column definition', since: 16 }]),
  ViewStmt: (node) =>
    allOf(node.options, 'DefElem').some(({ defname }) => defname === 'security_invoker')
      ? [{ name: 'security_invoker', since: 15 }]
      : [],
  CopyStmt: (node) =>
    allOf(node.options, 'DefElem').flatMap(({ defname }) => {
      if (defname === 'on_error') return [{ name: 'COPY … ON_ERROR', since: 17 }]
      return defname === 'default' ? [{ name: 'COPY … DEFAULT', since: 16 }] : []
    }),
  VariableSetStmt: ({ name }) => (name === 'transaction_timeout' ? [{ name: 'transaction_timeout', since: 17 }] : []),
  RangeSubselect: (node) =>
    node.alias === undefined ? [{ name: 'a subquery in FROM without a name', since: 16 }] : [],
  JsonTable: () => [{ name: 'JSON_TABLE', since: 17 }],
  JsonFuncExpr: () => [{ name: 'JSON_EXISTS, JSON_QUERY and JSON_VALUE', since: 17 }],
  JsonIsPredicate: () => [{ name: 'IS JSON', since: 16 }],
  JsonObjectConstructor: () => [{ name: 'JSON_OBJECT with keys and values', since: 16 }],
  JsonArrayConstructor: () => [{ name: 'JSON_ARRAY', since: 16 }],
  JsonObjectAgg: () => [{ name: 'JSON_OBJECTAGG', since: 16 }],
  JsonArrayAgg: () => [{ name: 'JSON_ARRAYAGG', since: 16 }],
  FuncCall: (node) => {
    const name = strings(node.funcname).at(-1) ?? ''
    const since = functions.get(name)
    return since === undefined ? [] : [{ name: `${name}()`, since }]
  },
}

const nullsNotDistinct: Found = { name: 'NULLS NOT DISTINCT', since: 15 }

function constraintFeatures(node: NodeOf<'Constraint'>): readonly Found[] {
  const found: Found[] = []
  const is = (condition: boolean, name: string, since: number): void => {
    if (condition) found.push({ name, since })
  }
  const { contype } = node
  is(node.nulls_not_distinct === true, nullsNotDistinct.name, nullsNotDistinct.since)
  is((node.fk_del_set_cols ?? []).length > 0, 'ON DELETE SET … with columns', 15)
  is(node.without_overlaps === true, 'WITHOUT OVERLAPS', 18)
  is(node.fk_with_period === true, 'PERIOD in a foreign key', 18)
  is(contype === 'CONSTR_GENERATED' && node.generated_kind === 'v', 'a virtual generated column', 18)
  is(contype === 'CONSTR_NOTNULL' && (node.keys ?? []).length > 0, 'NOT NULL as a table constraint', 18)
  const isChecked = contype === 'CONSTR_CHECK' || contype === 'CONSTR_FOREIGN'
  is(contype === 'CONSTR_ATTR_NOT_ENFORCED' || (isChecked && node.is_enforced !== true), 'NOT ENFORCED', 18)
  return found
}

function returningNames(clause: NodeOf<'InsertStmt'>['returningClause']): readonly Found[] {
  return (clause?.options ?? []).length > 0 ? [{ name: 'RETURNING WITH (OLD AS …, NEW AS …)', since: 18 }] : []
}

/** Functions that migrations may call; one of the user's own of the same name is told apart by whoever asks. */
const functions: ReadonlyMap<string, number> = new Map([
  ['any_value', 16],
  ['array_sample', 16],
  ['array_shuffle', 16],
  ['array_reverse', 18],
  ['array_sort', 18],
  ['casefold', 18],
  ['uuidv4', 18],
  ['uuidv7', 18],
])

/** Words without which a statement has nothing of the above; only those that have one are looked through. */
const hints =
  /\b(merge|nulls|overlaps|period|on\s+delete\s+set|generated|enforced|expression|access|storage|security_invoker|on_error|default|transaction_timeout|select|values|json\w*|returning|constraint|add|any_value|array_\w+|casefold|uuidv[47])\b/i

/** What of the statement a server older than the newest supported one does not have. */
export function featuresOf(statement: Node, text: StatementText): readonly Feature[] {
  if (!hints.test(text.sql.slice(text.start, text.end))) return []
  const found = new Map<string, Feature>()
  walk(statement, (node) => {
    for (const feature of dispatch(finders, node, undefined) ?? [])
      found.set(feature.name, { ...feature, span: text.whole })
  })
  return [...found.values()]
}
