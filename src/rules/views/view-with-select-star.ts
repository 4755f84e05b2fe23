import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import type { CreateView } from '../../model/fact.ts'
import { earlierFacts, sameName } from '../same-name.ts'

export const viewWithSelectStar: Rule = defineRule({
  id: 'view-with-select-star',
  summary: 'A view over SELECT * has the columns of the day it was created, whatever its table gets later.',
  severity: 'info',
  preset: 'strict',
  direction: 'up',
  hazards: ['breaks-running-version', 'fails'],
  looksAt: ['create-view'],
  sources: ['lockstep:view-with-select-star'],
  why: `The server writes every column out when it creates the view, so the view depends on all of them: none can be dropped or change its type without dropping the view first. A column that is added later is not in it, and CREATE OR REPLACE of the same text fails with SQLSTATE 42P16 when that column comes to stand before others of the view. A view that takes over the name of what the same migration renamed or moved, or has the name of what it shows in another schema, is to show all of it, and is not reported.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text, isbn text);',
      bad: `create view titled as select * from books where title <> '';`,
      good: `create view titled as select id, title from books where title <> '';`,
    },
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint, title text);`,
      bad: 'create materialized view catalogue as select b.*, a.name from books as b join authors as a on a.id = b.author_id with no data;',
      good: `create materialized view catalogue as
  select b.id, b.title, a.name, (select count(*) from books) as total from books as b join authors as a on a.id = b.author_id with no data;`,
    },
  ],
  *check(create, context) {
    const stars = create.reads.filter(({ star }) => star)
    // Where the names of the columns are given, or known, the star stands somewhere else: in count(*) or row_to_json().
    if (create.columns !== undefined || create.temporary || stars.length === 0) return
    if (takesOverName(create, context)) return
    const columns = stars.flatMap(({ table }) => [...(context.table(table)?.columns.keys() ?? [])])
    yield {
      at: create.span,
      message: `${nameText(create.view)} gets the columns that ${stars.map(({ table }) => nameText(table)).join(' and ')} ${stars.length === 1 ? 'has' : 'have'} now and never another one.`,
      instead: `create ${create.materialized ? 'materialized view' : 'view'} ${nameText(create.view)} as select ${columns.length === 0 ? '…' : columns.join(', ')} from …;`,
    }
  },
})

/** `ALTER TABLE books RENAME TO titles; CREATE VIEW books AS SELECT * FROM titles`: the old name stays usable. */
function takesOverName(create: CreateView, context: RuleContext): boolean {
  const { view, copies } = create
  // The same name in another schema.
  if (copies?.name === view.name) return true
  return earlierFacts(create, context).some((fact) => {
    switch (fact.kind) {
      case 'rename-table':
        return sameName(context.schema, fact.table, view)
      case 'set-schema':
        return fact.name.name === view.name
      case 'rename-object':
        return fact.object === 'schema' ? fact.name.name === view.schema : fact.name.name === view.name
      default:
        return false
    }
  })
}
