import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const sessionDiscarded: Rule = defineRule({
  id: 'session-discarded',
  summary: "DISCARD ALL gives up the session's advisory locks, and with them the lock that keeps a second run out.",
  severity: 'error',
  hazards: ['fails'],
  looksAt: ['other-statement', 'select'],
  sources: ['lockstep:session-discarded'],
  why: `Runners keep a second run out with an advisory lock of the session. DISCARD ALL calls pg_advisory_unlock_all(), so from that statement on another run may begin and apply the same files beside this one; it also resets every setting, time limits included, and drops temporary tables and prepared statements that earlier statements made. \`migrate\` refuses it. RESET ALL, DISCARD TEMP, DISCARD PLANS or pg_advisory_unlock(key) give back only what they name.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `set work_mem = '64MB';
discard all;`,
      good: `set work_mem = '64MB';
reset work_mem;`,
      transaction: false,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'select pg_advisory_unlock_all();',
      good: 'select pg_advisory_lock(7), pg_advisory_unlock(7);',
    },
  ],
  *check(fact, { statement }) {
    const givesUp =
      fact.kind === 'select'
        ? fact.functions.some((name) => /(^|\.)pg_advisory_unlock_all$/.test(name))
        : fact.tag === 'DISCARD' && statement.needsNoTransaction
    if (!givesUp) return
    yield {
      at: fact.span,
      message: 'This gives up every advisory lock of the session, also the one that keeps a second run out.',
      instead: '-- name what is to be given back, for instance:\nreset all;',
    }
  },
})
