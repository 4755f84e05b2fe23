import { applicationRole } from './entities.ts'
import type { Entity, Step } from './step.ts'

/** Makes a good migration about an entity; `number` makes its names unique in the history. */
export type GoodStep = (entity: Entity, number: number) => Omit<Step, 'name'>

/** Changes that are undone properly and that no query of the old version notices. */
export const goodSteps: Readonly<Record<string, GoodStep>> = {
  column: ({ name }, number) => ({
    up: `alter table ${name} add column extra_${number} text;`,
    down: `alter table ${name} drop column extra_${number};`,
  }),
  column_with_default: ({ name }, number) => ({
    up: `alter table ${name} add column flag_${number} boolean not null default false;`,
    down: `alter table ${name} drop column flag_${number};`,
  }),
  index: ({ name }, number) => ({
    up: `create index concurrently ${name}_${number}_idx on ${name} (created_at desc);`,
    down: `drop index concurrently ${name}_${number}_idx;`,
    transaction: false,
  }),
  table: ({ name }, number) => ({
    up: `create table ${name}_line_${number} (
  id bigint generated always as identity primary key,
  ${name}_id bigint not null references ${name} (id) on delete cascade,
  position integer not null check (position > 0),
  unique (${name}_id, position)
);
grant select, insert on ${name}_line_${number} to ${applicationRole};`,
    down: `drop table ${name}_line_${number};`,
  }),
  partitions: ({ name }, number) => ({
    up: `create table ${name}_log_${number} (day date not null, body jsonb) partition by range (day);
create table ${name}_log_${number}_2026 partition of ${name}_log_${number} for values from ('2026-01-01') to ('2027-01-01');
create table ${name}_log_${number}_rest partition of ${name}_log_${number} default;`,
    down: `drop table ${name}_log_${number};`,
  }),
  check: ({ name }, number) => ({
    up: `alter table ${name} add constraint ${name}_${number}_check check (id > 0) not valid;
alter table ${name} validate constraint ${name}_${number}_check;`,
    down: `alter table ${name} drop constraint ${name}_${number}_check;`,
  }),
  view: ({ name }, number) => ({
    up: `create view ${name}_view_${number} as select id, title, created_at from ${name};`,
    down: `drop view ${name}_view_${number};`,
  }),
  materialized_view: ({ name }, number) => ({
    up: `create materialized view ${name}_sums_${number} as select title, sum(amount) as total from ${name} group by title;
create unique index on ${name}_sums_${number} (title);`,
    down: `drop materialized view ${name}_sums_${number};`,
  }),
  function: ({ name }, number) => ({
    up: `create function ${name}_count_${number}() returns bigint language sql stable as $$ select count(*) from ${name} $$;`,
    down: `drop function ${name}_count_${number}();`,
  }),
  sequence: ({ name }, number) => ({
    up: `create sequence ${name}_number_${number} increment by 10 start with 100;`,
    down: `drop sequence ${name}_number_${number};`,
  }),
  statistics: ({ name }, number) => ({
    up: `create statistics ${name}_stats_${number} (dependencies) on title, amount from ${name};`,
    down: `drop statistics ${name}_stats_${number};`,
  }),
  policy: ({ name }, number) => ({
    up: `create policy ${name}_own_${number} on ${name} for select to ${applicationRole} using (true);`,
    down: `drop policy ${name}_own_${number} on ${name};`,
  }),
  setting_rows: ({ name }, number) => ({
    up: `insert into application_setting (name, value) values ('${name}.${number}', 'on');`,
    down: `delete from application_setting where name = '${name}.${number}';`,
  }),
  domain: ({ name }, number) => ({
    up: `create domain ${name}_percent_${number} as numeric(5, 2) check (value between 0 and 100);`,
    down: `drop domain ${name}_percent_${number};`,
  }),
  fillfactor: ({ name }, number) => ({
    up: `create table ${name}_cache_${number} (id bigint primary key, body text) with (fillfactor = 80);`,
    down: `drop table ${name}_cache_${number};`,
  }),
  grant_execute: ({ name }, number) => ({
    up: `create function ${name}_secret_${number}() returns integer language sql as $$ select 1 $$;
revoke execute on function ${name}_secret_${number}() from public;
grant execute on function ${name}_secret_${number}() to ${applicationRole};`,
    down: `drop function ${name}_secret_${number}();`,
  }),
  label: ({ name }, number) => ({
    up: `alter type ${name}_state add value 'later_${number}';`,
    down: { none: 'a label of an enum cannot be removed' },
  }),
  table_with_rows: ({ name }, number) => ({
    up: `create table ${name}_old_${number} (id integer, body text);\ninsert into ${name}_old_${number} values (1, 'a');`,
    down: `drop table ${name}_old_${number};`,
  }),
}
