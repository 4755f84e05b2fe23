import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const createUnloggedTable: Rule = defineRule({
  id: 'create-unlogged-table',
  summary: 'An unlogged table is empty after a crash of the server, and does not exist on standbys.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['loses-data'],
  looksAt: ['create-table'],
  sources: ['lockstep:create-unlogged-table'],
  why: `Nothing that is written to an unlogged table goes to the write-ahead log, which makes writing quick. The price is that the server truncates the table when it starts after a crash or an immediate shutdown, that a standby and a backup by log have only its definition, and that logical replication does not see it. That is right for a cache and wrong for anything that must be kept, so the rule is asked for in the preset strict only.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create unlogged table visits (id bigint primary key, seen_at timestamptz);',
      good: 'create table visits (id bigint primary key, seen_at timestamptz);',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create unlogged table if not exists carts (id bigint primary key, book_id int);',
      good: 'create temporary table carts (id bigint primary key, book_id int);',
    },
  ],
  *check(fact, context) {
    if (!fact.unlogged) return
    const table = nameText(fact.table)
    // A keyword of its own in front of TABLE: without it the same statement makes a logged table.
    const rewrite = context.statement.sql.replace(/^(\s*create\s+)unlogged\s+/i, '$1')
    yield {
      at: fact.span,
      message: `After a crash of the server ${table} is empty, and a standby never has its rows.`,
      instead: `${rewrite};`,
    }
  },
})
