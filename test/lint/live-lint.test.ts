import { beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { lint } from '../../src/lint/lint.ts'
import type { LintInput } from '../../src/lint/lint.ts'
import type { Snapshot, SnapshotTable } from '../../src/model/snapshot.ts'
import { rules } from '../../src/rules/registry.gen.ts'
import { history } from './history.ts'

beforeAll(() => postgres.load())

function snapshot(sql: readonly string[], more: Partial<Snapshot> = {}): Snapshot {
  const statements = sql.map((text) => ({
    sql: text,
    of: { schema: 'public', name: /table (\w+)/.exec(text)?.[1] ?? '' },
  }))
  return { version: 2, server: 18, statements, tables: [], ...more }
}

function table(name: string, size: Partial<SnapshotTable>): SnapshotTable {
  return { schema: 'public', name, bytes: 0, heapBytes: 0, ...size }
}

function found(files: readonly string[], more: Partial<LintInput>): unknown {
  const { findings, files: judged } = lint({
    history: history(...files),
    rules,
    dialect: postgres,
    target: 18,
    ...more,
  })
  return {
    judged,
    findings: findings.map(({ migration, rule, severity }) => `${migration} ${severity} ${rule}`),
  }
}

const orders = 'create table orders (id bigint primary key, note text not null);'
const index = 'create index by_note on orders (note);'

describe('a journal says what is applied', () => {
  test('only what is not applied is judged, on the schema as it is there', () => {
    // Not in any file: somebody has added the column by hand.
    const live = snapshot([orders, 'alter table orders add column extra text'], { applied: ['1'] })
    const pending = 'alter table orders alter column extra set not null;'
    expect(found([orders, index, pending], { snapshot: live })).toMatchObject({
      judged: 2,
      findings: expect.arrayContaining([
        '2 error create-index-without-concurrently',
        '3 error set-not-null-without-check',
      ]),
    })
    expect(found([orders, index], { snapshot: { ...live, applied: ['1', '2'] } })).toEqual({ judged: 0, findings: [] })
  })

  test('what is applied is not replayed: a table that somebody has brought back is there', () => {
    const live = snapshot([orders], { applied: ['1', '2'], tables: [table('orders', { rows: 5 })] })
    const report = lint({
      history: history(orders, 'drop table orders;', index),
      rules,
      dialect: postgres,
      target: 18,
      snapshot: live,
    })
    expect(report.findings.some(({ sizes }) => sizes?.[0]?.rows === 5)).toBe(true)
  })

  test('a journal of which no file is applied: all of it is to come, on top of what is there', () => {
    const live = snapshot([orders], { applied: [] })
    expect(found([index], { snapshot: live })).toMatchObject({
      judged: 1,
      findings: expect.arrayContaining(['1 error create-index-without-concurrently']),
    })
  })
})

describe('no journal says what is applied', () => {
  test('the history stays the schema, and tables that it never makes become known', () => {
    const legacy = 'create table legacy (id integer primary key, note text)'
    const renames = 'alter table legacy rename column gone to other;'
    const live = snapshot([orders.replace(')', ', extra text)'), legacy])
    const report = lint({
      history: history(
        orders,
        index,
        renames,
        'create view v as select * from legacy;',
        'alter table legacy drop column note cascade;',
      ),
      rules,
      dialect: postgres,
      target: 18,
      snapshot: live,
    })
    expect(report.files).toBe(5)
    const drop = report.findings.filter(({ migration }) => migration === '5')
    // The view's star can only be spelled out where the columns of the table are known.
    expect(drop.some(({ message }) => message.includes('v'))).toBe(true)
    // The table is as old as its migration says: the index in the same file is for nobody to wait for.
    expect(found([orders + index], { snapshot: live })).not.toMatchObject({
      findings: expect.arrayContaining(['1 error create-index-without-concurrently']),
    })
  })
})

describe('an index that is INVALID in the database', () => {
  const of = { schema: 'public', name: 'orders' }
  const live: Snapshot = {
    ...snapshot([orders], { applied: [] }),
    statements: [
      { sql: orders, of },
      { sql: 'create unique index by_note on orders (note)', of, invalid: true },
    ],
  }

  test.each([
    [
      'is not made by IF NOT EXISTS',
      'create unique index if not exists by_note on orders (note);',
      ['error index-if-not-exists'],
    ],
    [
      'is no constraint',
      'alter table orders add constraint n unique using index by_note;',
      ['error constraint-over-unusable-index'],
    ],
    [
      'is one after REINDEX',
      'reindex index by_note; alter table orders add constraint n unique using index by_note;',
      [],
    ],
    [
      'is gone when it is dropped',
      'drop index by_note; create unique index if not exists by_note on orders (note);',
      [],
    ],
  ])('%s', (_, sql, expected) => {
    const ids = ['index-if-not-exists', 'constraint-over-unusable-index']
    const { findings } = lint({
      history: history(sql),
      rules: rules.filter(({ id }) => ids.includes(id)),
      dialect: postgres,
      target: 18,
      snapshot: live,
    })
    expect(findings.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual(expected)
  })
})

describe('sizes', () => {
  const large = table('orders', { rows: 48_000_000, bytes: 12 * 1024 ** 3 })
  const small = table('orders', { rows: 800, bytes: 64 * 1024 })
  const live = (...tables: readonly SnapshotTable[]): Snapshot => snapshot([orders], { applied: [], tables })
  const smallTable = { rows: 10_000, bytes: 10 * 1024 ** 2 }
  const levelOf = (
    files: readonly string[],
    more: Partial<LintInput>,
    rule = 'create-index-without-concurrently',
  ): unknown => {
    const report = lint({ history: history(...files), rules, dialect: postgres, target: 18, ...more })
    return report.findings.find((finding) => finding.rule === rule)?.severity
  }

  test('stand with the finding', () => {
    const [finding] = lint({
      history: history(index),
      rules: rules.filter(({ id }) => id === 'create-index-without-concurrently'),
      dialect: postgres,
      target: 18,
      snapshot: live(large),
    }).findings
    expect(finding?.sizes).toEqual([
      { table: { schema: 'public', name: 'orders' }, rows: 48_000_000, bytes: 12 * 1024 ** 3 },
    ])
  })

  test.each([
    ['a small table is one level milder', live(small), 'warning'],
    ['a large one is not', live(large), 'error'],
    ['one of many bytes and few rows is not', live({ ...small, bytes: 11 * 1024 ** 2 }), 'error'],
    ['one whose rows are not known is not', live(table('orders', { bytes: 10 })), 'error'],
    ['one that nothing is known of is not', live(), 'error'],
    ['without a live database nothing is', undefined, 'error'],
  ])('%s', (_, given, severity) => {
    const files = given === undefined ? [orders, index] : [index]
    expect(levelOf(files, { snapshot: given, smallTable })).toBe(severity)
  })

  test('without a limit nothing is small, nor with one that says nothing', () => {
    expect(levelOf([index], { snapshot: live(small) })).toBe('error')
    expect(levelOf([index], { snapshot: live(small), smallTable: {} })).toBe('error')
  })

  test('what is lost is as bad for a small table', () => {
    const drop = 'drop table orders;'
    const without = levelOf([drop], { snapshot: live(large), smallTable }, 'drop-table')
    expect(without).toBeDefined()
    expect(levelOf([drop], { snapshot: live(small), smallTable }, 'drop-table')).toBe(without)
  })

  test('a change of rows is as long as the table', () => {
    const change = "update orders set note = '';"
    expect(levelOf([change], { snapshot: live(large), smallTable }, 'update-without-where')).toBe('error')
    expect(levelOf([change], { snapshot: live(small), smallTable }, 'update-without-where')).toBe('warning')
  })

  test('an empty table has no number to repeat', () => {
    const identity = 'alter table orders alter column id add generated by default as identity;'
    const of = (rows: number): unknown =>
      levelOf([identity], { snapshot: live(table('orders', { rows })) }, 'identity-without-start')
    expect([of(0), of(1)]).toEqual([undefined, 'error'])
  })

  test('a severity of the configuration stays what it is', () => {
    const severities = { 'create-index-without-concurrently': 'error' } as const
    expect(levelOf([index], { snapshot: live(small), smallTable, severities })).toBe('error')
  })

  test('a table of that name that is made anew is another one', () => {
    const again = ['drop table orders;', orders, index]
    expect(levelOf(again, { snapshot: live(small), smallTable })).toBe('error')
  })
})
