import { quoteName } from '../../model/name.ts'
import { columnText } from '../planned.ts'
import { newColumns } from '../new-columns.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const preferText: Rule = defineRule({
  id: 'prefer-text',
  summary: 'A length in a column type is a limit that can be raised easily and lowered only by writing the table anew.',
  severity: 'info',
  preset: 'style',
  direction: 'up',
  hazards: ['rewrites-table'],
  looksAt: ['create-table', 'add-column'],
  sources: [
    'squawk:prefer-text-field',
    'pgfence:prefer-text-field',
    'postgres-language-server:preferTextField',
    'online_migrations:add_text_limit_constraint',
    'migrationpilot:MP037',
  ],
  why: `varchar(n) and text are stored in the same way and are equally fast; the length is only a check that belongs to the type. Making it shorter later writes the whole table anew, and views that use the column stand in the way of any change. The same limit as a CHECK over text can be added NOT VALID, validated beside the traffic and dropped in an instant. varchar without a length is text under another name and is not reported.`,
  examples: [
    {
      given: 'create table authors (id bigint primary key, name text);',
      bad: 'create table books (id bigint primary key, title varchar(200) not null);',
      good: 'create table books (id bigint primary key, title text not null check (length(title) <= 200));',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table books add column subtitle varchar(80);',
      good: [
        'alter table books add column subtitle text;',
        'alter table books add constraint books_subtitle_length check (length(subtitle) <= 80) not valid;',
        'alter table books validate constraint books_subtitle_length;',
      ],
    },
  ],
  *check(fact) {
    for (const column of newColumns(fact)) {
      const [length] = column.type.modifiers
      if (column.type.name !== 'character varying' || length === undefined) continue
      const name = quoteName(column.name)
      const array = column.type.array ? '[]' : ''
      const check = column.type.array ? '' : ` check (length(${name}) <= ${length})`
      yield {
        at: column.span,
        message: `The limit of ${columnText(fact.table, column.name)} is a part of its type, ${column.type.sql}; as a check it could be changed without touching the type.`,
        instead:
          fact.kind === 'create-table'
            ? `${name} text${array}${check}`
            : `-- the limit, where there is one, as a check NOT VALID that is validated in the next migration:\n${name} text${array}`,
      }
    }
  },
})
