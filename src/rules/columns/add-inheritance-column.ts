import { nameText, quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

/** Types that hold the name of a class. */
const wordTypes: ReadonlySet<string> = new Set(['text', 'character varying', 'character'])

export const addInheritanceColumn: Rule = defineRule({
  id: 'add-inheritance-column',
  summary: 'A text column named type turns single table inheritance on in Rails, in the version that is running too.',
  severity: 'info',
  preset: 'strict',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['add-column', 'rename-column'],
  sources: ['online_migrations:add_inheritance_column'],
  why: `Active Record takes a column called type for the name of the class that a row belongs to. As soon as the running version reads the table's columns anew, it looks for classes that only the next version has, and fails on the first row that names one. Deploy a version that ignores the column (self.inheritance_column) before it appears, or give it another name. To other frameworks the name means nothing.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table books add column type text;',
      good: 'alter table books add column kind text;',
    },
    {
      given: 'create table books (id bigint primary key, kind text);',
      bad: 'alter table books rename column kind to type;',
      good: 'create table events (id bigint primary key, type text);\nalter table books add column type int;',
    },
  ],
  *check(fact, context) {
    if (isPrivate(fact.table, context)) return
    const name = fact.kind === 'add-column' ? fact.column.name : fact.to
    const type = fact.kind === 'add-column' ? fact.column.type : context.column(fact.table, fact.column)?.type
    if (name !== 'type' || type === undefined || type.array || !wordTypes.has(type.name)) return
    yield {
      at: fact.span,
      message: `A running Rails application takes type for the class of each row of ${nameText(fact.table)}.`,
      instead: `alter table ${nameText(fact.table)} add column ${quoteName('kind')} ${type.sql};`,
    }
  },
})
