import { listOf } from '../../core/text.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { hasLockTimeout } from '../lock-timeout.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'

export const dropForeignKeyColumn: Rule = defineRule({
  id: 'drop-foreign-key-column',
  summary: 'Dropping a column with a foreign key also stops reads and writes of the table that it references.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['drop-column'],
  sources: ['lockstep:drop-foreign-key-column'],
  why: `The foreign key goes with the column, and with it the triggers on the referenced table that guarded it; removing them takes ACCESS EXCLUSIVE there too. So a statement that names one table waits for every query of the other, often the busiest one there is, and all that comes after queues up behind it. The lock is short once it is had: a short lock_timeout that the file sets before the statement bounds the wait, and the rule is silent then. That holds in a contract step as well.`,
  examples: [
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint references authors (id));`,
      bad: 'alter table books drop column author_id;',
      good: `-- migrate:change books-author
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
set local lock_timeout = '2s';
alter table books drop column author_id;

-- migrate:down
set local lock_timeout = '2s';
alter table books add column author_id bigint;
-- migrate:down-loses books.author_id`,
      runnerSets: [],
    },
    {
      given: `create table shelves (room int, number int, primary key (room, number));
create table books (id bigint primary key, room int, number int, foreign key (room, number) references shelves);`,
      bad: 'alter table books drop column number;',
      good: `set local lock_timeout = '2s';
create table loans (id bigint primary key, room int, number int, foreign key (room, number) references shelves);
create index on loans (room, number);
alter table loans drop column number;`,
      runnerSets: [],
    },
  ],
  *check(drop, context) {
    if (isPrivate(drop.table, context) || hasLockTimeout(context)) return
    const referenced = referencedBy(drop.table, drop.column, context)
    if (referenced.length === 0) return
    yield {
      at: drop.span,
      message: `${columnText(drop.table, drop.column)} has a foreign key: reads and writes of ${listOf(referenced.map((name) => shortName(context.schema, name)))} wait too until the statement has its locks.`,
      instead: `set local lock_timeout = '2s';\nalter table ${nameText(drop.table)} drop column ${quoteName(drop.column)};`,
    }
  },
})

/** The other tables that foreign keys of the column point at, each once. */
function referencedBy(table: Name, column: string, context: RuleContext): readonly Name[] {
  const found: Name[] = []
  for (const constraint of context.table(table)?.constraints.values() ?? []) {
    if (constraint.type !== 'foreign-key' || !constraint.columns.includes(column)) continue
    const { references } = constraint
    if (isPrivate(references, context) || sameName(context.schema, references, table)) continue
    if (!found.some((name) => sameName(context.schema, name, references))) found.push(references)
  }
  return found
}
