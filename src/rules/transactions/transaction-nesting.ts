import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { earlierFacts } from '../same-name.ts'
import type { TransactionControl } from '../../model/fact.ts'

export const transactionNesting: Rule = defineRule({
  id: 'transaction-nesting',
  summary: 'BEGIN inside a transaction of the same file does nothing, and the first COMMIT ends all of it.',
  severity: 'warning',
  hazards: ['fails'],
  looksAt: ['transaction'],
  sources: ['squawk:transaction-nesting', 'postgres-language-server:transactionNesting', 'migrationpilot:MP053'],
  why: `PostgreSQL has no transactions inside transactions: a second BEGIN is answered with a WARNING (SQLSTATE 25001) and changes nothing. The COMMIT that was meant for the inner one then ends the outer one, what follows runs statement by statement, and a failure there takes back nothing. A savepoint is what can be rolled back inside a transaction.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `begin;
create schema shop;
begin;
create schema archive;
commit;
create schema audit;
commit;`,
      good: `begin;
create schema shop;
savepoint more;
create schema archive;
release more;
create schema audit;
commit;`,
      transaction: false,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `begin;
start transaction;
create schema shop;
commit;`,
      good: `begin;
create schema shop;
commit;
begin;
create schema archive;
commit;`,
      transaction: false,
    },
  ],
  *check(fact, context) {
    if (fact.action !== 'begin' || !context.transaction.open || !isOwn(fact, context)) return
    yield {
      at: fact.span,
      message:
        'A transaction of this file is open already, so this BEGIN does nothing and the next COMMIT ends that one.',
      instead: '-- end the first one above:\ncommit;\nbegin;\n-- or mark a place to go back to:\nsavepoint here;',
    }
  },
})

/** The file began the open transaction itself; whether a runner begins one around bare files is not known. */
function isOwn(fact: TransactionControl, context: RuleContext): boolean {
  const last = earlierFacts(fact, context).findLast(
    (earlier) => earlier.kind === 'transaction' && ['begin', 'commit', 'rollback', 'prepare'].includes(earlier.action),
  )
  return last?.kind === 'transaction' && last.action === 'begin'
}
