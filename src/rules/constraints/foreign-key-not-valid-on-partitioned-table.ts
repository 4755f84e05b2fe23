import { nameText, quoteName } from '../../model/name.ts'
import { addThenValidate, constraintName, foreignKeySql } from '../constraint-sql.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const foreignKeyNotValidOnPartitionedTable: Rule = defineRule({
  id: 'foreign-key-not-valid-on-partitioned-table',
  summary: 'Up to PostgreSQL 17 a partitioned table refuses a foreign key that is NOT VALID.',
  severity: 'error',
  hazards: ['fails'],
  looksAt: ['add-constraint'],
  sources: ['lockstep:foreign-key-not-valid-on-partitioned-table'],
  why: `The server answers with SQLSTATE 42809, because before PostgreSQL 18 the state of a key of the parent could differ from that of its partitions. Each partition for itself accepts it, and can be validated beside the traffic. From 18 on the parent does too.`,
  examples: [
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint, author_id bigint, year int, primary key (id, year)) partition by range (year);
create index books_author_id_idx on books (author_id);
create table books_old partition of books for values from (0) to (2000);`,
      bad: 'alter table books add foreign key (author_id) references authors not valid;',
      good: [
        'alter table books_old add constraint books_author_id_fkey foreign key (author_id) references authors not valid;',
        'alter table books_old validate constraint books_author_id_fkey;',
      ],
      versions: { to: 17 },
      fails: '42809',
    },
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint, author_id bigint, year int, primary key (id, year)) partition by list (year);
create table books_all partition of books default;
create index books_author_id_idx on books (author_id);`,
      bad: 'alter table books add constraint by_author foreign key (author_id) references authors (id) not valid;',
      good: `create table essays (id bigint primary key, author_id bigint);
create index essays_author_id_idx on essays (author_id);
alter table essays add foreign key (author_id) references authors not valid;`,
      versions: { to: 17 },
      fails: '42809',
    },
  ],
  *check(fact, context) {
    const { constraint } = fact
    const table = context.table(fact.table)
    if (constraint.type !== 'foreign-key' || constraint.valid || context.target >= 18) return
    if (table?.partitionBy === undefined) return
    const name = constraintName(fact.table, constraint.columns, 'fkey', constraint.name)
    const definition = foreignKeySql(constraint, constraint.columns)
    const [partition] = table.partitions
    yield {
      at: fact.span,
      message: `${nameText(fact.table)} is partitioned, and PostgreSQL ${context.target} refuses a NOT VALID foreign key on it: the migration fails.`,
      instead:
        partition === undefined
          ? `alter table ${nameText(fact.table)} add constraint ${quoteName(name)} ${definition};`
          : `-- on each partition, and on the parent when all of them have it:\n${addThenValidate(partition, name, definition)}`,
    }
  },
})
