import { nameText, quoteLiteral } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const createEnum: Rule = defineRule({
  id: 'create-enum',
  summary:
    'A value of an enum can be added and renamed, but never removed, and the down of an added one cannot be written.',
  severity: 'info',
  preset: 'strict',
  direction: 'up',
  hazards: ['not-repeatable'],
  looksAt: ['create-type'],
  sources: ['eugene:W13', 'postgres-language-server:creatingEnum', 'migrationpilot:MP024'],
  why: `The values of an enum are rows of the catalogue that indexes may hold, so PostgreSQL has no way to drop one: that takes a new type and a rewrite of every column of it. A new value cannot be used in the transaction that adds it either. A text column with a CHECK can be given another CHECK without a rewrite, and a table of values with a foreign key can say more about each. Enums are a sound choice for values that do not change, so the rule is asked for in the preset strict only.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `create type binding as enum ('hardcover', 'paperback');`,
      good: "create domain binding as text check (value in ('hardcover', 'paperback'));",
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `create type state as enum ('open', 'closed');`,
      good: 'create table states (name text primary key);',
    },
  ],
  *check(fact) {
    if (fact.form !== 'enum') return
    const values = fact.values.map(quoteLiteral).join(', ')
    yield {
      at: fact.span,
      message: `No value of ${nameText(fact.type)} can be removed later without a rewrite of every column that has the type.`,
      instead: `-- a text column with a check that can be replaced:\n… text check (… in (${values}))`,
    }
  },
})
