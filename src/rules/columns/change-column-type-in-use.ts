import { listOf } from '../../core/text.ts'
import type { SetColumnType } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { TypeName } from '../../model/type.ts'
import { columnDependents } from '../column-dependents.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'

export const changeColumnTypeInUse: Rule = defineRule({
  id: 'change-column-type-in-use',
  summary:
    'The server refuses another type for a column that a trigger or generated column uses, or whose default cannot follow.',
  severity: 'error',
  hazards: ['fails'],
  looksAt: ['set-column-type'],
  sources: ['lockstep:change-column-type-in-use'],
  why: `A trigger that fires on UPDATE OF the column, or has it in its WHEN, and a generated column computed from it were checked with the old type; the server does not check them anew but refuses the change. A default is cast to the new type without USING, and where there is no cast that an assignment would make, such as from a text to a number, the statement fails with SQLSTATE 42804. Views are told by change-column-type. What is dropped earlier in the same migration is not reported.`,
  examples: [
    {
      given: `create table books (id bigint primary key, title varchar(50));
create function noted() returns trigger language plpgsql as 'begin return new; end';
create trigger books_titled before update of title on books for each row execute function noted();`,
      bad: 'alter table books alter column title type varchar(100);',
      good: `-- migrate:change books-title
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop trigger books_titled on books;
alter table books alter column title type varchar(100);
create trigger books_titled before update of title on books for each row execute function noted();

-- migrate:down none because the wider type does no harm`,
      fails: '0A000',
    },
    {
      given: `create table books (id bigint primary key, note text default 'none');`,
      bad: 'alter table books alter column note type int using length(note);',
      good: `alter table books alter column note type varchar;`,
      fails: '42804',
    },
  ],
  *check(change, context) {
    const column = context.column(change.table, change.column)
    const users = columnDependents(change.table, change.column, context)
    const table = `alter table ${nameText(change.table)} alter column ${quoteName(change.column)}`
    if (users.length > 0) {
      yield {
        at: change.span,
        message: `The server refuses to change the type of ${columnText(change.table, change.column)} while ${listOf(users.map(({ text }) => text))} ${users.length === 1 ? 'uses' : 'use'} it.`,
        instead: [
          ...users.map(({ drop }) => drop),
          `${table} type ${change.type.sql};`,
          '-- and create it again.',
        ].join('\n'),
      }
    }
    if (column?.default !== undefined && column.type !== undefined) yield* ofDefault(change, column.type, context)
  },
})

/** A default of a text cannot become a number, a time or a truth value by itself. */
function* ofDefault(change: SetColumnType, from: TypeName, context: RuleContext): Iterable<RuleFinding> {
  if (!texts.has(from.name) || !noText.has(change.type.name) || from.array || change.type.array) return
  const droppedHere = context.facts.some((fact) => fact.kind === 'drop-default' && fact.column === change.column)
  if (droppedHere) return
  const table = `alter table ${nameText(change.table)} alter column ${quoteName(change.column)}`
  yield {
    at: change.span,
    message: `The default of ${columnText(change.table, change.column)} is ${from.sql} and cannot be cast to ${change.type.sql} by itself.`,
    instead: `${table} drop default;\n${table} type ${change.type.sql} using …;\n${table} set default …;`,
  }
}

const texts: ReadonlySet<string> = new Set(['text', 'character varying', 'character'])
const noText: ReadonlySet<string> = new Set(
  'smallint,integer,bigint,numeric,real,double precision,boolean,date,uuid,json,jsonb,bytea'.split(','),
)
