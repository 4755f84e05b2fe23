import { nameText, quoteName } from '../model/name.ts'
import type { Name } from '../model/name.ts'
import type { Dependent } from '../model/schema.ts'
import type { RuleContext } from './rule.ts'
import { isPrivate, sameName, shortName } from './same-name.ts'

/** What the server itself notes to use a column, besides constraints, indexes and views. */
export interface ColumnDependent {
  readonly kind: 'trigger' | 'generated column' | Dependent['kind']
  readonly text: string
  /** The statement that takes it out of the way. */
  readonly drop: string
}

/** Triggers with the column in UPDATE OF or WHEN, generated columns that are computed from it, and what else names it. */
export function columnDependents(table: Name, column: string, context: RuleContext): readonly ColumnDependent[] {
  const state = context.table(table)
  if (state === undefined) return []
  const triggers = [...state.triggers.values()].filter(({ columns }) => columns.includes(column))
  const generated = [...state.columns.values()].filter(({ computedFrom }) => computedFrom?.includes(column) === true)
  return [
    ...triggers.map(({ name }) => ({
      kind: 'trigger' as const,
      text: `trigger ${quoteName(name)}`,
      drop: `drop trigger ${quoteName(name)} on ${nameText(table)};`,
    })),
    ...generated.map(({ name }) => ({
      kind: 'generated column' as const,
      text: `generated column ${quoteName(name)}`,
      drop: `alter table ${nameText(table)} drop column ${quoteName(name)};`,
    })),
    ...context.schema.dependentsOn(table, column).map((dependent) => dependentText(dependent, context)),
  ]
}

/** A policy, rule, publication or function in words, and how it goes. */
export function dependentText({ kind, name, table }: Dependent, { schema }: RuleContext): ColumnDependent {
  const own = kind === 'function' ? shortName(schema, name) : quoteName(name.name)
  const owner = table === undefined ? '' : shortName(schema, table)
  return {
    kind,
    text: `${kind} ${own}${owner === '' ? '' : ` of ${owner}`}`,
    drop: `drop ${kind} ${own}${owner === '' ? '' : ` on ${owner}`};`,
  }
}

/** Columns, constraints, indexes, triggers and others that call a function. */
export function callersOf(function_: Name, context: RuleContext): readonly string[] {
  const { schema } = context
  const isMeant = (written: string): boolean => written.split('.').at(-1) === function_.name
  const found: string[] = []
  for (const table of schema.tables()) {
    if (isPrivate(table.name, context)) continue
    const at = `of ${shortName(schema, table.name)}`
    for (const { name, function: called } of table.triggers.values())
      if (sameName(schema, called, function_)) found.push(`trigger ${quoteName(name)} ${at}`)
    for (const { name, default: value, generated, functions } of table.columns.values()) {
      const calls = [...(value?.functions ?? []), ...(functions ?? [])]
      if (calls.some(isMeant))
        found.push(`${generated === undefined ? 'default' : 'generated column'} ${quoteName(name)} ${at}`)
    }
    for (const one of table.constraints.values())
      if (one.type === 'check' && one.expression.functions.some(isMeant))
        found.push(`constraint ${quoteName(one.name)} ${at}`)
    for (const { name, functions } of table.indexes.values())
      if (functions?.some(isMeant) === true) found.push(`index ${quoteName(name.name)} ${at}`)
  }
  return [...found, ...schema.dependentsCalling(function_.name).map((one) => dependentText(one, context).text)]
}
