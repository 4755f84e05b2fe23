import { nameText, quoteName } from '../../model/name.ts'
import { domainUsers } from '../domain-users.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const validateDomainConstraint: Rule = defineRule({
  id: 'validate-domain-constraint',
  summary: 'Validating a constraint of a domain reads every table that uses it while writes to all of them wait.',
  severity: 'error',
  hazards: ['blocks-writes', 'scans-table'],
  looksAt: ['alter-domain'],
  sources: ['lockstep:validate-domain-constraint'],
  why: `VALIDATE CONSTRAINT on a table lets writes through; on a domain it does not. The server takes SHARE on each table that has a column of the domain, one after the other, reads all of their rows, and keeps every lock until the commit. A CHECK on each table, added NOT VALID and validated, tests the same rows beside the traffic; the constraint of the domain may then stay NOT VALID, since it is applied to every new value anyway.`,
  examples: [
    {
      given: [
        'create domain price as int;\ncreate table books (id bigint primary key, price price);',
        'alter domain price add constraint price_check check (value > 0) not valid;',
      ],
      bad: 'alter domain price validate constraint price_check;',
      good: [
        'alter table books add constraint books_price_check check (price > 0) not valid;',
        'alter table books validate constraint books_price_check;',
      ],
    },
    {
      given: [
        `create domain word as text;
create table books (id bigint primary key, title word);
create table authors (id bigint primary key, name word);`,
        `alter domain word add constraint word_check check (value <> '') not valid;`,
      ],
      bad: 'alter domain word validate constraint word_check;',
      good: `create domain label as text;
alter domain label add constraint label_check check (value <> '') not valid;
alter domain label validate constraint label_check;`,
    },
  ],
  *check(fact, context) {
    if (fact.action !== 'validate-constraint') return
    const users = domainUsers(fact, context)
    if (users === undefined) return
    const constraint = quoteName(fact.constraintName ?? '<name>')
    yield {
      at: fact.span,
      message: `Every row of every table that uses the domain ${nameText(fact.domain)}${users.listed} is tested for ${constraint} while writes to these tables wait.`,
      instead: `-- for each table, and leave the constraint of the domain as it is:\nalter table ${users.tables[0] ?? '<table>'} add constraint <name> check (<condition>) not valid;\n-- in the next migration:\nalter table ${users.tables[0] ?? '<table>'} validate constraint <name>;`,
    }
  },
})
