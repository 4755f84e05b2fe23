import { nameText, quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const deferConstraint: Rule = defineRule({
  id: 'defer-constraint',
  summary: 'A constraint that becomes DEFERRABLE may answer at COMMIT, where the running version expects no error.',
  severity: 'info',
  preset: 'strict',
  hazards: ['breaks-running-version', 'blocks-reads', 'blocks-writes'],
  looksAt: ['alter-constraint'],
  sources: ['lockstep:defer-constraint'],
  why: `ALTER CONSTRAINT takes ACCESS EXCLUSIVE on the table for an instant. From then on a transaction may put the check off to its end, and INITIALLY DEFERRED does so always: a violation is reported by COMMIT and not by the statement that made it, so a handler around the statement no longer sees it, and what the transaction did in between is lost with it. Queued checks also use memory for each row that the transaction changes.`,
  examples: [
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint references authors (id));
create index books_author_id_idx on books (author_id);`,
      bad: 'alter table books alter constraint books_author_id_fkey deferrable initially deferred;',
      good: 'alter table books alter constraint books_author_id_fkey not deferrable;',
    },
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint references authors (id));
create index books_author_id_idx on books (author_id);`,
      bad: 'alter table books alter constraint books_author_id_fkey deferrable;',
      good: `create table shelves (id bigint primary key, next_id bigint unique references shelves (id));
alter table shelves alter constraint shelves_next_id_fkey deferrable;`,
    },
  ],
  *check(fact, context) {
    if (fact.deferrable !== true || isPrivate(fact.table, context)) return
    yield {
      at: fact.span,
      message: `A violation of ${quoteName(fact.constraint)} of ${nameText(fact.table)} may from now on be reported by COMMIT instead of the statement that made it.`,
      instead: `-- once every running version expects errors at COMMIT:\n${context.statement.sql};`,
    }
  },
})
