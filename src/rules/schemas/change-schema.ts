import { nameText, quoteName } from '../../model/name.ts'
import { isCreatedHere, isReplacedByView } from '../created.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const changeSchema: Rule = defineRule({
  id: 'change-schema',
  summary: 'SET SCHEMA moves an object away from where every query of the running version looks for it.',
  severity: 'error',
  direction: 'up',
  hazards: ['breaks-running-version', 'blocks-reads'],
  looksAt: ['set-schema'],
  sources: ['migrationpilot:MP098', 'pgfence:rename-schema'],
  why: `The move changes rows of the catalogue, for a table under ACCESS EXCLUSIVE, with its indexes and owned sequences. From the commit on every query that names the old schema fails, and so does every query without a schema unless the new one is in the search_path of the application's sessions. For a table or view, a view in the old place that selects everything from the new one keeps the running version at work, if it is made in the same transaction. A contract step behind a gate is not reported.`,
  examples: [
    {
      given: 'create schema archive;\ncreate table books (id bigint primary key, title text);',
      bad: 'alter table books set schema archive;',
      good: 'alter table books set schema archive;\ncreate view books as select * from archive.books;',
    },
    {
      given: `create schema tools;
create function title_of(id bigint) returns text language sql stable as $$ select 'x' $$;`,
      bad: 'alter function title_of(bigint) set schema tools;',
      good: `create function tools.title_of(id bigint) returns text language sql stable as $$ select 'x' $$;`,
    },
  ],
  *check(fact, context) {
    if (isPlannedContract(context)) return
    const old = context.schema.resolve(fact.name)
    if (fact.object === 'table' ? isPrivate(fact.name, context) : isCreatedHere(fact, fact.object, fact.name, context))
      return
    if (old.schema === fact.to || isReplacedByView(old, { schema: fact.to, name: old.name }, context)) return
    const name = nameText(fact.name)
    const selectable = fact.object === 'table' || fact.object === 'view' || fact.object === 'materialized-view'
    const moved = nameText({ schema: fact.to, name: old.name })
    yield {
      at: fact.span,
      message: `Every query of the running version that looks for the ${fact.object.replaceAll('-', ' ')} ${name} in ${quoteName(old.schema)} fails from the commit on.`,
      instead: selectable
        ? `-- both in one transaction:\n${context.statement.sql};\ncreate view ${name} as select * from ${moved};`
        : `-- make it in the new place as well, and drop the old one when no version uses it:\ncreate ${fact.object.replaceAll('-', ' ')} ${moved} …;`,
    }
  },
})
