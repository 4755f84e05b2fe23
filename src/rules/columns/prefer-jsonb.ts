import { quoteName } from '../../model/name.ts'
import { columnText } from '../planned.ts'
import { newColumns } from '../new-columns.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const preferJsonb: Rule = defineRule({
  id: 'prefer-jsonb',
  summary: 'A json column keeps a text that is parsed at every use and cannot be indexed, compared or made distinct.',
  severity: 'info',
  preset: 'style',
  direction: 'up',
  hazards: ['fails'],
  looksAt: ['create-table', 'add-column'],
  sources: ['postgres-language-server:preferJsonb'],
  why: `jsonb is kept parsed, has equality and can have a GIN index; json keeps the text as it came, with its blanks, the order of its keys and keys that occur twice. Only where these must come back letter by letter is json the right type. The rule speaks of new tables; what a json column does to queries of a table that is in use is told by add-column-of-type-json.`,
  examples: [
    {
      given: 'create table authors (id bigint primary key, name text);',
      bad: 'create table books (id bigint primary key, details json);',
      good: 'create table books (id bigint primary key, details jsonb);',
    },
    {
      given: 'create table authors (id bigint primary key, name text);',
      bad: 'create table events (id bigint primary key);\nalter table events add column payloads json[];',
      good: 'create table events (id bigint primary key);\nalter table events add column payloads jsonb[];',
    },
  ],
  *check(fact, context) {
    if (fact.kind === 'add-column' && !isPrivate(fact.table, context)) return
    for (const column of newColumns(fact)) {
      if (column.type.name !== 'json') continue
      yield {
        at: column.span,
        message: `${columnText(fact.table, column.name)} keeps text that is parsed at every use.`,
        instead: `${quoteName(column.name)} jsonb${column.type.array ? '[]' : ''}`,
      }
    }
  },
})
