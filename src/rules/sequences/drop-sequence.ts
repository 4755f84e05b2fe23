import { nameText } from '../../model/name.ts'
import { dropFinding, isDropExpected } from '../dropped.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const dropSequence: Rule = defineRule({
  id: 'drop-sequence',
  summary: 'Dropping a sequence breaks whatever takes numbers from it, and where it stood is lost.',
  severity: 'error',
  direction: 'up',
  hazards: ['loses-data', 'breaks-running-version'],
  looksAt: ['drop-object'],
  sources: ['pg-schema-diff:DELETES_DATA'],
  why: `The only thing that a sequence holds is the last number that it gave, and a sequence of the same name starts anew: numbers that were given once come again. A default that calls nextval makes the server refuse (SQLSTATE 2BP01), but a name in a function body or in the application's queries does not. The sequence of a serial or identity column goes with its column and needs no DROP.`,
  examples: [
    {
      given: 'create sequence invoice_numbers;',
      bad: 'drop sequence invoice_numbers;',
      good: `-- migrate:change invoice-numbers-drop
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop sequence invoice_numbers;

-- migrate:down
create sequence invoice_numbers;`,
    },
    {
      given:
        "create sequence invoice_numbers;\ncreate table invoices (id bigint primary key default nextval('invoice_numbers'));",
      bad: 'drop sequence if exists invoice_numbers;',
      good: 'create sequence scratch;\ndrop sequence scratch;',
      fails: '2BP01',
    },
  ],
  *check(drop, context) {
    if (drop.object !== 'sequence' || drop.cascade || isDropExpected(drop, 'sequence', drop.name, context)) return
    const name = nameText(drop.name)
    yield dropFinding(
      drop,
      'sequence',
      `${name} is gone with the last number that it gave, and every nextval of it fails.`,
    )
  },
})
