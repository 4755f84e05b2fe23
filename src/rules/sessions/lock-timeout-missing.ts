import { listOf } from '../../core/text.ts'
import type { Effect } from '../../model/effect.ts'
import { blocksReads, blocksWrites } from '../../model/lock.ts'
import { lockingKinds } from '../locking-kinds.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { shortName } from '../same-name.ts'

export const lockTimeoutMissing: Rule = defineRule({
  id: 'lock-timeout-missing',
  summary:
    'Nothing limits how long the migration waits for a lock, and whoever wants the table after it waits behind it.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: lockingKinds,
  sources: [
    'squawk:require-lock-timeout',
    'eugene:E9',
    'pgfence:missing-lock-timeout',
    'postgres-language-server:lockTimeoutWarning',
    'migrationpilot:MP004',
    'strong_migrations:lock_timeout',
    'online_migrations:lock_timeout',
    'safe-pg-migrations:lock_timeout',
    'eugene:E4',
  ],
  why: `A lock request that cannot be granted stands in a queue, and every later request that conflicts with it stands behind it, even if it would get on with the session that holds the lock now. So one long report or one forgotten transaction turns an ALTER TABLE of a millisecond into a table that nobody can read. lock_timeout makes the migration give up instead, and it can be tried again. One finding a file is given, at the first statement that locks an existing table against writes, where no statement of the file sets lock_timeout and the runner of the layout is not known to set it; \`setElsewhere\` is for teams whose role, database or runner does.`,
  options: {
    setElsewhere: {
      default: false,
      summary: 'True where the role, the database or the runner sets lock_timeout for migrations.',
    },
  },
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table books add column isbn text;',
      good: `set local lock_timeout = '2s';
alter table books add column isbn text;`,
      runnerSets: [],
    },
    {
      given: 'create table books (id bigint primary key, title text);\ncreate table authors (id bigint primary key);',
      bad: `create table shelves (id bigint primary key);
create table loans (id bigint primary key, book_id bigint references books (id));`,
      good: `create table shelves (id bigint primary key, label text);
create index shelves_label_idx on shelves (label);
select pg_catalog.set_config('lock_timeout', '2s', true);
create table loans (id bigint primary key, book_id bigint references books (id));
create index loans_book_id_idx on loans (book_id);`,
      runnerSets: [],
    },
  ],
  *check(fact, context, { setElsewhere }) {
    if (setElsewhere || context.migration.runnerSets?.includes('lock_timeout') === true) return
    const locked = context.effects.filter(isStrong)
    if (locked.length === 0 || context.earlierEffects.some(isStrong)) return
    // What a file sets too late, or sets to nothing, is for lock-timeout-ineffective.
    const isSet = context.statements.some(({ facts }) =>
      facts.some((other) => other.kind === 'set-setting' && other.setting === 'lock_timeout'),
    )
    if (isSet) return
    const [is, names] = [
      locked.some(({ lock }) => blocksReads(lock)) ? 'reads and writes' : 'writes',
      locked.slice(0, 3).map(({ table }) => shortName(context.schema, table)),
    ]
    yield {
      at: fact.span,
      message: `Nothing limits how long this waits for its lock on ${listOf(names)}, and while it waits, ${is} of ${names.length === 1 ? 'the table' : 'these tables'} wait behind it.`,
      instead: `${context.transaction.open ? 'set local' : 'set'} lock_timeout = '2s';\n${context.statement.sql};`,
    }
  },
})

function isStrong(effect: Effect): boolean {
  return blocksWrites(effect.lock)
}
