import type { RenameColumn } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { viewInItsPlace } from '../created.ts'
import { columnText, isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { earlierFacts, isNewColumn, isPrivate, sameName } from '../same-name.ts'

export const renameColumn: Rule = defineRule({
  id: 'rename-column',
  summary: 'Renaming a column breaks every query of the running version that uses the old name.',
  severity: 'error',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['rename-column'],
  sources: [
    'squawk:renaming-column',
    'strong_migrations:rename_column',
    'online_migrations:rename_column',
    'pgfence:rename-column',
    'atlas:BC102',
    'postgres-language-server:renamingColumn',
    'migrationpilot:MP010',
    'migrationpilot:MP071',
  ],
  why: `The rename itself is one row in the catalogue, but there is no moment at which all running processes change their queries together: from the commit on, everything that names the old column fails, and a rollback of the application fails on the new one. Both names must exist for a while, kept equal by a trigger, until no version that uses the old one is running. A view that takes the place of the renamed table can give the column its old name, for reads and for writes. In a migration that declares itself a contract step and waits behind a gate the rule is silent: that is when names may go.`,
  examples: [
    {
      given: 'create table users (id int primary key, mail text);',
      bad: 'alter table users rename column mail to email;',
      good: [
        `-- migrate:change users-email
-- migrate:phase expand

-- migrate:up
alter table users add column email text;
create function users_mail_to_email() returns trigger language plpgsql as $$
begin
  new.email := new.mail;
  return new;
end
$$;
create trigger users_mail_to_email before insert or update on users for each row execute function users_mail_to_email();

-- migrate:down
drop trigger users_mail_to_email on users;
drop function users_mail_to_email();
alter table users drop column email;
-- migrate:down-loses users.email`,
        `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:users key:id
update users set email = mail where email is null;

-- migrate:down none because the values go with the column`,
        `-- migrate:change users-email
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop trigger users_mail_to_email on users;
drop function users_mail_to_email;
alter table users drop column mail;

-- migrate:down
alter table users add column mail text;
-- migrate:down-loses users.mail`,
      ],
    },
    {
      given: 'create table users (id int primary key, mail text);',
      bad: 'alter table users rename mail to "e-mail";',
      good: `create table readers (id bigint primary key, mail text);
alter table readers rename column mail to email;
alter table users add column phon text;
alter table users rename column phon to phone;`,
    },
    {
      given: 'create table users (id int primary key, mail text);',
      bad: `alter table users rename column mail to email;
create view readers as select id, email from users;`,
      good: `alter table users rename to readers;
alter table readers rename column mail to email;
create view users as select id, email as mail from readers;`,
    },
  ],
  *check(rename, context) {
    if (isPrivate(rename.table, context) || isPlannedContract(context)) return
    if (isNewColumn(rename, rename.table, rename.column, context) || isBehindView(rename, context)) return
    const table = nameText(rename.table)
    const type = context.column(rename.table, rename.column)?.type?.sql ?? '…'
    yield {
      at: rename.span,
      message: `Every query of the running version that names ${columnText(rename.table, rename.column)} fails from the moment this commits.`,
      instead: [
        `alter table ${table} add column ${quoteName(rename.to)} ${type};`,
        '-- keep both columns equal with a trigger, and fill the rows there are in batches:',
        `update ${table} set ${quoteName(rename.to)} = ${quoteName(rename.column)} where ${quoteName(rename.to)} is null;`,
        `-- when no running version uses ${quoteName(rename.column)} any more, drop it in a contract migration.`,
        '-- `migrate plan` writes all of these files for this statement.',
      ].join('\n'),
    }
  },
})

/** The table gets another name too, and a view in its place has the column under the old one. */
function isBehindView(rename: RenameColumn, context: RuleContext): boolean {
  const { name, schema } = context.schema.resolve(rename.table)
  const place = (from: string, to: string): boolean =>
    viewInItsPlace({ schema, name: from }, { schema, name: to }, context)?.columns?.includes(rename.column) === true
  return (
    earlierFacts(rename, context).some(
      (fact) => fact.kind === 'rename-table' && fact.to === name && place(fact.table.name, name),
    ) ||
    context.later.some(
      (fact) =>
        fact.kind === 'rename-table' && sameName(context.schema, fact.table, rename.table) && place(name, fact.to),
    )
  )
}
