import type { AlterTableCmd, AlterTableType } from 'libpg-query'
import type { ChangeColumn, ChangeGenerated, Fact } from '../../../model/fact.ts'
import { conversionOf, expressionOf } from '../expressions.ts'
import { allOf, as } from '../grammar.ts'
import { strings } from '../names.ts'
import { startsOf } from '../options.ts'
import { typeOf } from '../types.ts'
import type { Action, ActionTable } from './action.ts'
import { columnDefinition, identityKind, sequenceName } from './column-definitions.ts'

const addColumn = (command: AlterTableCmd, { table, span, reading }: Action): readonly Fact[] => {
  const definition = as(command.def, 'ColumnDef')
  if (definition === undefined) return []
  const column = columnDefinition(definition, reading)
  return [{ kind: 'add-column', span, table, column, ifNotExists: command.missing_ok === true }]
}

const dropColumn = (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => [
  {
    kind: 'drop-column',
    span,
    table,
    column: command.name ?? '',
    ifExists: command.missing_ok === true,
    cascade: command.behavior === 'DROP_CASCADE',
  },
]

const setDefault = (command: AlterTableCmd, { table, span, place, reading }: Action): readonly Fact[] => {
  const column = command.name ?? ''
  if (command.def === undefined) return [{ kind: 'drop-default', span, table, column }]
  const start = reading.text.afterWord('default', place.start, place.end) ?? place.start
  const expression = expressionOf(command.def, reading.text.slice(start, place.end))
  return [{ kind: 'set-default', span, table, column, default: expression }]
}

const setType = (command: AlterTableCmd, { table, span, place, reading }: Action): readonly Fact[] => {
  const definition = as(command.def, 'ColumnDef')
  const collation = strings(definition?.collClause?.collname).at(-1)
  const start = reading.text.afterWord('using', place.start, place.end)
  const using = definition?.raw_default
  const column = command.name ?? ''
  return [
    {
      kind: 'set-column-type',
      span,
      table,
      column,
      type: typeOf(definition?.typeName),
      ...(using === undefined
        ? {}
        : { using: conversionOf(using, column, start === undefined ? '' : reading.text.slice(start, place.end)) }),
      ...(collation === undefined ? {} : { collation }),
    },
  ]
}

function simple(kind: 'set-not-null' | 'drop-not-null') {
  return (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => [
    { kind, span, table, column: command.name ?? '' },
  ]
}

function changeColumn(action: ChangeColumn['action']) {
  return (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => [
    { kind: 'change-column', span, table, column: command.name ?? '', action },
  ]
}

function changeGenerated(action: ChangeGenerated['action']) {
  return (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => [
    { kind: 'change-generated', span, table, column: command.name ?? '', action },
  ]
}

const addIdentity = (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => {
  const constraint = as(command.def, 'Constraint')
  const [identity, sequence] = [identityKind(constraint?.generated_when), sequenceName(constraint)]
  const more = { ...(sequence === undefined ? {} : { sequence }), ...startsOf(constraint?.options) }
  return [{ kind: 'change-identity', span, table, column: command.name ?? '', action: 'add', identity, ...more }]
}

const setIdentity = (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => {
  const options = allOf(as(command.def, 'List')?.items, 'DefElem')
  const generated = as(options.find(({ defname }) => defname === 'generated')?.arg, 'Integer')?.ival
  return [
    {
      kind: 'change-identity',
      span,
      table,
      column: command.name ?? '',
      action: 'set',
      ...startsOf(options.map((one) => ({ DefElem: one }))),
      // The tree keeps the letter as its character code.
      ...(generated === undefined ? {} : { identity: identityKind(String.fromCharCode(generated)) }),
    },
  ]
}

const dropIdentity = (command: AlterTableCmd, { table, span }: Action): readonly Fact[] => [
  { kind: 'change-identity', span, table, column: command.name ?? '', action: 'drop' },
]

/** Actions of ALTER TABLE on a column. */
export const alterColumnActions: ActionTable<AlterTableType> = {
  AT_AddColumn: addColumn,
  AT_DropColumn: dropColumn,
  AT_ColumnDefault: setDefault,
  AT_AlterColumnType: setType,
  AT_SetNotNull: simple('set-not-null'),
  AT_DropNotNull: simple('drop-not-null'),
  AT_SetExpression: changeGenerated('set-expression'),
  AT_DropExpression: changeGenerated('drop-expression'),
  AT_SetStatistics: changeColumn('set-statistics'),
  AT_SetStorage: changeColumn('set-storage'),
  AT_SetCompression: changeColumn('set-compression'),
  AT_SetOptions: changeColumn('set-options'),
  AT_ResetOptions: changeColumn('reset-options'),
  AT_AlterColumnGenericOptions: changeColumn('set-options'),
  AT_AddIdentity: addIdentity,
  AT_SetIdentity: setIdentity,
  AT_DropIdentity: dropIdentity,
}
