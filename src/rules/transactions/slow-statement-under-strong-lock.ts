import { listOf } from '../../core/text.ts'
import type { CreateTableAs, CreateView } from '../../model/fact.ts'
import { blocksReads, blocksWrites } from '../../model/lock.ts'
import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'

export const slowStatementUnderStrongLock: Rule = defineRule({
  id: 'slow-statement-under-strong-lock',
  summary:
    'A statement that reads a whole table runs while an earlier one of the transaction still keeps a table locked.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['create-table-as', 'create-view'],
  sources: [
    'eugene:E4',
    'pgfence:statement-after-access-exclusive',
    'postgres-language-server:runningStatementWhileHoldingAccessExclusive',
    'migrationpilot:MP008',
  ],
  why: `A lock is kept until its transaction ends. An ALTER TABLE that is done in an instant holds ACCESS EXCLUSIVE for as long as everything after it in the same transaction takes, and CREATE TABLE AS and CREATE MATERIALIZED VIEW take as long as the tables they read are large, though they lock nothing much themselves. Data changes are for data-change-with-schema-change, and VALIDATE CONSTRAINT is for validate-while-writes-wait.`,
  examples: [
    {
      given:
        'create table books (id bigint primary key, title text);\ncreate table loans (id bigint primary key, book_id bigint);',
      bad: `alter table books add column isbn text;
create materialized view loans_by_book as select book_id, count(*) from loans group by book_id;`,
      good: [
        'alter table books add column isbn text;',
        'create materialized view loans_by_book as select book_id, count(*) from loans group by book_id;',
      ],
    },
    {
      given:
        'create table books (id bigint primary key, title text);\ncreate table loans (id bigint primary key, book_id bigint);',
      bad: `alter table books add column isbn text;
create temporary table popular as select book_id from loans group by book_id;`,
      good: `create temporary table popular as select book_id from loans group by book_id;
alter table books add column isbn text;`,
    },
  ],
  *check(fact, context) {
    if (!context.transaction.open) return
    const held = context.transaction.locks.filter((effect) => blocksWrites(effect.lock))
    const what = held.length === 0 ? undefined : slowPart(fact, context)
    if (what === undefined) return
    const reads = held.some((effect) => blocksReads(effect.lock))
    yield {
      at: fact.span,
      severity: reads ? 'error' : 'warning',
      message: `${reads ? 'Reads and writes' : 'Writes'} of ${listOf(held.map((effect) => shortName(context.schema, effect.table)))} wait while this reads ${what}, because an earlier statement of the same transaction locked ${held.length === 1 ? 'it' : 'them'}.`,
      instead: `-- in a migration of its own, or above the statement that locks:\n${context.statement.sql};`,
      fix: { kind: 'own-migration' },
    }
  },
})

/** What it reads the whole of; undefined where it reads nothing that may be large. */
function slowPart(fact: CreateTableAs | CreateView, context: RuleContext): string | undefined {
  if (!fact.withData || (fact.kind === 'create-view' && !fact.materialized)) return undefined
  const names = fact.reads.filter(({ table }) => !isPrivate(table, context)).map(({ table }) => nameText(table))
  return names.length === 0 ? undefined : listOf([...new Set(names)])
}
