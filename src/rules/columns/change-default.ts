import type { DropDefault, SetDefault } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { plainDefault } from '../../model/plain-default.ts'
import { columnText, isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isNewColumn, isPrivate } from '../same-name.ts'

export const changeDefault: Rule = defineRule({
  id: 'change-default',
  summary: 'Another default changes what the running version writes when it leaves the column out.',
  severity: 'info',
  preset: 'strict',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['set-default', 'drop-default'],
  sources: [
    'strong_migrations:change_column_default',
    'online_migrations:change_column_default',
    'migrationpilot:MP048',
  ],
  why: `The change itself is one row in the catalogue and leaves the rows there are alone. But the old and the new version of the application run side by side, and rows that the old one inserts without the column get the new value from the commit on, whether the old one can read it or not. An ORM that has read the old default at its start goes on sending that one. A first default for a column that had none is not reported, nor a default that is taken from a NOT NULL column: drop-default-of-required-column reports that.`,
  examples: [
    {
      given: `create table books (id bigint primary key, state text not null default 'new');`,
      bad: `alter table books alter column state set default 'draft';`,
      good: `alter table books alter column state set default 'new';`,
    },
    {
      given: `create table books (id bigint primary key, language text default 'en', note text);`,
      bad: 'alter table books alter column language drop default;',
      good: `alter table books alter column note set default '';
alter table books alter column id drop default;`,
    },
  ],
  *check(fact, context) {
    if (isPrivate(fact.table, context) || isPlannedContract(context)) return
    if (isNewColumn(fact, fact.table, fact.column, context)) return
    const column = context.column(fact.table, fact.column)
    const before = column?.default
    if (column === undefined || before === undefined || before.isNull) return
    const after =
      fact.kind === 'drop-default' || fact.default.isNull ? undefined : plainDefault(fact.default.sql, column.type)
    if (after === before.sql || (after === undefined && column.notNull)) return
    yield {
      at: fact.span,
      message: `Rows that the running version inserts without ${columnText(fact.table, fact.column)} get ${after ?? 'NULL'} instead of ${before.sql} from now on.`,
      instead: insteadOf(fact, before.sql),
    }
  },
})

function insteadOf(fact: SetDefault | DropDefault, before: string): string {
  return [
    '-- let the application write the column itself first; then it does not matter:',
    `insert into ${nameText(fact.table)} (${quoteName(fact.column)}, …) values (${before}, …);`,
  ].join('\n')
}
