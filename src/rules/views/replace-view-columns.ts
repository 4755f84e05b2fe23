import { listOf } from '../../core/text.ts'
import type { CreateView } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const replaceViewColumns: Rule = defineRule({
  id: 'replace-view-columns',
  summary: 'CREATE OR REPLACE VIEW fails when the new query drops, renames or moves a column of the view.',
  severity: 'error',
  hazards: ['fails'],
  looksAt: ['create-view'],
  sources: ['lockstep:replace-view-columns'],
  why: `The server replaces a view only where the new query gives the same columns, with the same names, types and order, and perhaps more behind them; anything else ends with SQLSTATE 42P16, because views and functions may count on the columns. Names are compared where the history tells them; types are not, since they follow from the tables. Another set of columns needs DROP VIEW and CREATE VIEW in one transaction, with the rights granted again.`,
  examples: [
    {
      given:
        'create table books (id bigint primary key, title text);\ncreate view titles as select id, title from books;',
      bad: 'create or replace view titles as select title from books;',
      good: 'create or replace view titles as select id, title, length(title) as size from books;',
      fails: '42P16',
    },
    {
      given: 'create table books (id bigint primary key, title text);\ncreate view titles as select * from books;',
      bad: 'create or replace view titles as select id, title as name from books;',
      good: 'drop view titles;\ncreate view titles as select id, title as name from books;',
      fails: '42P16',
    },
  ],
  *check(fact, context) {
    if (!fact.replace || fact.materialized) return
    const before = context.schema.view(fact.view)?.columns
    const after = columnsAfter(fact, context)
    if (before === undefined || after === undefined) return
    const at = before.findIndex((column, index) => after[index] !== column)
    const column = before[at]
    if (column === undefined) return
    const view = nameText(fact.view)
    const lost = before.filter((name) => !after.includes(name)).map(quoteName)
    const is = after[at] === undefined ? 'nothing' : quoteName(after[at])
    yield {
      at: fact.span,
      message: `The server refuses: column ${at + 1} of ${view} is ${quoteName(column)}, and the new query gives ${is}${lost.length === 0 ? '' : `; ${listOf(lost)} would be lost`}.`,
      instead: `-- new columns go to the end; otherwise, in one transaction:\ndrop view ${view};\ncreate view ${view} as …;\n-- and grant its rights again`,
    }
  },
})

/** As the catalogue will have them: `SELECT *` has the columns that the relation has now. */
function columnsAfter({ columns, copies }: CreateView, context: RuleContext): readonly string[] | undefined {
  if (copies === undefined) return columns
  const table = context.table(copies)
  if (table !== undefined)
    return table.columns.size === 0 || table.moreColumns === true ? undefined : [...table.columns.keys()]
  return context.schema.view(copies)?.columns
}
