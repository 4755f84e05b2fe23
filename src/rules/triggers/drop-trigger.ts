import { nameText, quoteName } from '../../model/name.ts'
import { isCreatedAgain, isCreatedHere } from '../created.ts'
import { changeName, contractFile, isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const dropTrigger: Rule = defineRule({
  id: 'drop-trigger',
  summary: 'Dropping a trigger makes reads and writes wait for a moment, and the running version loses what it did.',
  severity: 'warning',
  direction: 'up',
  hazards: ['breaks-running-version', 'blocks-reads', 'blocks-writes'],
  looksAt: ['drop-object'],
  sources: ['pgfence:drop-trigger', 'postgres-language-server:banDropTrigger'],
  why: `DROP TRIGGER takes ACCESS EXCLUSIVE on the table, a stronger lock than the one that makes a trigger, so that reads queue behind it too. From the commit on nothing keeps the copies, sums or logs that the trigger kept, while the running version still counts on them. A trigger that is made again by the same migration is not reported, and neither is a contract step behind a gate.`,
  examples: [
    {
      given: `create table books (id bigint primary key, title text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger books_touch before update on books for each row execute function touch();`,
      bad: 'drop trigger books_touch on books;',
      good: `-- migrate:change books-touch-drop
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop trigger books_touch on books;

-- migrate:down
create trigger books_touch before update on books for each row execute function touch();`,
    },
    {
      given: `create table books (id bigint primary key, title text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger books_touch before update on books for each row execute function touch();`,
      bad: 'drop trigger if exists books_touch on books cascade;',
      good: `create table drafts (id bigint primary key);
create trigger drafts_touch before update on drafts for each row execute function touch();
drop trigger drafts_touch on drafts;`,
    },
  ],
  *check(drop, context) {
    if (drop.object !== 'trigger' || drop.table === undefined) return
    if (isPrivate(drop.table, context) || isPlannedContract(context)) return
    if (isCreatedHere(drop, 'trigger', drop.name, context, drop.table)) return
    if (isCreatedAgain('trigger', drop.name, context, drop.table)) return
    const table = nameText(drop.table)
    const trigger = quoteName(drop.name.name)
    const calls = context.table(drop.table)?.triggers.get(drop.name.name)?.function
    yield {
      at: drop.span,
      message: `Reads and writes of ${table} wait for a moment, and ${calls === undefined ? 'what the trigger does' : `${nameText(calls)}()`} is not done for the running version any more.`,
      instead: contractFile(
        changeName(drop.table, drop.name.name, 'drop'),
        [`drop trigger ${trigger} on ${table};`],
        ['-- migrate:down', `create trigger ${trigger} … on ${table} …;`],
      ),
    }
  },
})
