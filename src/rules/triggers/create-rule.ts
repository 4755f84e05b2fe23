import { nameText, quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const createRule: Rule = defineRule({
  id: 'create-rule',
  summary: 'A rule rewrites the statements of the running version, and making it stops reads and writes for a moment.',
  severity: 'warning',
  hazards: ['breaks-running-version', 'blocks-reads', 'blocks-writes'],
  looksAt: ['create-rule'],
  sources: ['lockstep:create-rule'],
  why: `A rule changes the text of a statement before it is planned: INSTEAD makes it do something else, and what it reports, such as the number of rows or RETURNING, is not what the application expects. Expressions with side effects may be worked out twice. CREATE RULE takes ACCESS EXCLUSIVE on the table. A trigger does the same for each row that is really written, with a weaker lock; rules on views, which have no rows, are not reported.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create rule keep_books as on delete to books do instead nothing;',
      good: `-- migrate:change books-keep
-- migrate:phase expand

-- migrate:up
create function keep_row() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger keep_books before delete on books for each row execute function keep_row();

-- migrate:down
drop trigger keep_books on books;
drop function keep_row();`,
    },
    {
      given: `create table books (id bigint primary key, title text);
create table book_log (book_id bigint);`,
      bad: 'create rule log_books as on insert to books do also insert into book_log values (new.id);',
      good: `create table drafts (id bigint primary key);
create rule keep_drafts as on delete to drafts do instead nothing;`,
    },
  ],
  *check(fact, context) {
    if (isPrivate(fact.table, context) || context.schema.view(fact.table) !== undefined) return
    const table = nameText(fact.table)
    const event = fact.event.toUpperCase()
    const does = fact.instead ? 'does something else than it says' : 'does more than it says'
    yield {
      at: fact.span,
      message: `Each ${event} of the running version on ${table} ${does}, and reads and writes of it wait while the rule is made.`,
      instead: `-- a trigger is called once for each row that is really written:\ncreate trigger ${quoteName(fact.rule)} before ${fact.event} on ${table} for each row execute function …;`,
    }
  },
})
