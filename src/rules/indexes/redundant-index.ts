import type { CreateIndex } from '../../model/fact.ts'
import { quoteName } from '../../model/name.ts'
import type { Index } from '../../model/schema.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'
import { shortName } from '../same-name.ts'

export const redundantIndex: Rule = defineRule({
  id: 'redundant-index',
  summary:
    'Two indexes of which one starts with the columns of the other: the shorter one only costs writes and space.',
  severity: 'info',
  preset: 'strict',
  hazards: ['slows-queries'],
  looksAt: ['create-index'],
  sources: ['lockstep:redundant-index', 'migrationpilot:MP100'],
  why: `A B-tree over (a, b) answers every query that one over (a) answers, and a second index over the same columns answers nothing new; each of them is written by every INSERT and by most UPDATEs, takes memory, and is read by VACUUM. The rule compares indexes that the history knows and that consist of plain columns without a predicate. It is silent where the other index goes in the same migration, and never calls a unique index redundant.`,
  examples: [
    {
      given: `create table books (id bigint primary key, title text, shop int);
create index books_title_shop_idx on books (title, shop);`,
      bad: 'create index concurrently books_title_idx on books (title);',
      good: 'create index concurrently books_shop_idx on books (shop);',
      transaction: false,
    },
    {
      given: `create table books (id bigint primary key, title text, shop int);
create index books_title_idx on books (title);`,
      bad: 'create index concurrently books_title_shop_idx on books (title, shop);',
      good: `create index concurrently books_title_shop_idx on books (title, shop);
drop index concurrently books_title_idx;`,
      transaction: false,
    },
    {
      given: 'create table shops (id bigint primary key);',
      bad: 'create table books (id bigint primary key, title text);\ncreate index books_id_idx on books (id);',
      good: 'create table books (id bigint primary key, title text);\ncreate index books_title_idx on books (title);',
    },
  ],
  *check(index, context) {
    if (index.plain !== true) return
    const others = [...(context.table(index.table)?.indexes.values() ?? [])].filter(
      (other) => isComparable(other, index) && !isDroppedLater(other, context),
    )
    yield* found(index, others, context)
  },
})

function* found(index: CreateIndex, others: readonly Index[], context: RuleContext): Iterable<RuleFinding> {
  const serving = index.unique ? undefined : others.find((other) => startsWith(other.columns, index.columns))
  if (serving !== undefined) {
    const name = quoteName(serving.name.name)
    yield {
      at: index.span,
      message: `${name} serves every query that this index can serve.`,
      instead: `-- leave it out: ${name} is over (${serving.columns.map(quoteName).join(', ')})`,
    }
    return
  }
  const served = others.find(
    (other) => !other.unique && other.constraint === undefined && startsWith(index.columns, other.columns),
  )
  if (served === undefined) return
  const old = shortName(context.schema, served.name)
  yield {
    at: index.span,
    message: `This index serves every query that ${old} serves, which from now on only costs writes and space.`,
    instead: `${context.statement.sql};\ndrop index concurrently ${old};`,
  }
}

/** Both are lists of plain columns of one B-tree; a constraint's index is one too. */
function isComparable(other: Index, index: CreateIndex): boolean {
  const plain = other.plain === true || (other.constraint !== undefined && other.plain === undefined)
  return (
    plain && !other.partial && other.method === 'btree' && index.method === 'btree' && other.name.name !== index.index
  )
}

function startsWith(columns: readonly string[], first: readonly string[]): boolean {
  return first.length > 0 && first.every((column, position) => column === columns[position])
}

function isDroppedLater(index: Index, context: RuleContext): boolean {
  return context.later.some(
    (fact) =>
      (fact.kind === 'drop-index' && fact.index.name === index.name.name) ||
      (fact.kind === 'drop-constraint' && fact.constraint === index.constraint),
  )
}
