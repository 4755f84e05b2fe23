import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { postgres } from '../../../src/dialects/postgres/postgres.ts'
import { rules } from '../../../src/rules/registry.gen.ts'
import { refuseUnrunnable } from '../../../src/run/section.ts'

beforeAll(() => postgres.load())

/** Whether the runner refuses it, as it does when it reads all of it. */
function isRefused(sql: string): boolean {
  try {
    refuseUnrunnable({ path: '1_a.sql', text: sql, sha256: '' }, postgres.parse(sql))
    return false
  } catch {
    return true
  }
}

const controls = [
  'begin',
  'START TRANSACTION',
  'commit',
  'End',
  'rollback',
  'abort',
  "prepare transaction 'a'",
  "commit prepared 'a'",
  'discard all',
  'select pg_advisory_unlock_all()',
  'select pg_catalog . "pg_advisory_unlock_all" ( )',
  'select U&"pg_advisory\\005funlock_all"()',
  "do $$ begin execute 'commit'; end $$",
]
/** Of which the server itself makes an error, in a transaction. */
const hidden = ['do $$ begin commit; end $$', "do 'begin execute E''comm\\151t''; end'"]
const wrong = ['selec 1', "select '", 'select 1 /* open', 'create table a (', '$$', 'a\0b', '\ufeffselec']
const plain = [
  '',
  '-- nothing',
  'create table a (id bigint primary key)',
  'create index on a (id)',
  "insert into a values ('x')",
  'alter table a add column b text',
]

test('what certainly does not control the session is not refused by who reads all of it', () => {
  expect(controls.filter((sql) => !isRefused(sql))).toEqual([])
  expect([...controls, ...hidden].filter((sql) => !postgres.mayControl(sql))).toEqual([])
  expect(wrong.filter((sql) => !isRefused(sql) || !postgres.mayControl(sql))).toEqual([])
  expect(plain.filter((sql) => isRefused(sql) || postgres.mayControl(sql))).toEqual([])
  const examples = rules.flatMap(({ examples: own }) => own.flatMap(({ bad, good }) => [bad, good ?? ''].flat()))
  const quick = examples.filter((sql) => !postgres.mayControl(sql))
  expect(quick.filter(isRefused)).toEqual([])
  expect(quick.length).toBeGreaterThan(examples.length / 2)
})

test('neither in any text that is put together of such', () => {
  const piece = fc.constantFrom(
    ...controls,
    ...wrong,
    ...plain,
    ';',
    '\n',
    ' ',
    "'",
    '"',
    '$$',
    '/*',
    '*/',
    '--',
    '(',
    ')',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const sql = pieces.join(' ; ')
      expect(postgres.mayControl(sql) || !isRefused(sql)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})
