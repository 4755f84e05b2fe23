import { listOf } from '../../core/text.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { dropFinding, isDropExpected } from '../dropped.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { shortName } from '../same-name.ts'

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
      given: `create type mood as enum ('sad', 'happy');
create table readers (id bigint primary key, feels mood);`,
      bad: 'drop type mood;',
      good: 'create domain taste as text;\ndrop domain taste;',
      fails: '2BP01',
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
    const users = columnsOf(drop.name, context)
    const refused =
      users.length === 0
        ? ''
        : ` The server refuses as long as there ${users.length === 1 ? 'is' : 'are'} ${listOf(users)}.`
    const message = `Every query of the running version that names the ${drop.object} ${nameText(drop.name)} fails from the commit on.${refused}`
    yield dropFinding(drop, drop.object, message)
  },
})

/** Columns of the type, or of arrays of it. */
function columnsOf(name: Name, { schema }: RuleContext): readonly string[] {
  const type = schema.resolve(name)
  return schema
    .tables()
    .flatMap((table) =>
      [...table.columns.values()]
        .filter((column) => column.type?.name === type.name && (column.type.schema ?? type.schema) === type.schema)
        .map((column) => `column ${shortName(schema, table.name)}.${quoteName(column.name)}`),
    )
}
