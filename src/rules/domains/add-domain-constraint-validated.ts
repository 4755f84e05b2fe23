import { nameText, quoteName } from '../../model/name.ts'
import { checkSql } from '../constraint-sql.ts'
import { domainUsers } from '../domain-users.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const addDomainConstraintValidated: Rule = defineRule({
  id: 'add-domain-constraint-validated',
  summary: 'Adding a constraint to a domain reads every table that uses the domain while writes to all of them wait.',
  severity: 'error',
  hazards: ['blocks-writes', 'scans-table'],
  looksAt: ['alter-domain'],
  sources: [
    'squawk:ban-alter-domain-with-add-constraint',
    'pgfence:ban-alter-domain-add-constraint',
    'pgsafe:add-domain-constraint-without-not-valid',
    'migrationpilot:MP043',
    'squawk:ban-create-domain-with-constraint',
    'pgfence:ban-create-domain-with-constraint',
  ],
  why: `ALTER DOMAIN … ADD CONSTRAINT takes SHARE on each table that has a column of the domain, one table after the other, reads all of their rows, and keeps the locks until the commit. NOT VALID leaves the rows alone and locks no table. A domain that this migration makes, and one that no table of a fully known history uses, are not reported.`,
  examples: [
    {
      given: 'create domain price as int;\ncreate table books (id bigint primary key, price price);',
      bad: 'alter domain price add constraint price_check check (value > 0);',
      good: 'alter domain price add constraint price_check check (value > 0) not valid;',
    },
    {
      given: `create domain word as text;
create table books (id bigint primary key, title word);
create table authors (id bigint primary key, name word, motto word);`,
      bad: `alter domain word add check (value <> '');`,
      good: `create domain label as text;
alter domain label add check (value <> '');
create table shelves (id bigint primary key, label label);`,
    },
  ],
  *check(fact, context) {
    const { constraint } = fact
    if (fact.action !== 'add-constraint' || constraint?.type !== 'check' || !constraint.valid) return
    const users = domainUsers(fact, context)
    if (users === undefined) return
    const domain = nameText(fact.domain)
    const name = quoteName(constraint.name ?? `${fact.domain.name}_check`)
    yield {
      at: fact.span,
      message: `Every row of every table that uses the domain ${domain}${users.listed} is tested while writes to these tables wait.`,
      instead: `alter domain ${domain} add constraint ${name} ${checkSql(constraint)} not valid;`,
    }
  },
})
