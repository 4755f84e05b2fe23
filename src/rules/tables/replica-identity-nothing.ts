import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const replicaIdentityNothing: Rule = defineRule({
  id: 'replica-identity-nothing',
  summary: 'With REPLICA IDENTITY NOTHING a published table refuses every UPDATE and DELETE.',
  severity: 'warning',
  hazards: ['fails', 'breaks-running-version', 'blocks-reads'],
  looksAt: ['change-table'],
  sources: ['pg-schema-diff:CORRECTNESS'],
  why: `The replica identity is what a logical replica is told about the row to change. With NOTHING there is nothing to tell, so as soon as the table is in a publication that sends updates or deletes, the publisher itself answers UPDATE and DELETE with SQLSTATE 55000, although the table has a primary key. Change-data feeds that read the log without a publication get deletes without a row.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table books replica identity nothing;',
      good: 'alter table books replica identity default;',
    },
    {
      given: `create table books (id bigint primary key, isbn text not null);
create unique index books_isbn_idx on books (isbn);`,
      bad: 'alter table books replica identity nothing;',
      good: 'alter table books replica identity using index books_isbn_idx;',
    },
  ],
  *check(fact, context) {
    if (fact.identity !== 'nothing' || isPrivate(fact.table, context)) return
    yield {
      at: fact.span,
      message: `Once ${nameText(fact.table)} is published, every UPDATE and DELETE of it fails.`,
      instead: `alter table ${nameText(fact.table)} replica identity default;`,
    }
  },
})
