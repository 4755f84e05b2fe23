import type { Effect } from '../../model/effect.ts'
import type { SetSetting } from '../../model/fact.ts'
import { blocksWrites } from '../../model/lock.ts'
import { lockingKinds } from '../locking-kinds.ts'
import { defineRule, nothing } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding, SettingInForce } from '../rule.ts'
import { shortName } from '../same-name.ts'

export const lockTimeoutIneffective: Rule = defineRule({
  id: 'lock-timeout-ineffective',
  summary: 'The file sets lock_timeout, but not for the statement that needs it.',
  severity: 'warning',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['set-setting', ...lockingKinds],
  sources: ['pgfence:lock-timeout-zero', 'pgfence:lock-timeout-too-long', 'pgfence:lock-timeout-after-dangerous'],
  why: `lock_timeout = 0 means no limit, and RESET gives back the value of the role or the database, which is no limit unless somebody set one. SET LOCAL ends with its transaction, and a rollback takes SET back too. A value that is set below the statement came too late for it. A long value lets the queue behind the migration grow for that long. Only statements that lock an existing table against writes count; for CREATE INDEX CONCURRENTLY, which makes nobody wait, switching the limit off is right.`,
  options: {
    longest: { default: 10, summary: 'Seconds of lock_timeout that are not reported as too long.' },
  },
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `set local lock_timeout = 0;
alter table books add column isbn text;`,
      good: `set local lock_timeout = '2s';
alter table books add column isbn text;`,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `savepoint before_update;
set local lock_timeout = '2s';
rollback to before_update;
alter table books add column isbn text;`,
      good: `savepoint before_update;
rollback to before_update;
set local lock_timeout = '2s';
alter table books add column isbn text;`,
      runnerSets: [],
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `alter table books add column isbn text;
set lock_timeout = '2s';`,
      good: `set lock_timeout = '2s';
alter table books add column if not exists isbn text;
set lock_timeout = 0;
create index concurrently books_isbn_idx on books (isbn);`,
      transaction: false,
      runnerSets: [],
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `set local lock_timeout = '30s';
alter table books add column isbn text;`,
      good: `set local lock_timeout = '1s';
reset lock_timeout;
alter table books add column isbn text;`,
      runnerSets: ['lock_timeout'],
    },
  ],
  check(fact, context, { longest }) {
    if (fact.kind === 'set-setting') return tooLate(fact, context)
    return context.effects.some(isStrong) ? notInForce(context, longest) : nothing
  },
})

function* tooLate(fact: SetSetting, context: RuleContext): Iterable<RuleFinding> {
  if (fact.setting !== 'lock_timeout' || (fact.milliseconds ?? 0) === 0 || isSetByRunner(context)) return
  if (fact.local && !context.transaction.open) return
  if (context.settings.last('lock_timeout') !== undefined) return
  const before = context.earlierEffects.find(isStrong)
  if (before === undefined) return
  yield {
    at: fact.span,
    message: `This comes too late for the statement above that waits for its lock on ${shortName(context.schema, before.table)}.`,
    instead: `-- above the first statement:\n${context.statement.sql};`,
  }
}

function notInForce(context: RuleContext, longest: number): readonly RuleFinding[] {
  const found = context.settings.get('lock_timeout')
  const ended = found === undefined ? context.settings.last('lock_timeout') : undefined
  const setting = found ?? ended
  if (setting === undefined) return nothing
  // Our runner puts its own in force again behind a RESET.
  const isGivenBack = ended !== undefined || (setting.value === undefined && !setting.computed)
  if (isGivenBack && isSetByRunner(context)) return nothing
  const problem = problemOf(setting, ended !== undefined, longest)
  if (problem === undefined) return nothing
  const table = context.effects.find(isStrong)?.table
  const name = table === undefined ? 'a table' : shortName(context.schema, table)
  return [
    {
      at: setting.span,
      message: `${problem} when a statement below waits for its lock on ${name}, and others wait behind it.`,
      instead: `${context.transaction.open ? 'set local' : 'set'} lock_timeout = '2s';\n${context.statement.sql};`,
    },
  ]
}

function problemOf(setting: SettingInForce, ended: boolean, longest: number): string | undefined {
  if (setting.computed) return undefined
  if (ended) return 'This holds no longer: its transaction ended or was rolled back. So nothing limits the wait'
  if (setting.value === undefined) return 'This gives the default back, as a rule no limit at all,'
  if (setting.milliseconds === 0) return 'This means no limit'
  if ((setting.milliseconds ?? 0) > longest * 1000) return `This allows ${setting.value}, which is long`
  return undefined
}

function isSetByRunner(context: RuleContext): boolean {
  return context.migration.runnerSets?.includes('lock_timeout') === true
}

function isStrong(effect: Effect): boolean {
  return blocksWrites(effect.lock)
}
