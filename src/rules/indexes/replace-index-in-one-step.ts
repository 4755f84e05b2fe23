import type { CreateIndex, DropIndex } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Index } from '../../model/schema.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'

export const replaceIndexInOneStep: Rule = defineRule({
  id: 'replace-index-in-one-step',
  summary: 'The old index is dropped before the new one is built, so queries have neither meanwhile.',
  severity: 'warning',
  hazards: ['slows-queries'],
  looksAt: ['drop-index'],
  sources: ['online_migrations:replace_index'],
  why: `Between DROP INDEX and the end of the new build each query that used the index reads the whole table, and a build beside the traffic may take hours. Built first, under another name, the new index takes over at once when the old one goes; renaming it afterwards locks it with SHARE UPDATE EXCLUSIVE only.`,
  examples: [
    {
      given: `create table books (id bigint primary key, title text, shop int);
create index books_title_idx on books (title);`,
      bad: `drop index concurrently books_title_idx;
create index concurrently books_title_idx on books (title, shop);`,
      good: `create index concurrently books_title_new on books (title, shop);
drop index concurrently books_title_idx;
alter index books_title_new rename to books_title_idx;`,
      transaction: false,
    },
    {
      given: `create table books (id bigint primary key, title text, shop int);
create index books_title_shop_idx on books (title, shop);`,
      bad: `drop index concurrently if exists books_title_shop_idx;
create index concurrently on books (title) where shop is not null;`,
      good: `create index concurrently books_title_idx on books (title) where shop is not null;
drop index concurrently if exists books_title_shop_idx;`,
      transaction: false,
    },
  ],
  *check(drop, context) {
    const index = context.schema.index(drop.index)
    if (index === undefined || index.constraint !== undefined || isPrivate(index.table, context)) return
    const next = context.later.find(
      (fact): fact is CreateIndex => fact.kind === 'create-index' && replaces(fact, index, context),
    )
    if (next === undefined) return
    const table = shortName(context.schema, index.table)
    yield {
      at: drop.span,
      message: `Queries of ${table} that use ${nameText(drop.index)} read the whole table until the index that replaces it is built.`,
      instead: createFirst(drop, next, index),
    }
  },
})

/** They start with the same column, so that queries of the one can use the other. */
function replaces(next: CreateIndex, index: Index, context: RuleContext): boolean {
  const [first] = index.columns
  return (
    first !== undefined &&
    first !== '' &&
    next.columns[0] === first &&
    sameName(context.schema, next.table, index.table)
  )
}

function createFirst(drop: DropIndex, next: CreateIndex, index: Index): string {
  const name = next.index === undefined || next.index === index.name.name ? `${index.name.name}_new` : next.index
  const keys = next.columns.map((column) => (column === '' ? '…' : quoteName(column))).join(', ')
  const more = next.plain === true ? '' : ' …'
  const lines = [
    `create ${next.unique ? 'unique ' : ''}index concurrently ${quoteName(name)} on ${nameText(next.table)} (${keys})${more};`,
    `drop index concurrently ${nameText(drop.index)};`,
  ]
  if (next.index === index.name.name) lines.push(`alter index ${quoteName(name)} rename to ${quoteName(next.index)};`)
  return lines.join('\n')
}
