import { listOf } from '../../core/text.ts'
import type { FactOf } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Trigger } from '../../model/schema.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'

const looksAt = ['update', 'insert', 'delete', 'merge'] as const
type Change = FactOf<(typeof looksAt)[number]>

export const backfillFiresTriggers: Rule = defineRule({
  id: 'backfill-fires-triggers',
  summary: 'A change of many rows fires the row triggers of the table once for each of them.',
  severity: 'warning',
  direction: 'up',
  hazards: ['bloats', 'slows-queries'],
  looksAt,
  sources: ['lockstep:backfill-fires-triggers'],
  why: `A row trigger does not know a backfill from the application. One that runs after the change writes a row of its own for every row, into an audit table or a queue, or tells other systems that everything has changed; one that runs before it overwrites the time of the last change in all of them. Both take longer than the change itself. The rule knows triggers from the history or a snapshot, and leaves out those that are disabled, those of the same change or about the column that is filled, those whose WHEN asks a setting, those that UPDATE OF or WHEN limits to other columns, and those before the change that only check or tidy the row. A trigger that runs before the change is reported at level info, since it only changes what is written anyway.`,
  examples: [
    {
      given: `create table books (id bigint primary key, title text, slug text);
create table books_log (book bigint, at timestamptz);
create function log_book() returns trigger language plpgsql as $$
begin
  insert into books_log values (new.id, now());
  return null;
end $$;
create trigger books_log after update on books for each row execute function log_book();`,
      bad: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set slug = lower(title) where slug is null;

-- migrate:down none because nothing else fills the column`,
      good: [
        `-- migrate:change books-slug
-- migrate:phase expand

-- migrate:up
create or replace trigger books_log after update on books for each row
  when (current_setting('application_name') is distinct from 'migrate') execute function log_book();

-- migrate:down
create or replace trigger books_log after update on books for each row execute function log_book();`,
        `-- migrate:change books-slug
-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set slug = lower(title) where slug is null;

-- migrate:down none because nothing else fills the column`,
      ],
    },
    {
      given: `create table books (id bigint primary key, title text, updated_at timestamptz);
create function touch() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end $$;
create trigger books_touch before update on books for each row execute function touch();`,
      bad: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set title = trim(title) where title like ' %';

-- migrate:down none because the spaces are gone`,
      good: `update books set title = 'Amerika' where id = 7;`,
    },
  ],
  *check(fact, context) {
    if (isPrivate(fact.table, context) || !changesMany(fact, context)) return
    const fired = triggersOf(fact, context).filter((trigger) => isFired(trigger, fact, context))
    const after = fired.filter(({ timing }) => timing === 'after')
    const [first] = after.length > 0 ? after : fired
    if (first === undefined) return
    const named = fired.map(
      ({ name, function: called }) => `${quoteName(name)} (${shortName(context.schema, called)}())`,
    )
    yield {
      at: fact.span,
      ...(after.length > 0 ? {} : { severity: 'info' as const }),
      message: `Every row of ${nameText(fact.table)} that this changes fires ${listOf(named)}${
        after.length > 0
          ? ', which runs as often as there are rows'
          : ', which changes what is written into each of them'
      }.`,
      instead: insteadOf(fact, first, context),
    }
  },
})

/** Whether it is no change of a few rows that are named. */
function changesMany(fact: Change, { migration }: RuleContext): boolean {
  if (migration.backfill !== undefined) return true
  switch (fact.kind) {
    case 'update':
    case 'delete':
      return fact.where !== 'condition' || fact.picksRows !== true
    case 'insert':
      return fact.source === 'select' && fact.reads.length > 0
    case 'merge':
      return fact.reads.length > 0
  }
}

/** Of the table, and of its partitions, whose own triggers fire too. */
function triggersOf(fact: Change, { table }: RuleContext): readonly Trigger[] {
  const changed = table(fact.table)
  const all = [changed, ...(changed?.partitions ?? []).map((name) => table(name))]
  return all.flatMap((one) => [...(one?.triggers.values() ?? [])])
}

function isFired(trigger: Trigger, fact: Change, context: RuleContext): boolean {
  const { rowLevel, events, fires, updateOf, when } = trigger
  if (!rowLevel || !events.some((event) => eventsOf(fact).includes(event)) || !isOn(fires, context)) return false
  if (isOfSameChange(trigger, context) || isHarmless(trigger, fact, context)) return false
  // Whoever asks a setting has thought of this.
  if (when !== undefined && when.functions.length > 0) return false
  const isUpdateOnly = fact.kind === 'update'
  const writes = (columns: readonly string[]): boolean =>
    !isUpdateOnly || columns.length === 0 || columns.some((column) => fact.columns.includes(column))
  return writes(updateOf) && writes(when?.columns ?? [])
}

function eventsOf(fact: Change): readonly Trigger['events'][number][] {
  if (fact.kind === 'merge') return ['insert', 'update', 'delete']
  return fact.kind === 'insert' && fact.onConflict === 'update' ? ['insert', 'update'] : [fact.kind]
}

function isOn(fires: Trigger['fires'], { settings }: RuleContext): boolean {
  const isReplica = settings.get('session_replication_role')?.value === 'replica'
  return fires === 'always' || fires === (isReplica ? 'in replicas' : 'origin')
}

/** A trigger that keeps two columns the same while the backfill runs belongs to it. */
function isOfSameChange({ name, table }: Trigger, { migration, history }: RuleContext): boolean {
  return history
    .earlierOnTable(table.name)
    .some(
      (known) =>
        known.fact.kind === 'create-trigger' &&
        known.fact.trigger === name &&
        known.migration.change !== undefined &&
        known.migration.change === migration.change,
    )
}

/**
 * A trigger before the change that is about a column which the change fills, and does for new rows what this does for old
 * ones; or one that only tidies or checks the row, which comes out the same however often it runs. One whose body is not
 * known is neither.
 */
function isHarmless({ timing, function: called }: Trigger, fact: Change, { schema }: RuleContext): boolean {
  const [signature] = schema.function(called)?.signatures ?? []
  const words = signature?.words
  if (timing !== 'before' || words === undefined) return false
  const isAboutFilled = fact.kind === 'update' && fact.columns.some((column) => words.includes(`new.${column}`))
  return isAboutFilled || !words.some((word) => telling.has(word))
}

/** Words of a body that gives another result at another time, or writes elsewhere. */
const telling: ReadonlySet<string> = new Set([
  'now',
  'current_timestamp',
  'current_date',
  'localtimestamp',
  'clock_timestamp',
  'statement_timestamp',
  'transaction_timestamp',
  'current_user',
  'session_user',
  'txid_current',
  'pg_current_xact_id',
  'nextval',
  'random',
  'gen_random_uuid',
  'insert',
  'update',
  'delete',
  'merge',
  'perform',
  'execute',
  'notify',
  'pg_notify',
])

function insteadOf(fact: Change, trigger: Trigger, { migration, statement, schema }: RuleContext): string {
  const { name, timing, events, function: called } = trigger
  const create = (when: string): string =>
    `create or replace trigger ${quoteName(name)} ${timing} ${events.join(' or ')} on ${nameText(fact.table)} for each row\n  when (${when}) execute function ${shortName(schema, called)}();`
  if (migration.backfill !== undefined)
    return `-- in a migration before, a trigger that leaves out the sessions of migrate:\n${create(`current_setting('application_name') is distinct from 'migrate'`)}`
  return [
    '-- with a trigger that asks a setting, made in a migration before:',
    `-- ${create(`current_setting('app.backfill', true) is distinct from 'on'`).replaceAll('\n', '\n-- ')}`,
    `set local app.backfill = 'on';`,
    `${statement.sql};`,
    '-- or without any trigger; foreign keys are not checked then either, and it takes the rights of a superuser',
    '-- (or GRANT SET on 15 and later):',
    '-- set local session_replication_role = replica;',
  ].join('\n')
}
