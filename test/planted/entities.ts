import type { Entity, Step } from './step.ts'

const nouns = [
  'account', 'address', 'article', 'author', 'basket', 'batch', 'binding', 'branch', 'brand', 'bundle',
  'carrier', 'category', 'claim', 'contact', 'coupon', 'courier', 'customer', 'delivery', 'depot', 'discount',
  'edition', 'event', 'invoice', 'journal', 'label', 'ledger', 'license', 'member', 'message', 'offer',
  'parcel', 'payment', 'printer', 'publisher', 'quote', 'refund', 'return_slip', 'review', 'route', 'sample',
  'series', 'shelf', 'shop', 'staff', 'stock', 'supplier', 'ticket', 'tour', 'vendor', 'visit',
  'voucher', 'warehouse', 'warranty', 'wish', 'worker', 'agenda', 'chapter', 'consent', 'device', 'donation',
] as const // prettier-ignore

/** Every planted fault has an entity of its own, so that no fault hides another. */
export const entities: readonly Entity[] = nouns.map((name, index) => ({
  name,
  parent: index % 3 === 0 ? undefined : nouns[index - 1],
}))

/** The role that the application has. */
export const applicationRole = 'planted_app'

export const roleStep: Step = {
  name: 'application_role',
  up: `do $$ begin
  if not exists (select from pg_roles where rolname = '${applicationRole}') then
    create role ${applicationRole} nologin;
  end if;
end $$;
create table application_setting (name text primary key, value text not null default '');`,
  down: 'drop table application_setting;',
}

/** Creates the table, its type, function, view, index, trigger and grants. */
export function entityStep({ name, parent }: Entity): Step {
  const reference = parent === undefined ? '' : `\n  ${parent}_id bigint references ${parent} (id),`
  return {
    name: `create_${name}`,
    up: `create type ${name}_state as enum ('new', 'open', 'done');
create type ${name}_grade as enum ('low', 'middle', 'high');
create table ${name} (
  id bigint generated always as identity primary key,${reference}
  title text not null,
  code varchar(40),
  amount integer not null default 10,
  ${name}_weight integer,
  state ${name}_state not null default 'new',
  note text,
  created_at timestamptz not null default now(),
  constraint ${name}_amount_check check (amount > -1000000000)
);
create index ${name}_title_idx on ${name} (title);
create index ${name}_state_idx on ${name} (state, amount desc) where note is not null;
create function ${name}_double(value integer) returns integer language sql immutable as $$ select value * 2 $$;
create view ${name}_list as select id, title, amount from ${name} where state <> 'done';
create function ${name}_trim() returns trigger language plpgsql as $$
begin
  new.title := coalesce(new.title, '');
  return new;
end $$;
create trigger ${name}_trim before insert or update on ${name} for each row execute function ${name}_trim();
comment on column ${name}.amount is 'in cents';
grant select, insert, update, delete on ${name} to ${applicationRole};
grant select on ${name}_list to ${applicationRole};`,
    down: `drop view ${name}_list;
drop table ${name};
drop function ${name}_trim();
drop function ${name}_double(integer);
drop type ${name}_grade;
drop type ${name}_state;`,
  }
}

/** What the running version of the application sends about one entity. */
export function entityQueries({ name, parent }: Entity): readonly string[] {
  const join =
    parent === undefined
      ? []
      : [
          `select ${name}.title, ${parent}_weight from ${name} join ${parent} on ${parent}.id = ${name}.${parent}_id where ${name}.id = $1`,
        ]
  return [
    `select id, title, amount, state from ${name} where id = $1`,
    `select title, code, ${name}_weight, note from ${name} where amount >= $1 order by id limit 20`,
    `select id, title, amount from ${name}_list where amount > $1 order by id`,
    `select ${name}_double('21')`,
    `insert into ${name} (title, amount) values ($1, $2)`,
    `update ${name} set note = $1 where id = $2`,
    `delete from ${name} where title = $1 and state = 'done'`,
    ...join,
  ]
}
