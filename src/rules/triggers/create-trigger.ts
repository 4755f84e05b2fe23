import { nameText, quoteName } from '../../model/name.ts'
import { isPlannedStep } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const createTrigger: Rule = defineRule({
  id: 'create-trigger',
  summary:
    'A new trigger makes writes wait for a moment, and from then on runs with every write of the running version.',
  severity: 'warning',
  preset: 'strict',
  direction: 'up',
  hazards: ['blocks-writes', 'breaks-running-version'],
  looksAt: ['create-trigger'],
  sources: ['pgfence:create-trigger', 'postgres-language-server:avoidCreateTrigger', 'migrationpilot:MP090'],
  why: `CREATE TRIGGER takes SHARE ROW EXCLUSIVE on the table, for a row trigger on all its partitions too: writes wait behind it, and it waits behind every transaction that has written. An error in the function is an error of the application's own INSERT from the commit on. The lock is short with a lock_timeout and the function is often harmless, so the rule is asked for in the preset strict only; a step of a declared change (migrate:change with a phase) is not reported.`,
  examples: [
    {
      given: `create table books (id bigint primary key, title text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;`,
      bad: 'create trigger books_touch before update on books for each row execute function touch();',
      good: `-- migrate:change books-touch
-- migrate:phase expand

-- migrate:up
create trigger books_touch before update on books for each row execute function touch();

-- migrate:down
drop trigger books_touch on books;`,
    },
    {
      given: `create table books (id bigint primary key, title text);
create function touch() returns trigger language plpgsql as $$ begin return null; end $$;`,
      bad: 'create constraint trigger books_touch after insert on books for each row execute function touch();',
      good: `create table drafts (id bigint primary key);
create trigger drafts_touch before update on drafts for each row execute function touch();`,
    },
  ],
  *check(fact, context) {
    if (isPrivate(fact.table, context) || context.schema.view(fact.table) !== undefined) return
    if (isPlannedStep(context)) return
    const table = nameText(fact.table)
    const events = fact.events.map((event) => event.toUpperCase()).join(', ')
    yield {
      at: fact.span,
      message: `Writes of ${table} wait while the trigger ${quoteName(fact.trigger)} is made, and each ${events} of the running version calls ${nameText(fact.function)}() from then on.`,
      instead: `-- in a migration of its own, where it gives up soon and is tried again:\nset local lock_timeout = '2s';\n${context.statement.sql};`,
    }
  },
})
