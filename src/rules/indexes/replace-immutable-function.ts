import { listOf } from '../../core/text.ts'
import type { CreateFunction } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'

export const replaceImmutableFunction: Rule = defineRule({
  id: 'replace-immutable-function',
  summary: 'What an index, a stored column or a CHECK holds was computed by the old function, and stays as it is.',
  severity: 'warning',
  hazards: ['corrupts-index'],
  looksAt: ['create-function'],
  sources: ['lockstep:replace-immutable-function', 'pg-schema-diff:HAS_UNTRACKABLE_DEPENDENCIES'],
  why: `An index over an expression keeps the values that the function gave when each row was written, and so does a stored generated column; a CHECK was tested with it then. CREATE OR REPLACE FUNCTION changes what is computed from now on and touches none of that, so a search by the index misses the older rows, without any error. A new function under another name, with a new index, is right from the first row on. Whether the new body gives other results is not looked into.`,
  examples: [
    {
      given: `create function fold(word text) returns text language sql immutable as 'select lower(word)';
create table books (id bigint primary key, title text);
create index books_title_idx on books (fold(title));`,
      bad: `create or replace function fold(word text) returns text language sql immutable as 'select upper(word)';`,
      good: [
        `create function fold_2(word text) returns text language sql immutable as 'select upper(word)';`,
        'create index concurrently books_title_2_idx on books (fold_2(title));\nanalyze books;',
      ],
      transaction: false,
    },
    {
      given: `create function net(price int) returns int language sql immutable as 'select price * 100 / 119';
create table books (id bigint primary key, price int check (net(price) >= 0), net int generated always as (net(price)) stored);`,
      bad: `create or replace function net(price int) returns int language sql immutable as 'select price * 100 / 107';`,
      good: `create function net_2(price int) returns int language sql immutable as 'select price * 100 / 107';`,
    },
  ],
  *check(create, context) {
    if (!create.replace || create.procedure) return
    const known = context.schema.function(create.function)
    if (known === undefined) return
    const users = usersOf(create, context)
    if (users.length === 0) return
    const name = nameText(create.function)
    yield {
      at: create.span,
      message: `${listOf(users)} ${users.length === 1 ? 'keeps' : 'keep'} what the present ${name}() computed; where the new one gives something else, searches miss rows.`,
      instead: `-- a new function, and what uses it built anew beside the old:\ncreate function ${nameText({ ...create.function, name: `${create.function.name}_2` })}(…) …;\n-- or, after the replacement, outside a transaction:\nreindex table concurrently …;`,
    }
  },
})

/** What holds results of the function, on tables that others use. */
function usersOf(create: CreateFunction, context: RuleContext): readonly string[] {
  const calls = (functions: readonly string[] | undefined): boolean =>
    (functions ?? []).some((written) => means(written, create, context))
  return context.schema.tables().flatMap((table) => {
    if (isPrivate(table.name, context)) return []
    const on = shortName(context.schema, table.name)
    const indexes = [...table.indexes.values()]
      .filter((index) => calls(index.functions))
      .map((index) => `the index ${quoteName(index.name.name)}`)
    const columns = [...table.columns.values()]
      .filter((column) => column.generated === 'stored' && calls(column.functions))
      .map((column) => `the column ${on}.${quoteName(column.name)}`)
    const checks = [...table.constraints.values()]
      .filter((constraint) => constraint.type === 'check' && calls(constraint.expression.functions))
      .map((constraint) => `the constraint ${quoteName(constraint.name)} of ${on}`)
    return [...indexes, ...columns, ...checks]
  })
}

function means(written: string, { function: replaced }: CreateFunction, context: RuleContext): boolean {
  const dot = written.lastIndexOf('.')
  const name = written.slice(dot + 1)
  if (name !== replaced.name) return false
  return sameName(context.schema, dot === -1 ? { name } : { schema: written.slice(0, dot), name }, replaced)
}
