import { quoteName } from '../../model/name.ts'
import { columnText } from '../planned.ts'
import { newColumns } from '../new-columns.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const noCharType: Rule = defineRule({
  id: 'no-char-type',
  summary: 'The type char(n) fills every value up with blanks, which comparisons overlook and everything else sees.',
  severity: 'info',
  preset: 'style',
  direction: 'up',
  hazards: ['bloats'],
  looksAt: ['create-table', 'add-column'],
  options: {
    codeLength: {
      default: 3,
      summary: 'Columns of at most this many characters are taken for codes of a fixed length and not reported.',
    },
  },
  sources: [
    'squawk:ban-char-field',
    'pgfence:ban-char-field',
    'postgres-language-server:banCharField',
    'migrationpilot:MP041',
  ],
  why: `A value shorter than n is stored with blanks behind it. They count when the value is compared with LIKE, matched by a pattern or read by the application, and do not count when two char values are compared, so that the same value is equal in one place and different in another. char(n) is neither smaller nor faster than text. Codes of a fixed length, such as a country's two letters, never get blanks and are left alone, as is PostgreSQL's own one-byte type "char".`,
  examples: [
    {
      given: 'create table authors (id bigint primary key, name text);',
      bad: 'create table books (id bigint primary key, isbn char(13) not null);',
      good: 'create table books (id bigint primary key, isbn text not null, country char(2), kind "char");',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table books add column shelf char(10);',
      good: 'alter table books add column shelf text;',
    },
  ],
  *check(fact, _context, { codeLength }) {
    for (const column of newColumns(fact)) {
      const length = column.type.modifiers[0] ?? 1
      if (column.type.name !== 'character' || length <= codeLength) continue
      yield {
        at: column.span,
        message: `Values of ${columnText(fact.table, column.name)} that are shorter than ${length} characters are filled up with blanks.`,
        instead: `${quoteName(column.name)} text${column.type.array ? '[]' : ''}`,
      }
    }
  },
})
