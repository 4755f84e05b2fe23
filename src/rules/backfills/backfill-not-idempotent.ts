import { listOf } from '../../core/text.ts'
import type { FactOf } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { sameName } from '../same-name.ts'

export const backfillNotIdempotent: Rule = defineRule({
  id: 'backfill-not-idempotent',
  summary: 'Running a batch of the backfill twice changes the rows twice.',
  severity: 'warning',
  direction: 'up',
  hazards: ['loses-data'],
  looksAt: ['update', 'insert'],
  sources: ['lockstep:backfill-not-idempotent'],
  why: `A backfill commits batch by batch, beside the application, for hours or days. It is stopped and started again, taken back and repeated after a downgrade, or run again from the beginning when somebody doubts the result. A column that gets a value from its own old one (n + 1, a text put before a text) is then changed once more, and an INSERT adds the rows a second time. A WHERE that tells the rows that are done from the others makes every batch repeatable: a column of its own that says so, or ON CONFLICT for an INSERT.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, price integer, price_cents integer);',
      bad: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set price = price * 100;

-- migrate:down none because rounded prices do not come back`,
      good: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set price_cents = price * 100 where price_cents is null;

-- migrate:down none because nothing else fills the column`,
    },
    {
      given: `create table books (id bigint primary key, title text);
create table titles (id bigint generated always as identity primary key, book_id bigint, title text);`,
      bad: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
insert into titles (book_id, title) select id, title from books;

-- migrate:down none because the titles do no harm`,
      good: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
insert into titles (book_id, title)
  select id, title from books where not exists (select from titles where titles.book_id = books.id);

-- migrate:down none because the titles do no harm`,
    },
    {
      given: 'create table books (id bigint primary key, isbn text);',
      bad: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set isbn = '978-' || isbn where isbn is not null;

-- migrate:down none because the numbers stay valid`,
      good: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set isbn = '978-' || isbn where isbn not like '978-%';

-- migrate:down none because the numbers stay valid`,
    },
  ],
  *check(fact, context) {
    if (context.migration.backfill === undefined) return
    if (fact.kind === 'insert') {
      if (!addsAgain(fact, context)) return
      const table = nameText(fact.table)
      yield {
        at: fact.span,
        message: `A batch that runs twice inserts its rows into ${table} twice, or fails on a key that is there already.`,
        instead: `${context.statement.sql}\n  on conflict do nothing; -- with a unique index on what makes a row of ${table} the same`,
      }
      return
    }
    const again = (fact.accumulates ?? []).filter((column) => !isDocument(fact, column, context))
    // A condition on what the statement writes can tell the rows that are done; whether it does is not judged.
    if (again.length === 0 || fact.columns.some((column) => fact.whereColumns?.includes(column) === true)) return
    const columns = listOf(again.map((column) => columnText(fact.table, column)))
    yield {
      at: fact.span,
      message: `A batch that runs twice changes ${columns} twice, because the new value is made from the old one.`,
      instead: `-- write to another column, and only where it is not written yet:\nupdate ${nameText(fact.table)} set <new column> = … ${quoteName(again[0] ?? '')} … where <new column> is null;`,
    }
  },
})

/** Keys of a document are set, not added: `data || '{"kind": 1}'` gives the same the second time. */
function isDocument(fact: FactOf<'update'>, column: string, context: RuleContext): boolean {
  const type = context.column(fact.table, column)?.type
  return type !== undefined && !type.array && ['json', 'jsonb', 'hstore'].includes(type.name)
}

/** An INSERT whose query looks at the target itself is taken to leave out what is there. */
function addsAgain(fact: FactOf<'insert'>, { schema }: RuleContext): boolean {
  if (fact.source !== 'select' || fact.onConflict !== 'none') return false
  return !fact.reads.some(({ table }) => sameName(schema, table, fact.table))
}
