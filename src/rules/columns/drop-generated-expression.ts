import { nameText, quoteName } from '../../model/name.ts'
import { columnText, isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const dropGeneratedExpression: Rule = defineRule({
  id: 'drop-generated-expression',
  summary: 'After DROP EXPRESSION nobody computes the column: rows of the running version get NULL in it.',
  severity: 'warning',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['change-generated'],
  sources: ['lockstep:drop-generated-expression'],
  why: `The column becomes an ordinary one and keeps the values it has. The running version cannot write it, because until now that was forbidden, so each row that it inserts holds NULL there and each row that it changes keeps a value that is out of date; where the column is NOT NULL its inserts fail. A trigger made in the same migration that writes the column takes over. The rule is silent when one is created later in the migration, and in a contract step behind a gate.`,
  examples: [
    {
      given:
        'create table books (id bigint primary key, pages int, sheets int generated always as (pages / 2) stored);',
      bad: 'alter table books alter column sheets drop expression;',
      good: `-- migrate:change books-sheets
-- migrate:phase expand

-- migrate:up
alter table books alter column sheets drop expression;
create function books_sheets() returns trigger language plpgsql as $$
begin
  new.sheets := new.pages / 2;
  return new;
end
$$;
create trigger books_sheets before insert or update on books for each row execute function books_sheets();

-- migrate:down none because a column cannot become a generated one again`,
    },
    {
      given: `create table books (id bigint primary key, title text, slug text not null generated always as (lower(title)) stored);`,
      bad: 'alter table books alter column slug drop expression;',
      good: `-- migrate:change books-slug
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
alter table books alter column slug drop expression;

-- migrate:down none because the version in use writes the column itself`,
    },
  ],
  *check(change, context) {
    if (change.action !== 'drop-expression' || isPrivate(change.table, context) || isPlannedContract(context)) return
    const column = context.column(change.table, change.column)
    // Without a generated column there is nothing to drop; a table that nobody knows may have one.
    if (column !== undefined && column.generated === undefined) return
    const takenOver = context.later.some((fact) => fact.kind === 'create-trigger' && fact.timing === 'before')
    if (takenOver) return
    const table = nameText(change.table)
    yield {
      at: change.span,
      message:
        column?.notNull === true
          ? `Nobody computes ${columnText(change.table, change.column)} from now on: it is NOT NULL, so every INSERT of the running version into ${table} fails.`
          : `Nobody computes ${columnText(change.table, change.column)} from now on: rows that the running version inserts into ${table} hold NULL there.`,
      instead: [
        `alter table ${table} alter column ${quoteName(change.column)} drop expression;`,
        '-- in the same migration, a trigger that computes it until no running version relies on that:',
        `create trigger … before insert or update on ${table} for each row execute function …();`,
      ].join('\n'),
    }
  },
})
