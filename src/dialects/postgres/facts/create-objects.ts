import type { FunctionParameter, Node, ObjectType } from 'libpg-query'
import type { CreateObject, Fact, TableUse } from '../../../model/fact.ts'
import type { Need } from '../../../model/facts/base.ts'
import type { Name, ObjectKind } from '../../../model/name.ts'
import { expressionOf } from '../expressions.ts'
import { allOf, as } from '../grammar.ts'
import { listName, relationName } from '../names.ts'
import type { Reading, StatementNode, StatementTable } from '../reading.ts'
import { functionNeed, namedNeed, needWithArguments, optionNeed, typeNeed, typeOption } from './needs.ts'
import { argumentType, castName, mappingName, transformName } from './object-identity.ts'
import { objectKind } from './object-kinds.ts'

/** CREATE of everything that has no kind of its own. */
export const createHandlers: StatementTable<
  | 'CreateAmStmt'
  | 'CreateCastStmt'
  | 'CreateConversionStmt'
  | 'CreatedbStmt'
  | 'CreateEventTrigStmt'
  | 'CreateFdwStmt'
  | 'CreateForeignServerStmt'
  | 'CreateOpClassStmt'
  | 'CreateOpFamilyStmt'
  | 'CreatePLangStmt'
  | 'CreateRoleStmt'
  | 'CreateStatsStmt'
  | 'CreateSubscriptionStmt'
  | 'CreateTableSpaceStmt'
  | 'CreateTransformStmt'
  | 'CreateUserMappingStmt'
> = {
  CreateAmStmt: (node, reading) =>
    created(reading, 'access-method', { name: node.amname ?? '' }, { needs: functionNeed(node.handler_name) }),
  CreateCastStmt: (node, reading) =>
    created(
      reading,
      'cast',
      { name: castName([node.sourcetype, node.targettype]) },
      {
        needs: [
          ...typeNeed(node.sourcetype),
          ...typeNeed(node.targettype),
          ...needWithArguments('function', node.func),
        ],
      },
    ),
  CreateConversionStmt: (node, reading) =>
    created(reading, 'conversion', listName(node.conversion_name), { needs: functionNeed(node.func_name) }),
  CreatedbStmt: (node, reading) => created(reading, 'database', { name: node.dbname ?? '' }),
  CreateEventTrigStmt: (node, reading) =>
    created(reading, 'event-trigger', { name: node.trigname ?? '' }, { needs: functionNeed(node.funcname, []) }),
  CreateFdwStmt: (node, reading) =>
    created(
      reading,
      'foreign-data-wrapper',
      { name: node.fdwname ?? '' },
      {
        needs: [
          ...optionNeed(node.func_options, 'handler', 'function'),
          ...optionNeed(node.func_options, 'validator', 'function'),
        ],
      },
    ),
  CreateForeignServerStmt: (node, reading) =>
    created(
      reading,
      'foreign-server',
      { name: node.servername ?? '' },
      { ifNotExists: node.if_not_exists === true, needs: namedNeed('foreign-data-wrapper', node.fdwname) },
    ),
  CreateOpClassStmt: (node, reading) => createOperatorClass(node, reading),
  CreateOpFamilyStmt: (node, reading) =>
    created(reading, 'operator-family', listName(node.opfamilyname), {
      method: node.amname ?? '',
      needs: namedNeed('access-method', node.amname),
    }),
  CreatePLangStmt: (node, reading) =>
    created(
      reading,
      'language',
      { name: node.plname ?? '' },
      {
        replace: node.replace === true,
        needs: [...functionNeed(node.plhandler), ...functionNeed(node.plinline), ...functionNeed(node.plvalidator)],
      },
    ),
  CreateRoleStmt: (node, reading) => created(reading, 'role', { name: node.role ?? '' }),
  CreateStatsStmt: (node, reading) => createStatistics(node, reading),
  CreateSubscriptionStmt: (node, reading) => created(reading, 'subscription', { name: node.subname ?? '' }),
  CreateTableSpaceStmt: (node, reading) => created(reading, 'tablespace', { name: node.tablespacename ?? '' }),
  CreateTransformStmt: (node, reading) =>
    created(
      reading,
      'transform',
      { name: transformName(node.type_name, node.lang) },
      {
        replace: node.replace === true,
        needs: [
          ...typeNeed(node.type_name),
          ...namedNeed('language', node.lang),
          ...needWithArguments('function', node.fromsql),
          ...needWithArguments('function', node.tosql),
        ],
      },
    ),
  CreateUserMappingStmt: (node, reading) =>
    created(
      reading,
      'user-mapping',
      { name: mappingName(node.user, node.servername) },
      { ifNotExists: node.if_not_exists === true, needs: namedNeed('foreign-server', node.servername) },
    ),
}

function created(
  { span }: Reading,
  object: ObjectKind,
  name: Name,
  more: Partial<Omit<CreateObject, 'kind' | 'span' | 'object' | 'name'>> = {},
): readonly Fact[] {
  return [{ kind: 'create-object', span, object, name, ifNotExists: false, replace: false, needs: [], ...more }]
}

/** Without FAMILY it makes a family of its own name, or takes the one that is there. */
function createOperatorClass(node: StatementNode<'CreateOpClassStmt'>, reading: Reading): readonly Fact[] {
  const name = listName(node.opclassname)
  const method = node.amname ?? ''
  const items = allOf(node.items, 'CreateOpClassItem')
  const family = node.opfamilyname === undefined ? name : listName(node.opfamilyname)
  // `itemtype` of parsenodes.h: 1 for an operator, 2 for a function, 3 for the type that is stored.
  const needs = items.flatMap((item): readonly Need[] => [
    ...(item.itemtype === 1 ? classOperator(item.name, node.datatype) : []),
    ...(item.itemtype === 2 ? needWithArguments('function', item.name) : []),
    ...typeNeed(item.storedtype),
    ...allOf(item.class_args, 'TypeName').flatMap(typeNeed),
  ])
  return [
    ...(node.opfamilyname === undefined
      ? created(reading, 'operator-family', name, { method, ifNotExists: true })
      : []),
    ...created(reading, 'operator-class', name, {
      method,
      needs: [
        ...typeNeed(node.datatype),
        { object: 'operator-family', name: family, method },
        ...namedNeed('access-method', node.amname),
        ...needs,
      ],
    }),
  ]
}

/** Without operands it is the one of the class's type. */
function classOperator(
  ...[operator, type]: readonly [
    Parameters<typeof needWithArguments>[1],
    StatementNode<'CreateOpClassStmt'>['datatype'],
  ]
): readonly Need[] {
  const own = argumentType(type)
  return needWithArguments('operator', operator).map((need) => ({ argumentTypes: [own, own], ...need }))
}

/** Statistics go with their table, and with each column that they are about. */
function createStatistics(node: StatementNode<'CreateStatsStmt'>, reading: Reading): readonly Fact[] {
  const table = relationName(as(node.relations?.[0], 'RangeVar'))
  const elements = allOf(node.exprs, 'StatsElem')
  const expressions = elements.flatMap(({ expr }) => (expr === undefined ? [] : [expressionOf(expr, '')]))
  const named = elements.flatMap(({ name }) => (name === undefined ? [] : [name]))
  const columns = [...new Set([...named, ...expressions.flatMap((expression) => expression.columns)])]
  const calls = expressions.flatMap((expression) => expression.functions)
  const use: TableUse = { table, columns, star: false }
  const name = listName(node.defnames)
  return created(reading, 'statistics', name, {
    namedAfter: elements.map((element) => element.name ?? ''),
    ifNotExists: node.if_not_exists === true,
    uses: [use],
    ...(calls.length === 0 ? {} : { calls }),
  })
}

/** AGGREGATE, COLLATION, OPERATOR and TEXT SEARCH share a node. */
export function defineObject(node: StatementNode<'DefineStmt'>, reading: Reading): readonly Fact[] {
  const name = listName(node.defnames)
  const more = { ifNotExists: node.if_not_exists === true, replace: node.replace === true }
  return created(reading, objectKind(node.kind), name, { ...more, ...definitions[node.kind ?? '']?.(node) })
}

type Definition = (node: StatementNode<'DefineStmt'>) => Pick<CreateObject, 'needs' | 'argumentTypes'>

const definitions: Partial<Record<ObjectType | '', Definition>> = {
  OBJECT_AGGREGATE: aggregate,
  OBJECT_OPERATOR: operator,
  OBJECT_TSCONFIGURATION: ({ definition }) => ({
    needs: [
      ...optionNeed(definition, 'parser', 'text-search-parser'),
      ...optionNeed(definition, 'copy', 'text-search-configuration'),
    ],
  }),
  OBJECT_TSDICTIONARY: ({ definition }) => ({ needs: optionNeed(definition, 'template', 'text-search-template') }),
  OBJECT_TSPARSER: ({ definition }) => ({ needs: functionOptions(definition, parserFunctions) }),
  OBJECT_TSTEMPLATE: ({ definition }) => ({ needs: functionOptions(definition, ['init', 'lexize']) }),
}

const parserFunctions = ['start', 'gettoken', 'end', 'lextypes', 'headline']
/** Other functions of an aggregate than the one for each row, whose arguments are its state and its own. */
const stateFunctions = ['finalfunc', 'combinefunc', 'serialfunc', 'deserialfunc', 'msfunc', 'minvfunc', 'mfinalfunc']

function functionOptions(options: readonly Node[] | undefined, names: readonly string[]): readonly Need[] {
  return names.flatMap((name) => optionNeed(options, name, 'function'))
}

function aggregate({ args, oldstyle, definition }: StatementNode<'DefineStmt'>): ReturnType<Definition> {
  const parameters = allOf(as(args?.[0], 'List')?.items, 'FunctionParameter')
  const base = oldstyle === true ? typeOption(definition, 'basetype') : undefined
  const types = base === undefined ? parameters.map(({ argType }: FunctionParameter) => argType) : [base]
  const argumentTypes = types.map(argumentType)
  const state = typeOption(definition, 'stype')
  return {
    argumentTypes,
    needs: [
      ...types.flatMap(typeNeed),
      ...typeNeed(state),
      ...typeNeed(typeOption(definition, 'mstype')),
      ...optionNeed(definition, 'sfunc', 'function', [argumentType(state), ...argumentTypes]),
      ...functionOptions(definition, stateFunctions),
      ...optionNeed(definition, 'sortop', 'operator'),
    ],
  }
}

/** What it needs to be run; the operators that it names as its relatives may come later. */
function operator({ definition }: StatementNode<'DefineStmt'>): ReturnType<Definition> {
  const operands = ['leftarg', 'rightarg'].map((name) => typeOption(definition, name))
  const argumentTypes = operands.map((type) => (type === undefined ? 'none' : argumentType(type)))
  const given = argumentTypes.filter((type) => type !== 'none')
  return {
    argumentTypes,
    needs: [
      ...operands.flatMap(typeNeed),
      ...['function', 'procedure'].flatMap((name) => optionNeed(definition, name, 'function', given)),
      ...functionOptions(definition, ['restrict', 'join']),
    ],
  }
}
