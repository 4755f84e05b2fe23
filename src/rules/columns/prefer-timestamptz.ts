import { quoteName } from '../../model/name.ts'
import { columnText } from '../planned.ts'
import { newColumns } from '../new-columns.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const preferTimestamptz: Rule = defineRule({
  id: 'prefer-timestamptz',
  summary: 'A timestamp without a time zone does not say which moment it is: readers in other time zones disagree.',
  severity: 'info',
  preset: 'style',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['create-table', 'add-column'],
  sources: [
    'squawk:prefer-timestamp-tz',
    'pgfence:prefer-timestamptz',
    'postgres-language-server:preferTimestamptz',
    'migrationpilot:MP040',
  ],
  why: `timestamptz keeps a moment: it is converted to UTC when it is written, to the session's time zone when it is read, and takes the same eight bytes. timestamp keeps what a clock on some wall showed, and an hour is missing or doubled in it twice a year. Changing the type later writes the table anew unless the session's time zone is UTC. A default that converts to a time zone says which clock is meant, so such a column is not reported; an opening hour or a birthday is a time on the wall too, and worth an allow.`,
  examples: [
    {
      given: 'create table authors (id bigint primary key, name text);',
      bad: 'create table books (id bigint primary key, added_at timestamp not null default now());',
      good: 'create table books (id bigint primary key, added_at timestamptz not null default now());',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table books add column sold_at timestamp(3);',
      good: `alter table books add column sold_at timestamptz(3);
alter table books add column checked_at timestamp default (now() at time zone 'utc');`,
    },
  ],
  *check(fact) {
    for (const column of newColumns(fact)) {
      if (column.type.name !== 'timestamp without time zone') continue
      // AT TIME ZONE is a call of timezone().
      if (column.default?.functions.includes('timezone') === true) continue
      const [digits] = column.type.modifiers
      const type = `timestamptz${digits === undefined ? '' : `(${digits})`}${column.type.array ? '[]' : ''}`
      yield {
        at: column.span,
        message: `${columnText(fact.table, column.name)} keeps a time of day without saying in which time zone.`,
        instead: `${quoteName(column.name)} ${type}`,
      }
    }
  },
})
