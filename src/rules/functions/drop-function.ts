import { listOf } from '../../core/text.ts'
import { nameText } from '../../model/name.ts'
import { callersOf } from '../column-dependents.ts'
import { dropFinding, isDropExpected } from '../dropped.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const dropFunction: Rule = defineRule({
  id: 'drop-function',
  summary: 'Dropping a function breaks every query, trigger and function of the running version that calls it.',
  severity: 'error',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['drop-object'],
  sources: ['lockstep:drop-function'],
  why: `From the commit on a call fails with "function does not exist" (SQLSTATE 42883). The server refuses to drop only what triggers, defaults, views and indexes use; bodies of other functions are text for it, and the application's queries are not known to it. A function that this migration makes again is not reported, and neither is a contract step behind a gate.`,
  examples: [
    {
      given: `create function title_of(id bigint) returns text language sql stable as $$ select 'x' $$;`,
      bad: 'drop function title_of(bigint);',
      good: `drop function title_of(bigint);
create function title_of(book bigint) returns text language sql stable as $$ select 'x' $$;`,
    },
    {
      given: `create function new_number() returns bigint language sql volatile as $$ select 7::bigint $$;
create table books (id bigint primary key, number bigint default new_number());`,
      bad: 'drop function new_number();',
      good: `-- migrate:change number-drop
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
alter table books alter column number drop default;
drop function new_number();

-- migrate:down
create function new_number() returns bigint language sql volatile as $$ select 7::bigint $$;
alter table books alter column number set default new_number();`,
      fails: '2BP01',
    },
    {
      given: 'create procedure tidy() language sql as $$ select 1 $$;',
      bad: 'drop procedure tidy;',
      good: `-- migrate:change tidy-drop
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop procedure tidy;

-- migrate:down
create procedure tidy() language sql as $$ select 1 $$;`,
    },
  ],
  *check(drop, context) {
    if (drop.object !== 'function' && drop.object !== 'procedure' && drop.object !== 'aggregate') return
    if (drop.cascade || isDropExpected(drop, drop.object, drop.name, context)) return
    const name = `${nameText(drop.name)}(${(drop.argumentTypes ?? []).join(', ')})`
    const callers = callersOf(drop.name, context)
    const refused =
      callers.length === 0
        ? ''
        : ` The server refuses as long as there ${callers.length === 1 ? 'is' : 'are'} ${listOf(callers)}.`
    yield dropFinding(
      drop,
      drop.object,
      `Every call of ${name} by the running version fails from the commit on.${refused}`,
    )
  },
})
