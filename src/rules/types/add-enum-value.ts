import { nameText, quoteLiteral } from '../../model/name.ts'
import { isCreatedHere } from '../created.ts'
import { isPlannedStep } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const addEnumValue: Rule = defineRule({
  id: 'add-enum-value',
  summary:
    'As soon as a new value of an enum is written, processes of the old version read a value that they do not know.',
  severity: 'info',
  preset: 'strict',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['add-enum-value'],
  sources: [
    'lockstep:add-enum-value',
    'pgfence:alter-enum-add-value',
    'postgres-language-server:avoidAlterEnumAddValue',
    'migrationpilot:MP012',
  ],
  why: `The statement itself locks no table. But types of an application are often a closed list made from the enum of the database: a deserialiser throws, or a switch without a default does nothing, when the new version writes the first row with the new value while the old one still reads. The version that can read it must be everywhere before one that writes it. A step of a declared change (migrate:change with a phase) is not reported.`,
  examples: [
    {
      given: `create type mood as enum ('sad', 'happy');`,
      bad: `alter type mood add value 'calm' after 'sad';`,
      good: `-- migrate:change mood-calm
-- migrate:phase expand

-- migrate:up
alter type mood add value 'calm' after 'sad';

-- migrate:down none because a value of an enum cannot be removed`,
    },
    {
      given: `create type mood as enum ('sad', 'happy');`,
      bad: `alter type mood add value if not exists 'calm' before 'happy';`,
      good: `create domain feeling as text check (value in ('sad', 'happy'));`,
    },
  ],
  *check(fact, context) {
    if (isPlannedStep(context) || isCreatedHere(fact, 'type', fact.type, context)) return
    if (context.schema.enumType(fact.type)?.values.includes(fact.value) === true) return
    yield {
      at: fact.span,
      message: `Processes of the old version meet ${quoteLiteral(fact.value)} of ${nameText(fact.type)} as soon as the new version writes it.`,
      instead: `-- first release a version that reads ${quoteLiteral(fact.value)}, then one that writes it; declare that:\n-- migrate:change …\n-- migrate:phase expand`,
    }
  },
})
