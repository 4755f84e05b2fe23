import type { AlterType } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import { isCreatedHere } from '../created.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const changeCompositeType: Rule = defineRule({
  id: 'change-composite-type',
  summary: 'Another shape of a composite type breaks what the running version writes and reads of it.',
  severity: 'error',
  direction: 'up',
  hazards: ['breaks-running-version', 'blocks-reads', 'fails'],
  looksAt: ['alter-type'],
  sources: ['lockstep:change-composite-type'],
  why: `Values of a composite type are written by position, so with one attribute more or less row(…) of the running version does not fit any more, and drivers that looked the type up when they connected read the wrong shape. Another type for an attribute is refused while a column uses the composite type (SQLSTATE 0A000). With CASCADE each table that was made OF the type is changed too, under ACCESS EXCLUSIVE, and written anew where the type of an attribute changes. A contract step behind a gate is not reported.`,
  examples: [
    {
      given: `create type place as (shelf text, floor int);
create table books of place;`,
      bad: 'alter type place add attribute room int cascade;',
      good: 'create type place_with_room as (shelf text, floor int, room int);',
    },
    {
      given: `create type place as (shelf text, floor int);
create materialized view places as select row ('a', 1)::place as place;`,
      bad: 'alter type place alter attribute floor type bigint;',
      good: 'create type place_wide as (shelf text, floor bigint);',
      fails: '0A000',
    },
    {
      given: 'create type place as (shelf text, floor int);',
      bad: 'alter type place rename attribute floor to level;',
      good: `create type spot as (x int);
alter type spot add attribute y int;`,
    },
  ],
  *check(fact, context) {
    if (fact.action === 'other' || isPlannedContract(context)) return
    if (isCreatedHere(fact, 'type', fact.type, context)) return
    const type = nameText(fact.type)
    const tables = context.effects.map((effect) => nameText(effect.table))
    const waits = tables.length === 0 ? '' : ` Reads and writes of ${tables.join(', ')} wait meanwhile.`
    yield {
      at: fact.span,
      message: `${what[fact.action]} of ${type} changes under the running version, which writes and reads the old shape.${waits}`,
      instead: `-- a type beside it, and a column of that type beside the old one:\ncreate type ${nameText({ ...fact.type, name: `${fact.type.name}_new` })} as (…);`,
    }
  },
})

const what: Readonly<Record<Exclude<AlterType['action'], 'other'>, string>> = {
  'add-attribute': 'The number of attributes',
  'drop-attribute': 'The number of attributes',
  'alter-attribute': 'The type of an attribute',
  'rename-attribute': 'The name of an attribute',
}
