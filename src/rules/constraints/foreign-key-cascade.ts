import type { ForeignKeyConstraint } from '../../model/constraint.ts'
import type { FactOf } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { constraintsOf, foreignKeySql } from '../constraint-sql.ts'
import { bringsConstraints, broughtOf } from '../brought-constraints.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const foreignKeyCascade: Rule = defineRule({
  id: 'foreign-key-cascade',
  summary: 'ON DELETE CASCADE lets one DELETE of a parent row delete any number of rows of other tables.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['loses-data'],
  looksAt: bringsConstraints,
  sources: ['migrationpilot:MP086'],
  why: `The server deletes the rows that reference a deleted row in the same transaction, and the rows that reference those, without a limit and without telling the client how many. A DELETE that was meant for one row then holds row locks on thousands and writes as much WAL; a mistaken one takes everything below it along. Where the key is part of the table's own primary key, as in a table that only joins two others, the row means nothing without its parent, and the rule is silent.`,
  examples: [
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint);
create index books_author_id_idx on books (author_id);`,
      bad: 'alter table books add foreign key (author_id) references authors on delete cascade not valid;',
      good: 'alter table books add foreign key (author_id) references authors on delete restrict not valid;',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `create table reviews (id bigint primary key, book_id bigint references books (id) on delete cascade);
create index reviews_book_id_idx on reviews (book_id);`,
      good: `create table book_tags (book_id bigint references books (id) on delete cascade, tag text, primary key (book_id, tag));`,
    },
  ],
  *check(fact, context) {
    const ownKey = primaryKeyOf(fact, context)
    for (const key of broughtOf(fact, 'foreign-key')) {
      if (key.onDelete !== 'cascade' || key.columns.some((column) => ownKey.includes(column))) continue
      const parent = nameText(key.references)
      yield {
        at: key.span,
        message: `Deleting one row of ${parent} deletes all rows of ${nameText(fact.table)} that reference it by ${key.columns.map(quoteName).join(', ')}, and what depends on those, without a word to the client.`,
        instead: `-- delete the rows in batches first; the key then guards against leaving any:\n${foreignKeySql({ ...key, onDelete: 'restrict' }, key.columns)}`,
      }
    }
  },
})

function primaryKeyOf(
  fact: FactOf<(typeof bringsConstraints)[number]>,
  context: RuleContext,
): ForeignKeyConstraint['columns'] {
  return fact.kind === 'create-table'
    ? broughtOf(fact, 'primary-key').flatMap(({ columns }) => columns)
    : constraintsOf([...(context.table(fact.table)?.constraints.values() ?? [])], 'primary-key').flatMap(
        ({ columns }) => columns,
      )
}
