import { listOf } from '../../core/text.ts'
import { blocksReads } from '../../model/lock.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'
import { heldValidation } from '../validation.ts'

export const validateWhileWritesWait: Rule = defineRule({
  id: 'validate-while-writes-wait',
  summary: 'VALIDATE CONSTRAINT reads the whole table while another statement of its transaction keeps writers out.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
  looksAt: ['validate-constraint'],
  sources: [
    'strong_migrations:validate_check_constraint',
    'strong_migrations:validate_foreign_key',
    'online_migrations:validate_constraint',
    'eugene:E4',
    'pgfence:validate-constraint',
    'migrationpilot:MP008',
  ],
  why: `By itself VALIDATE CONSTRAINT takes SHARE UPDATE EXCLUSIVE, which lets reads and writes through for the minutes that it reads the table. A transaction keeps every lock to its end, so whatever an earlier statement has locked stays locked for those minutes as well: after an ADD COLUMN, a CREATE TRIGGER or a LOCK TABLE nobody writes, or even reads, until the last row is checked. That a constraint is added and validated in one transaction is reported by add-check-validated and add-foreign-key-validated.`,
  examples: [
    {
      given: [
        'create table books (id bigint primary key, price int);',
        'alter table books add constraint books_price_check check (price > 0) not valid;',
      ],
      bad: `alter table books add column title text;
alter table books validate constraint books_price_check;`,
      good: ['alter table books add column title text;', 'alter table books validate constraint books_price_check;'],
    },
    {
      given: [
        `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint);
create index books_author_id_idx on books (author_id);`,
        'alter table books add foreign key (author_id) references authors not valid;',
      ],
      bad: `alter table authors add column born int;
alter table books validate constraint books_author_id_fkey;`,
      good: `alter table books validate constraint books_author_id_fkey;
alter table books add column title text;`,
    },
  ],
  *check(fact, context) {
    if (isPrivate(fact.table, context)) return
    const validation = heldValidation(fact, context)
    if (validation === undefined || validation.addedInTransaction) return
    const { held } = validation
    const waiting = held.some(({ lock }) => blocksReads(lock)) ? 'reads and writes' : 'writes'
    yield {
      at: fact.span,
      message: `Every row of ${nameText(fact.table)} is checked while this transaction still holds the lock of an earlier statement, and all ${waiting} of ${listOf(held.map(({ table }) => shortName(context.schema, table)))} wait.`,
      instead: `-- in a migration of its own:\nalter table ${nameText(fact.table)} validate constraint ${quoteName(fact.constraint)};`,
    }
  },
})
