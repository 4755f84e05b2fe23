import { applicationRole } from './entities.ts'
import type { Entity, Step } from './step.ts'

/** One way to get a migration wrong. `needs` says which entities it can be planted in. */
export interface Fault {
  readonly kind: string
  readonly needs?: 'parent' | 'no children'
  /** Whether the old version's queries about the entity do not work after it. */
  readonly breaksQueries?: true
  plant(entity: Entity): Omit<Step, 'name'>
}

const shortView = (name: string): string =>
  `drop view ${name}_list;\ncreate view ${name}_list as select id, title, amount from ${name} where state <> 'done';`

/** Faults of the way back: the schema, the rows or the privileges are not what they were. */
const waysBack: readonly Fault[] = [
  {
    kind: 'wrong_type_back',
    plant: ({ name }) => ({
      up: `alter table ${name} alter column code type varchar(80);`,
      down: `alter table ${name} alter column code type varchar(60);`,
      brokenAt: ['D2'],
    }),
  },
  {
    kind: 'lost_default',
    plant: ({ name }) => ({
      up: `alter table ${name} alter column amount set default 20;`,
      down: `alter table ${name} alter column amount drop default;`,
      brokenAt: ['D2'],
    }),
  },
  {
    kind: 'lost_index',
    plant: ({ name }) => ({
      up: `drop index ${name}_title_idx;\ncreate index ${name}_title_created_idx on ${name} (title, created_at);`,
      down: `drop index ${name}_title_created_idx;`,
      brokenAt: ['D1', 'D2'],
    }),
  },
  {
    kind: 'other_index',
    plant: ({ name }) => ({
      up: `drop index ${name}_state_idx;`,
      down: `create index ${name}_state_idx on ${name} (state, amount) where note is not null;`,
      brokenAt: ['D2'],
    }),
  },
  {
    kind: 'lost_values',
    breaksQueries: true,
    plant: ({ name }) => ({
      up: `create table ${name}_note as select id, note from ${name} where note is not null;\nupdate ${name} set note = null;`,
      down: `drop table ${name}_note;`,
      brokenAt: ['D3', 'D5'],
    }),
  },
  {
    kind: 'lost_rows',
    needs: 'no children',
    breaksQueries: true,
    plant: ({ name }) => ({
      up: `create table ${name}_archive as select * from ${name} where amount > 0;\ndelete from ${name} where amount > 0;`,
      down: `drop table ${name}_archive;`,
      brokenAt: ['D3', 'D5'],
    }),
  },
  {
    kind: 'wrong_enum_order',
    plant: ({ name }) => ({
      up: `drop type ${name}_grade;`,
      down: `create type ${name}_grade as enum ('low', 'high', 'middle');`,
      brokenAt: ['D2'],
    }),
  },
  {
    kind: 'lost_privilege',
    breaksQueries: true,
    plant: ({ name }) => ({
      up: `${shortView(name).replace('title, amount', 'title, amount, code')}\ngrant select on ${name}_list to ${applicationRole};`,
      down: shortView(name),
      brokenAt: ['D2', 'D5'],
    }),
  },
  {
    kind: 'lost_comment',
    plant: ({ name }) => ({
      up: `comment on column ${name}.amount is 'in cents, never negative';`,
      down: `comment on column ${name}.amount is null;`,
      brokenAt: ['D2'],
    }),
  },
  {
    kind: 'trigger_state',
    plant: ({ name }) => ({
      up: `alter table ${name} disable trigger ${name}_trim;`,
      down: `alter table ${name} enable always trigger ${name}_trim;`,
      brokenAt: ['D2'],
    }),
  },
  {
    kind: 'cut_values',
    plant: ({ name }) => ({
      up: `alter table ${name} alter column code type varchar(80);`,
      down: `alter table ${name} alter column code type varchar(40) using left(code, 40);`,
      brokenAt: ['D4'],
    }),
  },
  {
    kind: 'touches_others',
    needs: 'parent',
    plant: ({ name, parent = '' }) => ({
      up: `create index ${name}_code_idx on ${name} (code);`,
      down: `drop index ${name}_code_idx;\ncomment on table ${parent} is 'no longer used';`,
      brokenAt: ['D0', 'D2'],
    }),
  },
  {
    kind: 'down_fails',
    plant: ({ name }) => ({
      up: `alter table ${name} add column remark text;`,
      down: `alter table ${name} drop column remarks;`,
      brokenAt: ['D1'],
    }),
  },
]

/** Faults of the way forward: what the running version of the application sends does not work any more. */
const oldQueries: readonly Omit<Fault, 'breaksQueries'>[] = [
  {
    kind: 'rename',
    plant: ({ name }) => ({
      up: `alter table ${name} rename column code to short_code;`,
      down: `alter table ${name} rename column short_code to code;`,
    }),
  },
  {
    kind: 'ambiguity',
    needs: 'parent',
    plant: ({ name, parent = '' }) => ({
      up: `alter table ${name} add column ${parent}_weight integer;`,
      down: `alter table ${name} drop column ${parent}_weight;`,
    }),
  },
  {
    kind: 'not_null',
    plant: ({ name }) => ({
      up: `alter table ${name} add column tax integer;\nupdate ${name} set tax = 0;\nalter table ${name} alter column tax set not null;`,
      down: `alter table ${name} drop column tax;`,
    }),
  },
  {
    kind: 'result_type',
    plant: ({ name }) => ({
      up: `alter table ${name} alter column ${name}_weight type bigint;`,
      down: `alter table ${name} alter column ${name}_weight type integer;`,
    }),
  },
  {
    kind: 'overload',
    plant: ({ name }) => ({
      up: `create function ${name}_double(value text) returns integer language sql immutable as $$ select 1 $$;`,
      down: `drop function ${name}_double(text);`,
    }),
  },
  {
    kind: 'revoke',
    plant: ({ name }) => ({
      up: `revoke insert on ${name} from ${applicationRole};`,
      down: `grant insert on ${name} to ${applicationRole};`,
    }),
  },
  {
    kind: 'check',
    plant: ({ name }) => ({
      up: `alter table ${name} add constraint ${name}_note_check check (note is not null) not valid;`,
      down: `alter table ${name} drop constraint ${name}_note_check;`,
    }),
  },
]

export const faults: readonly Fault[] = [
  ...waysBack,
  ...oldQueries.map((fault): Fault => ({
    ...fault,
    breaksQueries: true,
    plant: (entity) => ({ ...fault.plant(entity), brokenAt: ['D5'] }),
  })),
]
