import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const exclusionConstraint: Rule = defineRule({
  id: 'exclusion-constraint',
  summary: 'Adding an exclusion constraint builds its index while reads and writes wait, and there is no other way.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
  looksAt: ['add-constraint'],
  sources: [
    'strong_migrations:add_exclusion_constraint',
    'online_migrations:add_exclusion_constraint',
    'eugene:E8',
    'pgfence:add-constraint-exclude',
    'postgres-language-server:avoidAddingExclusionConstraint',
    'migrationpilot:MP031',
    'pgfence:create-table-exclude-constraint',
  ],
  why: `EXCLUDE has neither NOT VALID nor USING INDEX: the server builds its index under ACCESS EXCLUSIVE and then reads the table a second time to look for rows that exclude each other. One such pair at the end makes all of it in vain. On a new table the constraint costs nothing, so the way is a new table with the constraint that the rows are copied to in batches, or a trigger that guards new rows.`,
  examples: [
    {
      given: 'create table loans (id bigint primary key, during int4range);',
      bad: 'alter table loans add constraint loans_no_overlap exclude using gist (during with &&);',
      good: `create table bookings (id bigint primary key, during int4range, code text unique);
alter table bookings add constraint bookings_no_overlap exclude using gist (during with &&);
alter table bookings add unique (during);`,
    },
    {
      given: 'create table loans (id bigint primary key, during int4range, lost boolean);',
      bad: 'alter table loans add exclude using gist (during with &&) where (not lost);',
      good: `create table bookings (id bigint primary key, during int4range, lost boolean, exclude using gist (during with &&) where (not lost));`,
    },
  ],
  *check(fact, context) {
    if (fact.constraint.type !== 'exclude' || isPrivate(fact.table, context)) return
    yield {
      at: fact.span,
      message: `The index of this exclusion constraint is built while all reads and writes of ${nameText(fact.table)} wait; PostgreSQL has no other way to add one to a table with rows.`,
      instead: `-- put the constraint on a new table, copy the rows in batches, and let the application change over`,
    }
  },
})
