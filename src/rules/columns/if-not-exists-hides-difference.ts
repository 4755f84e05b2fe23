import { listOf } from '../../core/text.ts'
import type { ColumnDefinition } from '../../model/column.ts'
import type { AddColumn, CreateSequence, CreateTable } from '../../model/fact.ts'
import { plainDefault } from '../../model/plain-default.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Column } from '../../model/schema.ts'
import type { TypeName } from '../../model/type.ts'
import { isSerial } from '../new-columns.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const ifNotExistsHidesDifference: Rule = defineRule({
  id: 'if-not-exists-hides-difference',
  summary: 'IF NOT EXISTS succeeds without doing anything where the object exists with another shape.',
  severity: 'error',
  direction: 'up',
  hazards: ['breaks-running-version', 'not-repeatable'],
  looksAt: ['add-column', 'create-table', 'create-sequence'],
  sources: ['lockstep:if-not-exists-hides-difference'],
  why: `The server only compares the name: a column of another type, a table that lacks a column, a view or a sequence of that name all make the statement a success that changed nothing, with a notice that nobody reads. The version that is deployed next then meets a shape that no migration describes. The rule compares with what the history built; ADD COLUMN IF NOT EXISTS has taken ACCESS EXCLUSIVE on the table by then too. Where the history does not have the object, or has it in the same shape, it is silent.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, pages int);',
      bad: 'alter table books add column if not exists pages bigint not null default 0;',
      good: 'alter table books add column if not exists pages int;',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create table if not exists books (id bigint primary key, title text, isbn text not null);',
      good: `create table if not exists books (id bigint primary key, title text);
alter table books add column isbn text;`,
    },
    {
      given: 'create sequence numbers as integer;',
      bad: 'create sequence if not exists numbers as bigint;',
      good: 'create sequence if not exists numbers as integer;',
    },
  ],
  *check(fact, context) {
    if (!fact.ifNotExists) return
    const differences = differencesOf(fact, context)
    if (differences.length === 0) return
    yield {
      at: fact.span,
      message: `This does nothing and reports success: ${listOf(differences)}.`,
      instead: insteadOf(fact),
    }
  },
})

function differencesOf(fact: AddColumn | CreateTable | CreateSequence, context: RuleContext): readonly string[] {
  if (fact.kind === 'create-sequence') return sequenceDifference(fact, context)
  if (fact.kind === 'add-column') {
    const column = context.column(fact.table, fact.column.name)
    return column === undefined ? [] : columnDifferences(columnText(fact.table, column.name), fact.column, column)
  }
  if (context.schema.view(fact.table) !== undefined) return [`${nameText(fact.table)} is a view`]
  const table = context.table(fact.table)
  // The columns of a table that a query made are not known.
  if (table === undefined || table.columns.size === 0 || table.moreColumns === true) return []
  return fact.columns.flatMap((definition) => {
    const column = table.columns.get(definition.name)
    const name = columnText(fact.table, definition.name)
    return column === undefined
      ? [`${nameText(fact.table)} exists and has no ${quoteName(definition.name)}`]
      : columnDifferences(name, definition, column)
  })
}

function sequenceDifference(fact: CreateSequence, context: RuleContext): readonly string[] {
  const sequence = context.schema.sequence(fact.sequence)
  const type = fact.type?.name ?? 'bigint'
  if (sequence === undefined || sequence.type === type) return []
  return [`${nameText(fact.sequence)} exists as ${sequence.type}, not ${type}`]
}

function columnDifferences(name: string, wanted: ColumnDefinition, found: Column): readonly string[] {
  const differences: string[] = []
  if (!isSerial(wanted) && found.type !== undefined && !sameType(wanted.type, found.type))
    differences.push(`${name} exists as ${found.type.sql}, not ${wanted.type.sql}`)
  if (wanted.notNull !== found.notNull)
    differences.push(`${name} exists ${found.notNull ? 'with' : 'without'} NOT NULL`)
  const [wantedDefault, foundDefault] = [wanted.default, found.default].map((one) =>
    one === undefined ? undefined : plainDefault(one.sql, wanted.type),
  )
  if (!isSerial(wanted) && wantedDefault !== undefined && wantedDefault !== foundDefault)
    differences.push(
      `${name} exists ${foundDefault === undefined ? 'without a default' : `with the default ${foundDefault}`}`,
    )
  return differences
}

function sameType(a: TypeName, b: TypeName): boolean {
  return a.name === b.name && a.array === b.array && a.modifiers.join() === b.modifiers.join()
}

function insteadOf(fact: AddColumn | CreateTable | CreateSequence): string {
  if (fact.kind === 'create-sequence') {
    return `alter sequence ${nameText(fact.sequence)} as ${fact.type?.sql ?? 'bigint'};`
  }
  const table = nameText(fact.table)
  if (fact.kind === 'create-table') return `-- one change for each difference:\nalter table ${table} …;`
  return `-- without IF NOT EXISTS it says so; to change the column that is there:\nalter table ${table} alter column ${quoteName(fact.column.name)} …;`
}
