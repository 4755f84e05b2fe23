import { expect, test } from 'vitest'
import type { LogEntry } from '../../src/capture/logs/entry.ts'
import { linePrefix } from '../../src/capture/logs/line-prefix.ts'
import { logEntries } from '../../src/capture/logs/read.ts'
import { loggedStatement } from '../../src/capture/logs/statements.ts'

async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.split('\n')
}

async function entries(text: string, prefix?: string): Promise<readonly LogEntry[]> {
  const found: LogEntry[] = []
  for await (const entry of logEntries(linesOf(text), prefix === undefined ? undefined : linePrefix(prefix)))
    found.push(entry)
  return found
}

/** The statement of a log with their values. */
async function statements(text: string): Promise<readonly unknown[]> {
  return (await entries(text)).flatMap((entry): readonly unknown[] => {
    const statement = loggedStatement(entry, 'x')
    if (statement === undefined) return []
    if (typeof statement === 'string') return [statement]
    return [[statement.place, statement.sql, ...statement.parameters.map(({ values }) => values?.[0])]]
  })
}

test('what is a statement and what is none', async () => {
  const log = [
    'LOG:  statement: select 1',
    '2026-11-26 11:00:00.123 UTC [7] LOG:  execute <unnamed>: select',
    '\t',
    '\t$1 from "LOG:  statement: x"',
    "2026-11-26 11:00:00.123 UTC [7] DETAIL:  parameters: $1 = 'it''s, $2 = 3', $2 = NULL, $3 = 'cut off...'",
    'LOG:  duration: 0.05 ms  execute S_1/C_2: select 2',
    'LOG:  duration: 0.05 ms  execute fetch from S_1/C_2: select 2',
    'LOG:  duration: 0.05 ms  parse S_1: select 3',
    'LOG:  duration: 0.05 ms  bind S_1: select 3',
    'LOG:  duration: 1.5 ms',
    'ERROR:  relation "x" does not exist at character 15',
    'STATEMENT:  select * from x',
    'LOG:  checkpoint starting: time',
    'LOG:  duration: 0.01 ms  plan:',
    '\tQuery Text: select 5',
    '\tResult  (cost=0.00..0.01 rows=1 width=4)',
    'LOG:  statement: select 6',
  ]
  expect(await statements(log.join('\n'))).toEqual([
    ['x:1', 'select 1'],
    ['x:2', 'select\n\n$1 from "LOG:  statement: x"', "it's, $2 = 3", null, undefined],
    ['x:6', 'select 2'],
    'plan-in-another-form',
    ['x:17', 'select 6'],
  ])
})

test('an empty log, and another file', async () => {
  expect(await statements('')).toEqual([])
  expect(await statements('GET / 200\nGET /x 404')).toEqual([])
  expect(await statements('{"level":"info"}\nno json')).toEqual([])
})

test.each([
  ['%m [%p] %q%u@%d ', '2026-11-26 11:00:00.123 UTC [7] shop_app@shop '],
  ['%t:%r:%u@%d:[%p]: ', '2026-11-26 11:00:00 UTC:10.0.0.1(5000):shop_app@shop:[7]: '],
  ['%-10u %5d (%%) %u ', 'shop_app    shop (%) shop_app '],
  ['user=%u,db=%d,app=%a ', 'user=shop_app,db=shop,app=web '],
])('the setting %s says where the user and the database stand', async (setting, before) => {
  const [entry] = await entries(`${before}LOG:  statement: select 1`, setting)
  expect(entry).toMatchObject({ user: 'shop_app', database: 'shop' })
})

test('CSV with line ends, quotes and commas in a field', async () => {
  const row = (message: string): string =>
    `2026-11-26 11:00:00.123 UTC,"shop_app","shop",7,"[local]",6a.7,1,"SELECT",2026-11-26 11:00:00 UTC,3/4,0,LOG,00000,"${message}",,,,,,,,,"web","client backend",,0`
  const log = `${row('statement: select ""a"",\n 1')}\n${row('statement: select 2')}\n`
  expect(await statements(log)).toEqual([
    ['x:1', 'select "a",\n 1'],
    ['x:3', 'select 2'],
  ])
  expect((await entries(log))[1]).toMatchObject({ user: 'shop_app', database: 'shop', application: 'web' })
})
