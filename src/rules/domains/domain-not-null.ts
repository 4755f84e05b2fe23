import { nameText, quoteName } from '../../model/name.ts'
import { domainUsers } from '../domain-users.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const domainNotNull: Rule = defineRule({
  id: 'domain-not-null',
  summary: 'SET NOT NULL on a domain reads every table that uses the domain while writes to all of them wait.',
  severity: 'error',
  hazards: ['blocks-writes', 'scans-table', 'breaks-running-version'],
  looksAt: ['alter-domain'],
  sources: ['pgsafe:add-domain-not-null'],
  why: `ALTER DOMAIN … SET NOT NULL takes SHARE on each table that has a column of the domain, one after the other, and looks for a NULL in all of their rows; it has no form that puts this off. It also does not hold everywhere: an outer join or an empty subquery still gives NULL as a value of the domain, and the server then fails queries that worked before. NOT NULL on the columns is what is meant almost always.`,
  examples: [
    {
      given: 'create domain word as text;\ncreate table books (id bigint primary key, title word);',
      bad: 'alter domain word set not null;',
      good: 'alter domain word add constraint word_not_null check (value is not null) not valid;',
    },
    {
      given: `create domain price as int;
create table books (id bigint primary key, price price);
create table offers (id bigint primary key, price price);`,
      bad: 'alter domain price set not null;',
      good: [
        'alter table books add constraint books_price_not_null check (price is not null) not valid;',
        'alter table books validate constraint books_price_not_null;',
        'alter table books alter column price set not null;',
      ],
    },
  ],
  *check(fact, context) {
    if (fact.action !== 'set-not-null') return
    const users = domainUsers(fact, context)
    if (users === undefined) return
    const domain = nameText(fact.domain)
    yield {
      at: fact.span,
      message: `Every row of every table that uses the domain ${domain}${users.listed} is tested for NULL while writes to these tables wait.`,
      instead: `alter domain ${domain} add constraint ${quoteName(`${fact.domain.name}_not_null`)} check (value is not null) not valid;`,
    }
  },
})
