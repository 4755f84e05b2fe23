import { nameText, quoteName } from '../../model/name.ts'
import type { ObjectKind } from '../../model/name.ts'
import type { RenameObject } from '../../model/fact.ts'
import { isCreatedAgain, isCreatedHere, isReplacedByView } from '../created.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const renameObject: Rule = defineRule({
  id: 'rename-object',
  summary:
    'Renaming a view, function, sequence, type or domain breaks every query of the running version that names it.',
  severity: 'error',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['rename-object'],
  sources: ['pgsafe:rename'],
  why: `What the database keeps as a reference follows the new name, but the application's queries and bodies of functions are text and go on using the old one: they fail from the commit on. Most of these objects are cheap to have twice, so the new name can be made beside the old one, and the old one dropped when no version uses it. Names that no query uses, such as those of indexes, constraints and triggers, may change. An object of the old name that the same migration makes again is enough, and a contract step behind a gate is not reported.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);\ncreate view titles as select title from books;',
      bad: 'alter view titles rename to book_titles;',
      good: 'alter view titles rename to book_titles;\ncreate view titles as select * from book_titles;',
    },
    {
      given: `create function title_of(id bigint) returns text language sql stable as $$ select 'x' $$;`,
      bad: 'alter function title_of(bigint) rename to book_title;',
      good: `create function book_title(id bigint) returns text language sql stable as $$ select 'x' $$;`,
    },
    {
      given: `create type mood as enum ('sad', 'happy');`,
      bad: 'alter type mood rename to feeling;',
      good: 'create type feeling as (word text);\nalter type feeling rename to sense;',
    },
  ],
  *check(rename, context) {
    const table = rename.table
    const object = rename.object
    if (!named.has(object) || isPlannedContract(context)) return
    if (object === 'column') {
      if (table === undefined || context.isNew(table)) return
    } else if (isExpected(rename, context)) return
    const words =
      object === 'column' && table !== undefined
        ? `${nameText(table)}.${quoteName(rename.name.name)}`
        : nameText(rename.name)
    const kind = object === 'column' ? 'view column' : object.replaceAll('-', ' ')
    const view = object === 'view' || object === 'materialized-view'
    yield {
      at: rename.span,
      message: `Every query of the running version that names the ${kind} ${words} fails from the commit on.`,
      instead: view
        ? `-- both in one transaction:\n${context.statement.sql};\ncreate view ${words} as select * from ${nameText({ ...rename.name, name: rename.to })};`
        : `-- make ${quoteName(rename.to)} beside it, and drop ${words} when no version uses it`,
    }
  },
})

/** Objects that queries name. */
const named: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  'view',
  'materialized-view',
  'column',
  'function',
  'procedure',
  'aggregate',
  'sequence',
  'type',
  'domain',
  'foreign-table',
])

function isExpected(rename: RenameObject, context: RuleContext): boolean {
  if (isCreatedHere(rename, rename.object, rename.name, context)) return true
  const old = context.schema.resolve(rename.name)
  if (isReplacedByView(old, { schema: old.schema, name: rename.to }, context)) return true
  return context.transaction.open && isCreatedAgain(rename.object, rename.name, context)
}
