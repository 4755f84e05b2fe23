import { beforeAll, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { lint } from '../../src/lint/lint.ts'
import { defineRule } from '../../src/rules/rule.ts'
import type { Rule } from '../../src/rules/rule.ts'
import { history } from './history.ts'

/** Says at each SHOW … what is in force for lock_timeout. */
const seesTimeout: Rule = defineRule({
  id: 'sees-timeout',
  summary: 'A setting is asked for.',
  severity: 'info',
  hazards: [],
  looksAt: ['other-statement'],
  sources: [],
  why: 'Because.',
  examples: [],
  *check(fact, { settings, migration }) {
    const found = settings.get('lock_timeout')
    const by = found === undefined ? '' : migration.source.text.slice(found.span.start, found.span.end)
    yield {
      at: fact.span,
      message: found === undefined ? 'unset' : `${found.milliseconds ?? 'default'} by ${by}`,
    }
  },
})

beforeAll(() => postgres.load())

function seen(sql: string, inTransaction: boolean): readonly string[] {
  const { findings } = lint({
    history: history(sql),
    rules: [seesTimeout],
    dialect: postgres,
    target: 18,
    inTransaction,
  })
  return findings.map(({ message }) => message)
}

test.each([
  { sql: 'show x', says: ['unset'] },
  { sql: `set lock_timeout = '2s'; show x; commit; show x`, says: Array(2).fill(`2000 by set lock_timeout = '2s'`) },
  { sql: 'set local lock_timeout = 7; show x; commit; show x', says: ['7 by set local lock_timeout = 7', 'unset'] },
  { sql: 'commit; set local lock_timeout = 7; show x', says: ['unset'] },
  { sql: 'set lock_timeout = 7; rollback; show x', says: ['unset'] },
  {
    sql: 'set lock_timeout = 7; set local lock_timeout = 8; show x; commit; show x',
    says: ['8 by set local lock_timeout = 8', '7 by set lock_timeout = 7'],
  },
  {
    sql: 'set local lock_timeout = 8; set lock_timeout = 7; show x; commit; show x',
    says: ['7 by set lock_timeout = 7', '7 by set lock_timeout = 7'],
  },
  {
    sql: 'set lock_timeout = 7; savepoint a; set lock_timeout = 8; rollback to a; show x; set lock_timeout = 9; rollback to a; show x',
    says: ['7 by set lock_timeout = 7', '7 by set lock_timeout = 7'],
  },
  { sql: 'set lock_timeout = 7; reset lock_timeout; show x', says: ['default by reset lock_timeout'] },
  { sql: 'set lock_timeout = 7; reset all; show x', says: ['unset'] },
  {
    sql: `select set_config('lock_timeout', '1min', true); show x; commit; show x`,
    says: [`60000 by select set_config('lock_timeout', '1min', true)`, 'unset'],
  },
])('$sql', ({ sql, says }) => {
  expect(seen(sql, true)).toEqual(says)
})

test('without a transaction SET LOCAL does nothing', () => {
  expect(seen('set local lock_timeout = 7; show x; begin; set local lock_timeout = 8; show x', false)).toEqual([
    'unset',
    '8 by set local lock_timeout = 8',
  ])
})
