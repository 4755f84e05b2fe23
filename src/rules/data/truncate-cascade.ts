import { listOf } from '../../core/text.ts'
import type { Truncate } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'

export const truncateCascade: Rule = defineRule({
  id: 'truncate-cascade',
  summary: 'TRUNCATE … CASCADE also empties every table that references the named one, directly or through others.',
  severity: 'error',
  hazards: ['loses-data', 'blocks-reads', 'blocks-writes'],
  looksAt: ['truncate'],
  sources: [
    'squawk:ban-truncate-cascade',
    'pgfence:truncate-cascade',
    'postgres-language-server:banTruncateCascade',
    'migrationpilot:MP036',
  ],
  why: `CASCADE follows the foreign keys backwards: each table that references the truncated one is emptied whole, then the tables that reference that one, and so on, whatever the ON DELETE of the keys says and whether any row really points there. All of them are locked with ACCESS EXCLUSIVE. The message lists what the history shows; a table that is new but referenced by nothing is left alone.`,
  examples: [
    {
      given: `create table authors (id int primary key, name text);
create table books (id int primary key, author_id int references authors (id));
create table reviews (id int primary key, book_id int references books (id));`,
      bad: 'truncate authors cascade;',
      good: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:authors key:id
delete from authors where name is null;

-- migrate:down none because the rows are lost on purpose`,
    },
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'truncate books cascade;',
      good: 'create table numbers (id bigint primary key);\ntruncate numbers cascade;',
    },
  ],
  *check(fact, context) {
    if (!fact.cascade) return
    const named = fact.tables.filter((table) => !isPrivate(table, context)).map(nameText)
    const followed = closure(fact, context)
    if (named.length === 0 && followed.length === 0) return
    const list = followed.map((table) => shortName(context.schema, table))
    const lost = listOf([...named, ...list])
    yield {
      at: fact.span,
      message:
        list.length === 0
          ? `All rows of ${lost} are lost, and those of every table that references ${named.length === 1 ? 'it' : 'them'}; the history shows none, but the database may have some.`
          : `All rows of ${lost} are lost: CASCADE empties ${listOf(list)} because of foreign keys.`,
      instead: `-- in batches, as a backfill of its own:\ndelete from ${named[0] ?? list[0] ?? '…'} where …;`,
    }
  },
})

/** Tables that reference the named ones, through any number of keys, without the named ones. */
function closure(fact: Truncate, context: RuleContext): readonly Name[] {
  const key = (name: Name): string => {
    const { schema, name: own } = context.schema.resolve(name)
    return `${schema}.${own}`
  }
  const seen = new Set(fact.tables.map(key))
  const found: Name[] = []
  const queue: Name[] = [...fact.tables]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const { table } of context.schema.foreignKeysTo(next)) {
      if (seen.has(key(table.name))) continue
      seen.add(key(table.name))
      found.push(table.name)
      queue.push(table.name)
    }
  }
  return found
}
