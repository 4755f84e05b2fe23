import { nameText, quoteName } from '../../model/name.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const addColumnOfTypeJson: Rule = defineRule({
  id: 'add-column-of-type-json',
  summary:
    'The type json has no equality: SELECT DISTINCT, UNION and GROUP BY over all columns of the table fail from now on.',
  severity: 'warning',
  preset: 'strict',
  direction: 'up',
  hazards: ['breaks-running-version', 'fails'],
  looksAt: ['add-column', 'set-column-type'],
  sources: [
    'eugene:E3',
    'pgfence:add-column-json',
    'strong_migrations:add_column_json',
    'online_migrations:add_column_json',
    'postgres-language-server:preferJsonb',
  ],
  why: `Queries of the running version that select all columns of the table, as ORMs do, get the new column too. Where such a query says DISTINCT, UNION or GROUP BY the server has to compare rows, finds no equality operator for json and answers with SQLSTATE 42883. jsonb can be compared, is parsed once and can be indexed; json is right only where the text must come back letter by letter.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table books add column details json;',
      good: 'alter table books add column details jsonb;',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `alter table books add column prices json not null default '{}';`,
      good: `alter table books add column prices jsonb not null default '{}';`,
    },
  ],
  *check(fact, context) {
    const type = fact.kind === 'add-column' ? fact.column.type : fact.type
    if (type.name !== 'json' || isPrivate(fact.table, context)) return
    const column = fact.kind === 'add-column' ? fact.column.name : fact.column
    const jsonb = `jsonb${type.array ? '[]' : ''}`
    const table = `alter table ${nameText(fact.table)}`
    yield {
      at: fact.span,
      message: `SELECT DISTINCT, UNION and GROUP BY over all columns of ${nameText(fact.table)} fail when ${columnText(fact.table, column)} is json, which has no equality.`,
      instead:
        fact.kind === 'add-column'
          ? `${table} add column ${quoteName(column)} ${jsonb};`
          : `${table} alter column ${quoteName(column)} type ${jsonb};`,
    }
  },
})
