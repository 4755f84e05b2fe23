import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const setLocalOutsideTransaction: Rule = defineRule({
  id: 'set-local-outside-transaction',
  summary: 'SET LOCAL outside a transaction does nothing, so what follows runs without the setting.',
  severity: 'warning',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['set-setting'],
  sources: ['lockstep:set-local-outside-transaction'],
  why: `SET LOCAL holds until the end of the transaction. Where there is none, the transaction of the statement itself is all there is, so the value is gone before the next statement begins; the server says so with a WARNING (SQLSTATE 25P01) and carries on. A lock_timeout or search_path that somebody relies on is then not there. That happens to files of runners that open no transaction, below \`transaction:false\`, and after a COMMIT of the file.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `set local lock_timeout = '2s';
alter table books add column isbn text;`,
      good: `begin;
set local lock_timeout = '2s';
alter table books add column isbn text;
commit;`,
      transaction: false,
    },
    {
      given: 'create schema shop;',
      bad: `set local search_path = shop;
create table books (id bigint primary key);`,
      good: 'create table shop.books (id bigint primary key);',
      transaction: false,
    },
  ],
  *check(fact, context) {
    if (!fact.local || context.transaction.open) return
    const value = fact.value === undefined ? 'default' : `'${fact.value}'`
    yield {
      at: fact.span,
      message: `No transaction is open here, so ${fact.setting} is as it was before when the next statement runs.`,
      instead: `-- for the session:\nset ${fact.setting} = ${value};\n-- or for a transaction:\nbegin;\nset local ${fact.setting} = ${value};\n…\ncommit;`,
    }
  },
})
