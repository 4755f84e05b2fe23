import type { FactOf } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import { identifierText, namedTable } from '../backfill-words.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { sameName } from '../same-name.ts'

export const backfillWithoutBound: Rule = defineRule({
  id: 'backfill-without-bound',
  summary:
    'The key that the backfill declares does not limit what its statement changes, so it cannot be cut into batches.',
  severity: 'error',
  direction: 'up',
  hazards: ['fails', 'blocks-writes'],
  looksAt: ['update', 'delete', 'insert'],
  sources: ['lockstep:backfill-without-bound'],
  why: `The engine adds a range of the declared key to the one statement of the section and runs it again and again, a batch a transaction. Where the statement changes another table, or inserts rows that do not come from the declared one, no range of the key limits it; where it writes the key itself, rows move from one batch into another, and are met twice or never. Such a backfill is refused before its first batch (\`backfill-invalid\`).`,
  examples: [
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint, author_name text);`,
      bad: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:authors key:id
update books set author_name = authors.name from authors where authors.id = books.author_id;

-- migrate:down none because nothing else fills the column`,
      good: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set author_name = authors.name from authors where authors.id = books.author_id;

-- migrate:down none because nothing else fills the column`,
    },
    {
      given: `create table books (id bigint primary key, title text);
create table drafts (id bigint primary key, title text);
create table titles (title text primary key);`,
      bad: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
insert into titles (title) select title from drafts on conflict do nothing;

-- migrate:down none because the titles do no harm`,
      good: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:drafts key:id
insert into titles (title) select title from drafts on conflict do nothing;

-- migrate:down none because the titles do no harm`,
    },
    {
      given: 'create table books (id bigint primary key, number bigint, title text);',
      bad: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set id = number where number is not null and id < 0;

-- migrate:down none because the old ids are not kept`,
      good: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set number = id where number is null;

-- migrate:down none because nothing else fills the column`,
    },
  ],
  *check(fact, context) {
    const { backfill } = context.migration
    if (backfill === undefined) return
    const problem = problemOf(fact, backfill, context)
    if (problem === undefined) return
    yield {
      at: fact.span,
      message: problem,
      instead:
        fact.kind === 'insert'
          ? '-- name a table that each inserted row comes from:\n-- migrate:backfill table:<table> key:<its primary key>'
          : `-- migrate:backfill table:${nameText(fact.table)} key:<its primary key>`,
    }
  },
})

function problemOf(
  fact: FactOf<'update' | 'delete' | 'insert'>,
  backfill: { readonly table: string; readonly key: string },
  { schema }: RuleContext,
): string | undefined {
  const declared = namedTable(backfill.table)
  // A name that is no name is refused by the runner; what it would mean is not guessed.
  if (declared === undefined) return undefined
  const target = nameText(fact.table)
  if (fact.kind === 'insert') {
    if (fact.source !== 'select' || fact.reads.some(({ table }) => sameName(schema, table, declared))) return undefined
    return `The rows for ${target} do not come from ${backfill.table}, so a range of its ${backfill.key} does not limit them.`
  }
  if (!sameName(schema, fact.table, declared))
    return `The statement changes ${target}, and the backfill is declared for ${backfill.table}: a range of its ${backfill.key} does not limit the rows that are changed.`
  if (fact.kind === 'update' && fact.columns.includes(identifierText(backfill.key)))
    return `The statement writes ${backfill.table}.${backfill.key}, the key that its batches are cut by: rows move between batches.`
  return undefined
}
