import { listOf } from '../../core/text.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { creates } from '../created.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { sameName } from '../same-name.ts'
import type { DropView } from '../../model/fact.ts'

export const recreateViewLosesGrants: Rule = defineRule({
  id: 'recreate-view-loses-grants',
  summary: 'A view that is dropped and created again has none of the rights and triggers that it had.',
  severity: 'error',
  hazards: ['breaks-running-version'],
  looksAt: ['drop-view'],
  sources: ['lockstep:recreate-view-loses-grants'],
  why: `Grants, comments and INSTEAD OF triggers belong to the view and go with it; the new view of the same name belongs to the role that runs the migration, and nobody else may read it. The running version then gets "permission denied" (SQLSTATE 42501), or cannot write through the view any more. CREATE OR REPLACE VIEW keeps all of it. Only grants and triggers that the history shows are known here; those of ALTER DEFAULT PRIVILEGES come back by themselves.`,
  examples: [
    {
      given: `create table books (id bigint primary key, title text);
create view titles as select title from books;
grant select on titles to public;`,
      bad: 'drop view titles;\ncreate view titles as select id, title from books;',
      good: `drop view titles;
create view titles as select id, title from books;
grant select on titles to public;`,
    },
    {
      given: `create table books (id bigint primary key, title text);
create view titles as select title from books;
create function add_title() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger titles_insert instead of insert on titles for each row execute function add_title();`,
      bad: 'drop view titles;\ncreate view titles as select id, title from books;',
      good: `drop view titles;
create view titles as select id, title from books;
create trigger titles_insert instead of insert on titles for each row execute function add_title();`,
    },
  ],
  *check(drop, context) {
    const view = context.schema.view(drop.view)
    const object = drop.materialized ? 'materialized-view' : 'view'
    if (view === undefined || context.isNew(view.name)) return
    if (!context.later.some((later) => creates(later, object, drop.view, context))) return
    const grantees = view.grantees.filter((grantee) => !isGrantedAgain(grantee, drop, context))
    const triggers = view.triggers.filter((trigger) => !isMadeAgain(trigger, drop, context))
    if (grantees.length === 0 && triggers.length === 0) return
    const name = nameText(drop.view)
    const lost = [
      ...grantees.map((grantee) => `the rights of ${grantee}`),
      ...triggers.map((trigger) => `the trigger ${quoteName(trigger)}`),
    ]
    yield {
      at: drop.span,
      message: `${name} comes back without ${listOf(lost)}.`,
      instead: [
        '-- behind the new CREATE VIEW:',
        ...grantees.map((grantee) => `grant select on ${name} to ${quoteName(grantee)};`),
        ...triggers.map((trigger) => `create trigger ${quoteName(trigger)} instead of … on ${name} …;`),
      ].join('\n'),
    }
  },
})

function isGrantedAgain(grantee: string, drop: DropView, context: RuleContext): boolean {
  return context.later.some((later) => {
    if (later.kind !== 'grant' || later.revoke || !later.grantees.includes(grantee)) return false
    return later.allInSchema || later.names.some((name) => sameName(context.schema, name, drop.view))
  })
}

function isMadeAgain(trigger: string, drop: DropView, context: RuleContext): boolean {
  return context.later.some((later) => creates(later, 'trigger', { name: trigger }, context, drop.view))
}
