import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const unclosedTransaction: Rule = defineRule({
  id: 'unclosed-transaction',
  summary: 'A file begins a transaction and never ends it: with the session, everything since then is rolled back.',
  severity: 'error',
  hazards: ['fails'],
  looksAt: ['transaction'],
  sources: ['squawk:ban-uncommitted-transaction', 'pgfence:unclosed-transaction', 'migrationpilot:MP053'],
  why: `Without COMMIT the transaction ends when the session does, and then by ROLLBACK: the migration seems to have run and nothing of it is there. Where a runner goes on with the same session, its next files and its own record of what is applied hang in that transaction, with all locks kept. Files in which the runner begins and ends the transaction are for transaction-control.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `begin;
create schema shop;`,
      good: `begin;
create schema shop;
commit;`,
      transaction: false,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `begin;
create schema shop;
commit;
start transaction;
create schema archive;
savepoint added;
rollback to added;`,
      good: `begin;
create schema shop;
commit;
start transaction;
create schema archive;
rollback;`,
      transaction: false,
    },
  ],
  *check(fact, context) {
    if (fact.action !== 'begin' || isForTransactionControl(context.migration.down)) return
    const isEnded = context.later.some(
      (later) =>
        later.kind === 'transaction' &&
        (later.action === 'commit' || later.action === 'rollback' || later.action === 'prepare'),
    )
    if (isEnded) return
    yield {
      at: fact.span,
      message: 'No COMMIT follows, so everything from here on is rolled back when the session ends.',
      instead: '-- at the end of the file:\ncommit;',
    }
  },
})

function isForTransactionControl(down: { readonly kind: string; readonly expected?: boolean }): boolean {
  return down.kind !== 'missing' || down.expected === true
}
