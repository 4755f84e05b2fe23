import type { ConstraintDefinition } from '../../model/constraint.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { broughtConstraints } from '../brought-constraints.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import type { Fact } from '../../model/fact.ts'

export const notEnforcedConstraint: Rule = defineRule({
  id: 'not-enforced-constraint',
  summary: 'A constraint that is NOT ENFORCED tests nothing: it reads like a guarantee and is none.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['create-table', 'add-column', 'add-constraint', 'alter-constraint'],
  sources: ['migrationpilot:MP082'],
  why: `From PostgreSQL 18 on a CHECK or a foreign key may be NOT ENFORCED: it stands in the catalogue, and the server neither tests old rows nor new ones. To enforce it later, all rows are checked under locks that make writes wait. Taking the enforcement away from a foreign key removes its triggers, which needs ACCESS EXCLUSIVE on both tables. NOT VALID tests at least every new row, and takes no longer.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, price int);',
      bad: 'alter table books add constraint books_price_check check (price > 0) not enforced;',
      good: 'alter table books add constraint books_price_check check (price > 0) not valid;',
      versions: { from: 18 },
    },
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint references authors (id));
create index books_author_id_idx on books (author_id);`,
      bad: 'alter table books alter constraint books_author_id_fkey not enforced;',
      good: 'alter table books alter constraint books_author_id_fkey not deferrable;',
      versions: { from: 18 },
    },
  ],
  *check(fact, context) {
    const table = nameText(fact.table)
    for (const constraint of broughtConstraints(fact)) {
      if (constraint.enforced || isEnforcedLater(constraint, context)) continue
      yield {
        at: constraint.span,
        message: `This constraint of ${table} is not enforced: neither its rows nor new ones are tested.`,
        instead: `-- NOT VALID instead of NOT ENFORCED, and in the next migration:\nalter table ${table} validate constraint ${quoteName(constraint.name ?? '<name>')};`,
      }
    }
    if (fact.kind !== 'alter-constraint' || fact.enforced !== false) return
    yield {
      at: fact.span,
      message: `From now on ${quoteName(fact.constraint)} of ${table} is not enforced: rows that break it get in.`,
      instead: `alter table ${table} alter constraint ${quoteName(fact.constraint)} enforced;`,
    }
  },
})

function isEnforcedLater(constraint: ConstraintDefinition, context: RuleContext): boolean {
  const enforces = (fact: Fact): boolean =>
    fact.kind === 'alter-constraint' && fact.enforced === true && fact.constraint === constraint.name
  return context.later.some(enforces)
}
