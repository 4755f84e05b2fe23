import { nameText, quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const changeOwner: Rule = defineRule({
  id: 'change-owner',
  summary:
    'A new owner takes from the old one the right to use the table, and makes reads and writes wait for a moment.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['breaks-running-version', 'blocks-reads', 'blocks-writes'],
  looksAt: ['change-table'],
  sources: ['pg-schema-diff:AUTHZ_UPDATE'],
  why: `The owner has every right on a table without a GRANT, may change and drop it, and passes by its policies. After OWNER TO the old role has only what was granted to it, which is nothing in most databases: a running version that signs in as it gets "permission denied" (SQLSTATE 42501). The change itself is one row of the catalogue under ACCESS EXCLUSIVE. It is right when roles are put in order, so the rule is asked for in the preset strict only.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table books owner to current_user;',
      good: 'grant select, insert, update, delete on books to current_user;',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table if exists books owner to current_role;',
      good: 'create table drafts (id bigint primary key);\nalter table drafts owner to current_user;',
    },
  ],
  *check(fact, context) {
    if (fact.action !== 'owner' || isPrivate(fact.table, context)) return
    const table = nameText(fact.table)
    yield {
      at: fact.span,
      message: `The role that owned ${table} loses every right on it that was not granted to it by name.`,
      instead: `grant select, insert, update, delete on ${table} to ${fact.to === undefined ? '…' : quoteName(fact.to)};`,
    }
  },
})
