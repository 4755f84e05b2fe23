import { listOf } from '../../core/text.ts'
import type { AddColumn } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { View } from '../../model/schema.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'

export const addColumnUnderStarView: Rule = defineRule({
  id: 'add-column-under-star-view',
  summary: 'A view that was created over SELECT * does not get the column that its table gets.',
  severity: 'info',
  preset: 'strict',
  direction: 'up',
  hazards: ['breaks-running-version', 'fails'],
  looksAt: ['add-column'],
  sources: ['lockstep:add-column-under-star-view'],
  why: `The server wrote the columns out when the view was created, so code that reads the view never sees the new one, although the text of the view says everything. Whoever creates the view anew from that text gets another result than the database has now, or SQLSTATE 42P16 where the view has more columns behind the star. The rule is silent when the same migration creates the view anew or drops it.`,
  examples: [
    {
      given: `create table books (id bigint primary key, title text);
create view titled as select * from books where title <> '';`,
      bad: 'alter table books add column isbn text;',
      good: `alter table books add column isbn text;
create or replace view titled as select id, title, isbn from books where title <> '';`,
    },
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint);
create materialized view catalogue as select a.name, b.* from books as b join authors as a on a.id = b.author_id;`,
      bad: 'alter table books add column isbn text;',
      good: 'alter table authors add column born date;',
    },
  ],
  *check(add, context) {
    if (isPrivate(add.table, context)) return
    const views = starViews(add, context)
    if (views.length === 0) return
    const names = listOf(views.map(({ name }) => shortName(context.schema, name)))
    yield {
      at: add.span,
      message: `${names} ${views.length === 1 ? 'was' : 'were'} created over all columns of ${nameText(add.table)} and ${views.length === 1 ? 'does' : 'do'} not get ${columnText(add.table, add.column.name)}.`,
      instead: views
        .map((view) =>
          view.materialized
            ? `drop materialized view ${shortName(context.schema, view.name)};\ncreate materialized view ${shortName(context.schema, view.name)} as select …, ${quoteName(add.column.name)} from …;`
            : `create or replace view ${shortName(context.schema, view.name)} as select …, ${quoteName(add.column.name)} from …;`,
        )
        .join('\n'),
    }
  },
})

/** Views over `*` of the table that the migration leaves as they are. */
function starViews(add: AddColumn, context: RuleContext): readonly View[] {
  const table = context.schema.resolve(add.table)
  return context.schema.viewsOn(add.table).filter((view) => {
    if (!view.reads.some((use) => use.spelledOut && sameName(context.schema, use.table, table))) return false
    return !context.later.some(
      (fact) =>
        (fact.kind === 'create-view' || fact.kind === 'drop-view') && sameName(context.schema, fact.view, view.name),
    )
  })
}
