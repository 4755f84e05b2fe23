import { listOf } from '../../core/text.ts'
import { nameText } from '../../model/name.ts'
import { dropFinding, isDropExpected } from '../dropped.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { shortName } from '../same-name.ts'

export const dropView: Rule = defineRule({
  id: 'drop-view',
  summary: 'Dropping a view breaks every query of the running version that reads it.',
  severity: 'error',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['drop-view'],
  sources: ['lockstep:drop-view'],
  why: `A view has no rows to lose, but it is a name that queries use, and from the commit on each of them fails with "relation does not exist" (SQLSTATE 42P01). Views that read it make the server refuse (SQLSTATE 2BP01); with CASCADE they go too, which drop-cascade reports. A view that this migration makes again is not reported, and neither is a contract step behind a gate.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);\ncreate view titles as select title from books;',
      bad: 'drop view titles;',
      good: 'drop view if exists titles;\ncreate view titles as select id, title from books;',
    },
    {
      given: `create table books (id bigint primary key, title text);
create materialized view titles as select title from books;`,
      bad: 'drop materialized view titles;',
      good: `-- migrate:change titles-drop
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop materialized view titles;

-- migrate:down
create materialized view titles as select title from books;`,
    },
  ],
  *check(drop, context) {
    const object = drop.materialized ? 'materialized-view' : 'view'
    if (drop.cascade || isDropExpected(drop, object, drop.view, context)) return
    const readers = context.schema.viewsOn(drop.view).map((view) => shortName(context.schema, view.name))
    const refused =
      readers.length === 0
        ? ''
        : ` The server refuses as long as ${listOf(readers)} ${readers.length === 1 ? 'reads' : 'read'} it.`
    const message = `Every query of the running version that reads ${nameText(drop.view)} fails from the commit on.${refused}`
    yield dropFinding(drop, object.replace('-', ' '), message)
  },
})
