import type { Effect } from '../../model/effect.ts'
import { blocksReads, blocksWrites } from '../../model/lock.ts'
import { lockingKinds } from '../locking-kinds.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { shortName } from '../same-name.ts'

export const statementTimeoutMissing: Rule = defineRule({
  id: 'statement-timeout-missing',
  summary:
    'A statement makes others wait for as long as the table is large, and nothing ends it when it takes too long.',
  severity: 'info',
  preset: 'strict',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: lockingKinds,
  sources: [
    'squawk:require-statement-timeout',
    'pgfence:missing-statement-timeout',
    'postgres-language-server:requireStatementTimeout',
    'migrationpilot:MP020',
    'pgfence:missing-idle-timeout',
    'postgres-language-server:requireIdleInTransactionTimeout',
    'strong_migrations:statement_timeout',
  ],
  why: `lock_timeout limits the wait for the lock, not the time for which the lock is held. A statement that reads or writes the whole table under a lock holds it for minutes when the table turned out larger than thought; statement_timeout, or transaction_timeout from PostgreSQL 17 on, ends it and gives the table back. Only such statements are reported, once a file: for everything else, a build of an index CONCURRENTLY above all, a limit does more harm than good. Where the role, the database or the runner sets one, switch the option \`setElsewhere\` on.`,
  options: {
    setElsewhere: {
      default: false,
      summary: 'True where the role, the database or the runner sets statement_timeout for migrations.',
    },
  },
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table books add constraint titled check (title is not null);',
      good: [
        'alter table books add constraint titled check (title is not null) not valid;',
        'alter table books validate constraint titled;',
      ],
      runnerSets: ['lock_timeout'],
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `create index books_title_idx on books (title);`,
      good: `-- migrate:up transaction:false
set statement_timeout = '5s';
-- migrate:allow create-index-without-concurrently because the table has a hundred rows
create index books_title_idx on books (title);

-- migrate:down
drop index books_title_idx;`,
      runnerSets: ['lock_timeout'],
    },
  ],
  *check(fact, context, { setElsewhere }) {
    const slow = context.effects.find(isSlow)
    if (slow === undefined || setElsewhere || context.earlierEffects.some(isSlow) || isLimited(context)) return
    yield {
      at: fact.span,
      message: `Nothing ends this statement when reading ${shortName(context.schema, slow.table)} takes longer than expected, and ${blocksReads(slow.lock) ? 'reads and writes' : 'writes'} of it wait until it is done.`,
      instead: `${context.transaction.open ? 'set local' : 'set'} statement_timeout = '5min';\n${context.statement.sql};`,
    }
  },
})

function isSlow(effect: Effect): boolean {
  return blocksWrites(effect.lock) && (effect.scans || effect.rewrites)
}

function isLimited({ settings, migration }: RuleContext): boolean {
  return ['statement_timeout', 'transaction_timeout'].some((name) => {
    const setting = settings.get(name)
    if (setting !== undefined) return setting.computed || (setting.milliseconds ?? 0) > 0
    return migration.runnerSets?.includes(name) === true
  })
}
