import { listOf } from '../../core/text.ts'
import { blocksWrites } from '../../model/lock.ts'
import type { Name } from '../../model/name.ts'
import { nameText } from '../../model/name.ts'
import type { Fact } from '../../model/fact.ts'
import { bringsConstraints, broughtOf } from '../brought-constraints.ts'
import { visibleParents } from '../foreign-keys.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { sameName, shortName } from '../same-name.ts'

export const severalForeignKeysAtOnce: Rule = defineRule({
  id: 'several-foreign-keys-at-once',
  summary: 'One statement with foreign keys to several tables locks all of these against writes until the commit.',
  severity: 'warning',
  hazards: ['blocks-writes', 'fails'],
  looksAt: bringsConstraints,
  sources: [
    'online_migrations:multiple_foreign_keys',
    'eugene:E4',
    'pgfence:wide-lock-window',
    'postgres-language-server:avoidWideLockWindow',
    'migrationpilot:MP008',
  ],
  why: `Each foreign key takes SHARE ROW EXCLUSIVE on the table that it references, one after the other, and keeps it until the commit. While the second lock is waited for, all writes to the first table wait as well, and a session that writes to the two tables in the other order is in a deadlock with the migration (SQLSTATE 40P01). One key a transaction makes each wait short. For a new table this is reported at level info, since nothing is checked; keys in different statements are reported by several-strong-locks-in-one-transaction.`,
  examples: [
    {
      given:
        'create table authors (id bigint primary key, name text);\ncreate table books (id bigint primary key, title text);',
      bad: `create table contracts (id bigint primary key, author_id bigint references authors (id), book_id bigint references books (id));
create index contracts_author_id_idx on contracts (author_id);
create index contracts_book_id_idx on contracts (book_id);`,
      good: [
        `create table contracts (id bigint primary key, author_id bigint references authors (id), book_id bigint);
create index contracts_author_id_idx on contracts (author_id);
create index contracts_book_id_idx on contracts (book_id);`,
        'alter table contracts add constraint contracts_book_id_fkey foreign key (book_id) references books (id) not valid;',
        'alter table contracts validate constraint contracts_book_id_fkey;',
      ],
    },
    {
      given: `create table authors (id bigint primary key, name text);
create table genres (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint, genre_id bigint);
create index books_author_id_idx on books (author_id);
create index books_genre_id_idx on books (genre_id);`,
      bad: `alter table books
  add foreign key (author_id) references authors not valid,
  add foreign key (genre_id) references genres not valid;`,
      good: [
        'alter table books add foreign key (author_id) references authors not valid;',
        'alter table books add foreign key (genre_id) references genres not valid;',
      ],
    },
  ],
  *check(fact, context) {
    if (context.transaction.locks.some(({ lock }) => blocksWrites(lock))) return
    const before = context.facts.slice(0, context.facts.indexOf(fact))
    if (parentsOf(before, fact.table, context).length > 1) return
    if (parentsOf([...before, fact], fact.table, context).length < 2) return
    const parents = parentsOf(context.facts, fact.table, context).map((name) => shortName(context.schema, name))
    const isNew = fact.kind === 'create-table'
    yield {
      at: fact.span,
      ...(isNew ? { severity: 'info' } : {}),
      message: `The foreign keys of ${nameText(fact.table)} make writes to ${listOf(parents)} wait together until the commit.`,
      instead: isNew
        ? '-- create the table with one of the keys, and add each other one in a migration of its own, NOT VALID'
        : '-- add each key in a migration of its own, NOT VALID, and validate it in the next one',
    }
  },
})

/** The tables that other sessions can see and that the foreign keys of these facts on `table` point at. */
function parentsOf(facts: readonly Fact[], table: Name, context: RuleContext): readonly Name[] {
  const keys = facts.flatMap((fact) =>
    'table' in fact && fact.table !== undefined && sameName(context.schema, fact.table, table)
      ? broughtOf(fact, 'foreign-key')
      : [],
  )
  return visibleParents(table, keys, context)
}
