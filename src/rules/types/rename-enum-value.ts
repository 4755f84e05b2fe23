import { nameText, quoteLiteral } from '../../model/name.ts'
import { isCreatedHere } from '../created.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const renameEnumValue: Rule = defineRule({
  id: 'rename-enum-value',
  summary:
    'Renaming a value of an enum breaks every query of the running version that writes or compares the old name.',
  severity: 'error',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['rename-enum-value'],
  sources: [
    'strong_migrations:rename_enum_value',
    'online_migrations:rename_enum_value',
    'migrationpilot:MP060',
    'pgsafe:rename',
  ],
  why: `Rows keep a number and not the name, so the rename is one row of the catalogue and every row shows the new name at once. The running version reads a value that it does not know, and what it writes fails with "invalid input value for enum" (SQLSTATE 22P02). A subscriber of logical replication gets values by name and stops until its own type has the new one. A second value beside the old one, and a backfill between them, leaves both versions at work. A contract step behind a gate is not reported.`,
  examples: [
    {
      given: `create type mood as enum ('sad', 'happy');`,
      bad: `alter type mood rename value 'sad' to 'blue';`,
      good: `-- migrate:change mood-blue
-- migrate:phase expand

-- migrate:up
alter type mood add value 'blue' after 'sad';

-- migrate:down none because a value of an enum cannot be removed`,
    },
    {
      given: `create schema shop;\ncreate type shop.state as enum ('open', 'closed');`,
      bad: `alter type shop.state rename value 'open' to 'OPEN';`,
      good: `-- migrate:change state-open
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
alter type shop.state rename value 'open' to 'OPEN';

-- migrate:down
alter type shop.state rename value 'OPEN' to 'open';`,
    },
  ],
  *check(fact, context) {
    if (isPlannedContract(context) || isCreatedHere(fact, 'type', fact.type, context)) return
    const type = nameText(fact.type)
    yield {
      at: fact.span,
      message: `What the running version writes or compares as ${quoteLiteral(fact.value)} of ${type} fails from the commit on.`,
      instead: `-- then teach the application both values, and move the rows in a backfill:\nalter type ${type} add value ${quoteLiteral(fact.to)} after ${quoteLiteral(fact.value)};`,
    }
  },
})
