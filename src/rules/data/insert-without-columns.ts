import type { Copy, Insert } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const insertWithoutColumns: Rule = defineRule({
  id: 'insert-without-columns',
  summary:
    'INSERT or COPY without a list of columns counts on their order, which another branch or database may not have.',
  severity: 'info',
  preset: 'style',
  direction: 'up',
  hazards: ['fails'],
  looksAt: ['insert', 'copy'],
  sources: ['lockstep:insert-without-columns'],
  why: `Values go to the columns in the order in which those were created. In a database where a column was added by hand, by another branch that was merged first or in another order, the values land one column further on, or the statement fails; a dropped column that was added again stands last. With SELECT * as the source both tables must have the same columns in the same order. A list says where each value belongs and costs one line. Tables that the migration creates itself are not reported.`,
  examples: [
    {
      given: 'create table genres (id bigint primary key, name text);',
      bad: `insert into genres values (0, 'Poetry');`,
      good: `insert into genres (id, name) values (0, 'Poetry');`,
    },
    {
      given: `create table genres (id bigint, name text);
create table old_genres (id bigint, name text);`,
      bad: 'insert into genres select * from old_genres;',
      good: `insert into genres (id, name) select id, name from old_genres where id < 100;
create table labels (name text primary key);
insert into labels values ('new');`,
    },
    {
      given: 'create table genres (id bigint primary key, name text);',
      bad: `copy genres from '/dev/null';`,
      good: `copy genres (id, name) from '/dev/null';`,
    },
  ],
  *check(fact, context) {
    const table = target(fact)
    if (table === undefined || isPrivate(table, context)) return
    const columns = [...(context.table(table)?.columns.keys() ?? [])]
    const list = `(${columns.length === 0 ? '…' : columns.map(quoteName).join(', ')})`
    yield {
      at: fact.span,
      message: `The values go to whatever columns ${nameText(table)} has, in the order in which they were created.`,
      instead:
        fact.kind === 'copy' ? `copy ${nameText(table)} ${list} from …;` : `insert into ${nameText(table)} ${list} …;`,
    }
  },
})

/** The table whose columns are not listed. */
function target(fact: Insert | Copy): Name | undefined {
  if (fact.columns.length > 0) return undefined
  if (fact.kind === 'copy') return fact.direction === 'from' ? fact.table : undefined
  return fact.source === 'default-values' ? undefined : fact.table
}
