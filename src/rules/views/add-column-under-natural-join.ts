import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import type { View } from '../../model/schema.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'

export const addColumnUnderNaturalJoin: Rule = defineRule({
  id: 'add-column-under-natural-join',
  summary: 'A new column with the name of one at the other side of a NATURAL JOIN becomes a part of the condition.',
  severity: 'warning',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['add-column', 'rename-column'],
  sources: ['lockstep:add-column-under-natural-join'],
  why: `NATURAL JOIN compares all columns that have the same name in both tables. The view keeps the list of the day it was created, but when it is created anew from its text, and at once in every query of the application that joins the tables in the same way, the new column is compared too: rows that differ in it, or hold NULL, silently disappear from the result. JOIN … USING names the columns and stays what it is. Only names that the other table really has are reported.`,
  examples: [
    {
      given: `create table authors (author_id bigint primary key, name text, note text);
create table books (book_id bigint primary key, author_id bigint, title text);
create view catalogue as select title, name from books natural join authors;`,
      bad: 'alter table books add column note text;',
      good: 'alter table books add column remark text;',
    },
    {
      given: `create table authors (author_id bigint primary key, name text);
create table books (book_id bigint primary key, author_id bigint, title text);
create view catalogue as select title, authors.name from books natural left join authors;`,
      bad: 'alter table books add column name text;',
      good: `drop view catalogue;
alter table books add column name text;
create view catalogue as select title, authors.name from books left join authors using (author_id);`,
    },
  ],
  *check(fact, context) {
    if (isPrivate(fact.table, context)) return
    const column = fact.kind === 'add-column' ? fact.column.name : fact.to
    for (const view of context.schema.viewsOn(fact.table)) {
      const other = otherSide(view, fact.table, column, context)
      if (other === undefined) continue
      const name = shortName(context.schema, view.name)
      yield {
        at: fact.span,
        message: `${name} joins ${nameText(fact.table)} and ${other} by NATURAL JOIN, and both have ${columnText(fact.table, column)} now: created anew it compares that column too.`,
        instead: `-- before, with the columns that are meant:\ncreate or replace ${view.materialized ? 'materialized view' : 'view'} ${name} as select … from ${nameText(fact.table)} join ${other} using (…);\n-- or give ${quoteName(column)} a name that ${other} does not have.`,
      }
    }
  },
})

/** A table that the view joins to this one by NATURAL JOIN and that has a column of the name. */
function otherSide(view: View, table: Name, column: string, context: RuleContext): string | undefined {
  const own = view.reads.some((use) => use.natural === true && sameName(context.schema, use.table, table))
  if (!own) return undefined
  const other = view.reads.find(
    (use) =>
      use.natural === true &&
      !sameName(context.schema, use.table, table) &&
      context.column(use.table, column) !== undefined,
  )
  return other === undefined ? undefined : shortName(context.schema, other.table)
}
