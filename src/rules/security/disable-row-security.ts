import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const disableRowSecurity: Rule = defineRule({
  id: 'disable-row-security',
  summary: 'Without row security everybody who may read the table sees all of its rows.',
  severity: 'error',
  direction: 'up',
  hazards: ['exposes-data', 'blocks-reads', 'blocks-writes'],
  looksAt: ['change-table'],
  sources: ['migrationpilot:MP079', 'pg-schema-diff:AUTHZ_UPDATE', 'postgres-language-server:rlsDisabledInPublic'],
  why: `The policies stay where they are and are not looked at any more: a role with SELECT on the table reads the rows of every tenant, one with UPDATE changes them. The application does not notice, its queries give more rows than before. NO FORCE does the same for the owner of the table, which is often the role that the application signs in as. Both take ACCESS EXCLUSIVE for a moment. What must read everything can have a policy of its own, or the attribute BYPASSRLS.`,
  examples: [
    {
      given: `create table books (id bigint primary key, tenant text);
create policy own_books on books using (tenant = current_user);
alter table books enable row level security;`,
      bad: 'alter table books disable row level security;',
      good: 'create policy all_books on books for select to pg_monitor using (true);',
    },
    {
      given: `create table books (id bigint primary key, tenant text);
create policy own_books on books using (tenant = current_user);
alter table books enable row level security, force row level security;`,
      bad: 'alter table books no force row level security;',
      good: `create table drafts (id bigint primary key);
alter table drafts disable row level security;`,
    },
  ],
  *check(fact, context) {
    const off = fact.action === 'disable-row-security'
    if ((!off && fact.action !== 'no-force-row-security') || isPrivate(fact.table, context)) return
    const table = nameText(fact.table)
    yield {
      at: fact.span,
      message: off
        ? `Every role with a right on ${table} sees all of its rows from the commit on, whatever its policies say.`
        : `The owner of ${table} sees all of its rows from the commit on, whatever its policies say.`,
      instead: `-- for the role that must see everything:\ncreate policy … on ${table} for select to … using (true);`,
    }
  },
})
