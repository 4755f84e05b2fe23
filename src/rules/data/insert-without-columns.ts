import type { Copy, Insert } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import type { Statement } from '../../model/statement.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
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
  why: `Values go to the columns in the order in which those were created. In a database where a column was added by hand, by another branch that was merged first or in another order, the values land one column further on, or the statement fails; a dropped column that was added again stands last. With SELECT * as the source both tables must have the same columns in the same order. A list says where each value belongs and costs one line. Tables that the migration creates itself are not reported, and of several such statements for one table only the first is.`,
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
    if (table === undefined || isPrivate(table, context) || !isFirst(fact, table, context)) return
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

/** A file of rows says the same thing a thousand times: it is told once a table. */
function isFirst(fact: Insert | Copy, table: Name, { statements, schema }: RuleContext): boolean {
  const known = firsts.get(statements) ?? new Map<string, Insert | Copy>()
  firsts.set(statements, known)
  const name = nameText(schema.resolve(table))
  const first = known.get(name) ?? fact
  known.set(name, first)
  return first === fact
}

/** For each section the first such statement of each table. */
const firsts = new WeakMap<readonly Statement[], Map<string, Insert | Copy>>()

/** The table whose columns are not listed. */
function target(fact: Insert | Copy): Name | undefined {
  if (fact.columns.length > 0) return undefined
  if (fact.kind === 'copy') return fact.direction === 'from' ? fact.table : undefined
  return fact.source === 'default-values' ? undefined : fact.table
}
