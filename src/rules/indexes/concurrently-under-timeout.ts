import { nameText, quoteName } from '../../model/name.ts'
import type { CreateIndex, DropIndex, Reindex } from '../../model/fact.ts'
import { defineRule } from '../rule.ts'
import type { Rule, SettingInForce } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

const timeouts = ['lock_timeout', 'statement_timeout'] as const

export const concurrentlyUnderTimeout: Rule = defineRule({
  id: 'concurrently-under-timeout',
  summary: 'A short timeout interrupts CREATE INDEX CONCURRENTLY while it waits, and an invalid index stays behind.',
  severity: 'warning',
  hazards: ['fails', 'not-repeatable'],
  looksAt: ['create-index', 'drop-index', 'reindex'],
  sources: ['safe-pg-migrations:lock_timeout', 'lockstep:concurrently-under-timeout'],
  options: {
    seconds: {
      default: 600,
      summary: 'Timeouts below this many seconds are too short for a build beside the traffic.',
    },
  },
  why: `The CONCURRENTLY forms wait, several times, for every transaction that is older than themselves, whatever tables it uses, and the build takes as long as the table is large; nobody has to wait for them. A lock_timeout or statement_timeout that protects the traffic from a blocking statement interrupts them instead, and what was built stays as an invalid index, which a repetition meets. Such timeouts are switched off for these statements alone.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `set statement_timeout = '5s';
create index concurrently books_title_idx on books (title);`,
      good: `set statement_timeout = '2h';
create index concurrently books_title_idx on books (title);`,
      transaction: false,
    },
    {
      given: 'create table books (id bigint primary key, title text);\ncreate index books_title_idx on books (title);',
      bad: `set lock_timeout = '2s';
drop index concurrently books_title_idx;`,
      good: `set lock_timeout = '2s';
alter table books add column isbn text;
reset lock_timeout;
drop index concurrently books_title_idx;`,
      transaction: false,
    },
  ],
  *check(fact, context, { seconds }) {
    if (!fact.concurrently || context.transaction.open) return
    if (fact.kind === 'create-index' && isPrivate(fact.table, context)) return
    const short = timeouts.flatMap((name) => tooShort(context.settings.get(name), seconds) ?? [])
    if (short.length === 0) return
    const set = short.map(({ setting, value }) => `${setting} = ${value ?? ''}`).join(' and ')
    yield {
      at: fact.span,
      message: `${commandOf(fact)} waits for older transactions and takes as long as the table is large; ${set} interrupts it, and an invalid index stays behind.`,
      instead: [
        ...short.map(({ setting }) => `set ${setting} = 0;`),
        `${context.statement.sql};`,
        ...short.map(({ setting, value }) => `set ${setting} = '${value ?? ''}';`),
      ].join('\n'),
    }
  },
})

/** What is not known when the file is read, and what is switched off, is not too short. */
function tooShort(setting: SettingInForce | undefined, seconds: number): SettingInForce | undefined {
  const milliseconds = setting?.milliseconds ?? 0
  return milliseconds > 0 && milliseconds < seconds * 1000 ? setting : undefined
}

function commandOf(fact: CreateIndex | DropIndex | Reindex): string {
  switch (fact.kind) {
    case 'create-index':
      return fact.index === undefined ? 'CREATE INDEX CONCURRENTLY' : `The build of ${quoteName(fact.index)}`
    case 'drop-index':
      return `DROP INDEX CONCURRENTLY ${nameText(fact.index)}`
    case 'reindex':
      return 'REINDEX CONCURRENTLY'
  }
}
