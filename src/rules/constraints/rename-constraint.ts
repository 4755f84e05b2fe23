import { nameText, quoteName } from '../../model/name.ts'
import { addedHere } from '../brought-constraints.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const renameConstraint: Rule = defineRule({
  id: 'rename-constraint',
  summary:
    'A renamed constraint is no longer found by code that names it: ON CONFLICT ON CONSTRAINT, handlers of errors.',
  severity: 'warning',
  preset: 'strict',
  direction: 'up',
  hazards: ['breaks-running-version', 'blocks-reads'],
  looksAt: ['rename-constraint'],
  sources: ['pgsafe:rename'],
  why: `The name of a constraint is part of what the server answers to a violation, and many applications turn it into a message for the user; ON CONFLICT ON CONSTRAINT writes it into the query. Both see another name from the commit on, while the version that runs still looks for the old one. The rename takes ACCESS EXCLUSIVE for an instant. A constraint that the migration adds itself, and a contract step behind a gate, are not reported.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, isbn text unique);',
      bad: 'alter table books rename constraint books_isbn_key to books_isbn_unique;',
      good: `-- migrate:change books-isbn-key
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
alter table books rename constraint books_isbn_key to books_isbn_unique;

-- migrate:down
alter table books rename constraint books_isbn_unique to books_isbn_key;`,
    },
    {
      given: 'create table books (id bigint primary key, price int constraint positive check (price > 0));',
      bad: 'alter table books rename constraint positive to books_price_check;',
      good: `alter table books add constraint cheap check (price < 1000) not valid;
alter table books rename constraint cheap to books_price_cheap;`,
    },
  ],
  *check(fact, context) {
    const constraint = context.table(fact.table)?.constraints.get(fact.constraint)
    if (isPrivate(fact.table, context) || isPlannedContract(context)) return
    if (constraint !== undefined && addedHere(constraint, context)) return
    yield {
      at: fact.span,
      message: `Code of the running version that names ${quoteName(fact.constraint)}, in ON CONFLICT ON CONSTRAINT or to understand an error, no longer finds it.`,
      instead: `-- once every running version knows both names:\nalter table ${nameText(fact.table)} rename constraint ${quoteName(fact.constraint)} to ${quoteName(fact.to)};`,
    }
  },
})
