import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isDump } from '../dump.ts'
import { isServerDefault } from '../server-default.ts'

export const settingLeaks: Rule = defineRule({
  id: 'setting-leaks',
  summary:
    'SET inside a transaction stays for the session, so it also holds for the migrations that run after this one.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['fails', 'blocks-writes'],
  looksAt: ['set-setting'],
  sources: ['lockstep:setting-leaks'],
  why: `SET changes the session and is kept when the transaction commits; SET LOCAL ends with the transaction. Runners apply many files over one connection, so a lock_timeout meant for this file cancels the CREATE INDEX CONCURRENTLY of a later one, and a search_path or role puts the tables of later files in another schema or under another owner; applied alone, the same files behave differently. What the file itself takes back with RESET is not reported, nor is the head of a dump, nor anything where the runner puts settings back itself.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `set lock_timeout = '2s';
alter table books add column isbn text;`,
      good: `set local lock_timeout = '2s';
alter table books add column isbn text;`,
      runnerSets: ['lock_timeout'],
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `select set_config('role', current_user, false);
create table authors (id bigint primary key);`,
      good: `set work_mem = '64MB';
alter table books add column isbn text;
reset work_mem;`,
      runnerSets: ['lock_timeout'],
    },
  ],
  *check(fact, context) {
    // Without a value it is RESET, DEFAULT or SET TRANSACTION.
    if (fact.local || (fact.value === undefined && fact.computed !== true)) return
    if (!context.transaction.open || context.migration.runnerDoes?.includes('resets-settings') === true) return
    if (isServerDefault(fact) || isTakenBack(fact.setting, context) || isDump(context)) return
    yield {
      at: fact.span,
      message: `${fact.setting} stays set for the session after this migration, so later migrations run with it too.`,
      instead:
        fact.value === undefined
          ? `-- true as the third argument of set_config: for this transaction only`
          : `set local ${fact.setting} = '${fact.value}';`,
    }
  },
})

function isTakenBack(setting: string, context: RuleContext): boolean {
  return context.later.some(
    (later) =>
      (later.kind === 'set-setting' &&
        (later.setting === setting || later.setting === 'all') &&
        later.value === undefined) ||
      (later.kind === 'transaction' && later.action === 'rollback'),
  )
}
