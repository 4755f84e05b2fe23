import { nameText } from '../../model/name.ts'
import { dropFinding, isDropExpected } from '../dropped.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const dropType: Rule = defineRule({
  id: 'drop-type',
  summary: 'Dropping a type breaks the queries of the running version that name it, as every cast to it does.',
  severity: 'error',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['drop-object'],
  sources: ['lockstep:drop-type'],
  why: `While a column, a function or another type uses it the server refuses (SQLSTATE 2BP01). What it cannot see are casts in the application's queries and in bodies of functions, and drivers that looked up the type's number when they connected: they fail from the commit on. With CASCADE the columns of the type go too, which drop-column reports.`,
  examples: [
    {
      given: `create type mood as enum ('sad', 'happy');`,
      bad: 'drop type mood;',
      good: `-- migrate:change mood-drop
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop type mood;

-- migrate:down
create type mood as enum ('sad', 'happy');`,
    },
    {
      given: 'create domain isbn as text;',
      bad: 'drop domain if exists isbn;',
      good: 'create domain scratch as text;\ndrop domain scratch;',
    },
  ],
  *check(drop, context) {
    if (drop.object !== 'type' && drop.object !== 'domain') return
    if (drop.cascade || isDropExpected(drop, drop.object, drop.name, context)) return
    const message = `Every query of the running version that names the ${drop.object} ${nameText(drop.name)} fails from the commit on.`
    yield dropFinding(drop, drop.object, message)
  },
})
