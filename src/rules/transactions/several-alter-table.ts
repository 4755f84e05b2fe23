import type { Fact, FactKind } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { sameName, shortName } from '../same-name.ts'

/** Actions of ALTER TABLE that may read or write every row, and that one statement takes side by side. */
const looksAt = ['add-column', 'set-column-type', 'set-not-null', 'add-constraint'] as const

export const severalAlterTable: Rule = defineRule({
  id: 'several-alter-table',
  summary: 'Several ALTER TABLE go through the whole table one after the other, where one would go through it once.',
  severity: 'info',
  preset: 'style',
  hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
  looksAt,
  sources: [
    'eugene:W12',
    'postgres-language-server:multipleAlterTable',
    'migrationpilot:MP058',
    'strong_migrations:change_table',
  ],
  why: `An ALTER TABLE collects what all its actions have to check or change, and reads or rewrites the table once for all of them; two statements do it twice, under the same lock that is held from the first one on. Actions that are done in an instant cost nothing twice in one transaction, so they are not reported, and neither are NOT VALID, VALIDATE CONSTRAINT and a SET NOT NULL that is proven, which have to stay apart.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text, pages integer);',
      bad: `alter table books add constraint titled check (title is not null);
alter table books add constraint thick check (pages > 0);`,
      good: `alter table books add constraint titled check (title is not null) not valid;
alter table books add constraint thick check (pages > 0) not valid;`,
    },
    {
      given: 'create table books (id bigint primary key, title varchar(100), pages integer, price integer);',
      bad: `alter table books alter column pages type bigint;
alter table books alter column price type bigint;`,
      good: `alter table books alter column title type varchar(200);
alter table books alter column title type text;`,
    },
  ],
  *check(fact, context) {
    if (!context.transaction.open || context.facts[0] !== fact) return
    const own = context.effects.find((effect) => sameName(context.schema, effect.table, fact.table))
    if (own === undefined || !(own.scans || own.rewrites)) return
    const held = context.transaction.locks.find((effect) => sameName(context.schema, effect.table, fact.table))
    if (held === undefined || !(held.scans || held.rewrites) || !wasAltered(fact.table, context)) return
    const name = shortName(context.schema, fact.table)
    yield {
      at: fact.span,
      message: `A statement above goes through all of ${name} already; as one ALTER TABLE both would go through it once.`,
      instead: `alter table ${name}\n  <action of the statement above>,\n  <action of this one>;`,
    }
  },
})

const altering: ReadonlySet<FactKind> = new Set(looksAt)

function wasAltered(table: Name, { transaction, schema }: RuleContext): boolean {
  return transaction.earlier.some(
    (fact: Fact) =>
      altering.has(fact.kind) && 'table' in fact && fact.table !== undefined && sameName(schema, fact.table, table),
  )
}
