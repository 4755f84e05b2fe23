import type { SetTriggerState } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, sameName } from '../same-name.ts'

export const disableTrigger: Rule = defineRule({
  id: 'disable-trigger',
  summary:
    'A disabled trigger is disabled for everybody: the running version writes without it, with ALL also without foreign keys.',
  severity: 'error',
  hazards: ['breaks-running-version', 'blocks-writes', 'loses-data'],
  looksAt: ['set-trigger-state'],
  sources: [
    'pgfence:enable-disable-trigger',
    'postgres-language-server:avoidEnableDisableTrigger',
    'migrationpilot:MP064',
  ],
  why: `The state is kept in the catalogue, not in the session, so after the commit no session runs the trigger. ALL reaches the hidden triggers that check foreign keys, and ENABLE does not check afterwards what was written meanwhile: rows that point at nothing stay. Within one transaction the statement holds SHARE ROW EXCLUSIVE, and every writer waits until the end. A session that must write without triggers can say so for itself, with session_replication_role.`,
  examples: [
    {
      given: `create table authors (id bigint primary key);
create table books (id bigint primary key, author_id bigint references authors (id));`,
      bad: 'alter table books disable trigger all;',
      good: 'alter table books enable trigger all;',
    },
    {
      given: `create table books (id bigint primary key, title text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger books_touch before update on books for each row execute function touch();`,
      bad: `alter table books disable trigger books_touch;
update books set title = 'x' where id = 7;
alter table books enable trigger books_touch;`,
      good: `set local session_replication_role = replica;
update books set title = 'x' where id = 7;`,
    },
  ],
  *check(fact, context) {
    if (fact.state !== 'disable' || isPrivate(fact.table, context)) return
    const table = nameText(fact.table)
    const [what, verb] = words(fact)
    const again = isEnabledAgain(fact, context)
    const stays = `${what} of ${table} ${verb} off for every session from the commit on`
    const unchecked = fact.scope === 'all' ? ', and what is written without its foreign keys is never checked' : ''
    yield {
      at: fact.span,
      ...(again ? { severity: 'warning' as const } : {}),
      message: again
        ? `Writes of ${table} wait until the commit while ${what} ${verb} off${unchecked}.`
        : `${stays}${unchecked}.`,
      instead:
        '-- for this session alone (needs the rights of a superuser, or a GRANT SET on 15 and later):\nset local session_replication_role = replica;',
    }
  },
})

function words(fact: SetTriggerState): readonly [string, string] {
  if (fact.trigger !== undefined) return [`the trigger ${quoteName(fact.trigger)}`, 'is']
  return fact.scope === 'all' ? ['all triggers and foreign key checks', 'are'] : ['all triggers', 'are']
}

function isEnabledAgain(fact: SetTriggerState, context: RuleContext): boolean {
  return context.later.some((later) => {
    if (later.kind !== 'set-trigger-state' || later.state === 'disable') return false
    const reaches = later.scope === 'all' || (later.scope === fact.scope && later.trigger === fact.trigger)
    return reaches && sameName(context.schema, later.table, fact.table)
  })
}
