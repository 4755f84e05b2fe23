import { listOf } from '../../core/text.ts'
import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { shortName } from '../same-name.ts'

export const viewWithoutSecurityInvoker: Rule = defineRule({
  id: 'view-without-security-invoker',
  summary:
    'A view reads tables with its owner’s rights, so that row security does not hold for those who read the view.',
  severity: 'warning',
  hazards: ['exposes-data'],
  looksAt: ['create-view'],
  sources: ['postgres-language-server:securityDefinerView'],
  why: `Policies of a table are checked for the owner of the view and not for the role that reads it, and the owner of a table passes by its policies: whoever may read the view sees all rows. Since PostgreSQL 15 WITH (security_invoker) makes the view use the rights and policies of the one who reads it. Only tables whose row security the history shows are known here; a view that is meant to show more than its readers may see says so with an allow.`,
  examples: [
    {
      given: `create table books (id bigint primary key, tenant text, title text);
create policy own_books on books using (tenant = current_user);
alter table books enable row level security;`,
      bad: 'create view titles as select id, title from books;',
      good: 'create view titles with (security_invoker = true) as select id, title from books;',
      versions: { from: 15 },
    },
    {
      given: `create table books (id bigint primary key, tenant text, title text);
create table genres (id bigint primary key, name text);
create policy own_books on books using (tenant = current_user);
alter table books enable row level security;`,
      bad: 'create or replace view titles as select b.id, g.name from books b join genres g on g.id = b.id;',
      good: 'create view names as select name from genres;',
      versions: { from: 15 },
    },
  ],
  *check(fact, context) {
    if (context.target < 15 || fact.securityInvoker || fact.materialized || fact.temporary) return
    const secured = fact.reads.filter(({ table }) => context.table(table)?.rowSecurity === true)
    if (secured.length === 0) return
    const tables = listOf(secured.map(({ table }) => shortName(context.schema, table)))
    const view = nameText(fact.view)
    yield {
      at: fact.span,
      message: `Whoever reads ${view} sees rows of ${tables} that the policies hide from them, because the view reads with its owner’s rights.`,
      instead: `create view ${view} with (security_invoker = true) as …;`,
    }
  },
})
