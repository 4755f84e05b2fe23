import { beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { builtInRules } from '../../src/lint/built-in.ts'
import type { LintInput } from '../../src/lint/lint.ts'
import { lint } from '../../src/lint/lint.ts'
import { phaseOf } from '../../src/lint/phase.ts'
import type { Allow, Migration, ParsedMigration } from '../../src/model/migration.ts'
import { nameText } from '../../src/model/name.ts'
import type { Rule } from '../../src/rules/rule.ts'
import { defineRule } from '../../src/rules/rule.ts'
import { history, migration } from './history.ts'

const shared = { severity: 'error', hazards: [], sources: [], why: 'Because.', examples: [] } as const

/** Says of every dropped table whether it is new here, and what the transaction holds. */
const seesDrop: Rule = defineRule({
  ...shared,
  id: 'sees-drop',
  summary: 'A table is dropped.',
  looksAt: ['drop-table'],
  *check(fact, { isNew, transaction }) {
    const held = transaction.locks.map(({ lock, table }) => `${lock} on ${nameText(table)}`)
    const state = transaction.open ? `in a transaction after ${transaction.earlier.length} facts` : 'alone'
    yield {
      at: fact.span,
      message: [nameText(fact.table), isNew(fact.table) ? 'new' : 'old', state, ...held].join(', '),
    }
  },
})

/** Reports each kind of column change twice, once for the statement and once for the fact. */
const seesColumn: Rule = defineRule({
  ...shared,
  id: 'sees-column',
  severity: 'warning',
  summary: 'A column is dropped.',
  looksAt: ['drop-column'],
  *check(fact, { statement }) {
    yield { at: statement.span, message: 'A column goes.' }
    yield { at: fact.span, message: `${fact.column} goes.` }
  },
})

beforeAll(() => postgres.load())

function run(files: readonly ParsedMigration[], more: Partial<LintInput> = {}): readonly string[] {
  const report = lint({ history: files, rules: [seesDrop, seesColumn], dialect: postgres, target: 18, ...more })
  return report.findings.map(({ rule, severity, file, span, message }) =>
    [severity, rule, JSON.stringify(file.text.slice(span.start, span.end)), message].join(' | '),
  )
}

function allow(text: string, rule: string, marker: string): Allow {
  const start = text.indexOf(marker)
  const end = start + marker.length
  return { rule, reason: 'tests', span: { start, end }, appliesFrom: end }
}

describe('what is new', () => {
  const seen = (...files: readonly string[]): readonly string[] =>
    run(history(...files))
      .filter((line) => line.includes('sees-drop'))
      .map((line) => line.split(' | ')[3]?.split(', ').slice(0, 2).join(' ') ?? '')

  test.each([
    { files: ['create table t (a int); drop table t'], says: ['t new'] },
    { files: ['create table t (a int)', 'drop table t'], says: ['t old'] },
    { files: ['create table t (a int)', 'create table if not exists t (a int); drop table t'], says: ['t old'] },
    { files: ['create table if not exists t (a int); drop table t'], says: ['t new'] },
    { files: ['create table if not exists t (a int); create index on t (other); drop table t'], says: ['t old'] },
    { files: ['create table a.t (id int); drop table public.t'], says: ['public.t old'] },
    { files: ['create table t (a int); alter table t rename to u; drop table u'], says: ['u new'] },
    { files: ['create table t (a int)', 'alter table t rename to u; drop table u'], says: ['u old'] },
    {
      files: [
        'create table t (a int)',
        'alter table t rename to u; create table t (a int); drop table t; drop table u',
      ],
      says: ['t new', 'u old'],
    },
    { files: ['create temp table t (a int); drop table t'], says: ['t new'] },
    { files: ['create table t as select 1 as a; drop table t'], says: ['t new'] },
    { files: ['begin; create table t (a int); rollback; drop table t'], says: ['t old'] },
    { files: ['drop table t'], says: ['t old'] },
  ])('$files', ({ files, says }) => {
    expect(seen(...files)).toEqual(says)
  })
})

describe('transactions', () => {
  const sql =
    'alter table a add column x int; drop table b; commit; drop table c; begin; drop table d; drop table e; rollback; drop table f;'

  test('the runner’s transaction ends with the file’s COMMIT, and BEGIN opens another', () => {
    expect(run([migration(sql)]).map((line) => line.split(' | ')[3])).toMatchInlineSnapshot(`
      [
        "b, old, in a transaction after 1 facts, ACCESS EXCLUSIVE on public.a",
        "This migration adds things and also takes things away: no moment of a release is right for both.",
        "c, old, alone",
        "d, old, in a transaction after 0 facts",
        "e, old, in a transaction after 1 facts, ACCESS EXCLUSIVE on public.d",
        "f, old, alone",
      ]
    `)
  })

  test('without a runner’s transaction each statement is alone until BEGIN', () => {
    const alone = run([migration(sql)], { inTransaction: false }).map((line) => line.split(' | ')[3])
    expect(alone).toMatchInlineSnapshot(`
      [
        "b, old, alone",
        "This migration adds things and also takes things away: no moment of a release is right for both.",
        "c, old, alone",
        "d, old, in a transaction after 0 facts",
        "e, old, in a transaction after 1 facts, ACCESS EXCLUSIVE on public.d",
        "f, old, alone",
      ]
    `)
  })

  test('locks on tables that are new here are nobody’s', () => {
    expect(run(history('create table a (x int); alter table a add column y int; drop table b;')))
      .toMatchInlineSnapshot(`
      [
        "error | sees-drop | "drop table b" | b, old, in a transaction after 2 facts",
        "info | phase-mismatch | "drop table b" | This migration adds things and also takes things away: no moment of a release is right for both.",
      ]
    `)
  })
})

describe('allows', () => {
  const sql = 'drop table a;\n-- allow\ndrop table b;\n-- other\nselect 1;'
  const withAllows = (...allows: readonly Allow[]): readonly string[] => run([migration(sql, { allows })])

  test('silence the statement below them and no other', () => {
    expect(withAllows(allow(sql, 'sees-drop', '-- allow'))).toMatchInlineSnapshot(`
      [
        "error | sees-drop | "drop table a" | a, old, in a transaction after 0 facts",
      ]
    `)
  })

  test('that silence nothing are findings', () => {
    expect(withAllows(allow(sql, 'sees-drop', '-- other'), allow(sql, 'sees-column', '-- allow')))
      .toMatchInlineSnapshot(`
      [
        "error | sees-drop | "drop table a" | a, old, in a transaction after 0 facts",
        "warning | unused-allow | "-- allow" | Nothing here is reported by sees-column, so there is nothing to allow.",
        "error | sees-drop | "drop table b" | b, old, in a transaction after 1 facts, ACCESS EXCLUSIVE on public.a",
        "warning | unused-allow | "-- other" | Nothing here is reported by sees-drop, so there is nothing to allow.",
      ]
    `)
  })

  test('of a file silence all of it, and what they silence is counted', () => {
    const allows = [{ rule: 'sees-drop', reason: 'tests', span: { start: 0, end: 4 } }]
    const files = [migration(sql, { allows })]
    expect(lint({ history: files, rules: [seesDrop], dialect: postgres, target: 18 })).toEqual({
      findings: [],
      files: 1,
      target: 18,
      allowed: 2,
      rules: [],
    })
  })

  test('above one action of an ALTER TABLE silence what comes after them', () => {
    const text = 'alter table t drop column a,\n-- allow\ndrop column b;'
    expect(run([migration(text, { allows: [allow(text, 'sees-column', '-- allow')] })])).toMatchInlineSnapshot(`
      [
        "warning | sees-column | "alter table t drop column a,\\n-- allow\\ndrop column b" | A column goes.",
        "warning | sees-column | "drop column a" | a goes.",
      ]
    `)
  })

  test('of rules that are off or not asked are not called unused', () => {
    const allows = [allow(sql, 'sees-drop', '-- other'), allow(sql, 'elsewhere', '-- other')]
    expect(run([migration(sql, { allows })], { severities: { 'sees-drop': 'off' } })).toEqual([])
  })
})

describe('findings', () => {
  test('a broken statement is a finding at its place, the others are still judged', () => {
    expect(run([migration('drop table a;\ncreat table b (c int);\ndrop table d;')])).toMatchInlineSnapshot(`
      [
        "error | sees-drop | "drop table a" | a, old, in a transaction after 0 facts",
        "error | syntax-error | "creat" | Syntax error at or near "creat".",
        "error | sees-drop | "drop table d" | d, old, in a transaction after 1 facts, ACCESS EXCLUSIVE on public.a",
      ]
    `)
  })

  test('a way back is judged as well, one level milder; a broken one is an error', () => {
    const text = 'select 1;\n-- down\ndrop table a; drop tabel b;'
    const start = text.indexOf('drop')
    const down: Migration['down'] = {
      kind: 'sql',
      section: { span: { start, end: text.length }, sql: text.slice(start), transaction: true },
    }
    const up = { span: { start: 0, end: 9 }, sql: 'select 1;', transaction: true }
    expect(run([migration(text, { up, down })])).toMatchInlineSnapshot(`
      [
        "warning | sees-drop | "drop table a" | a, old, in a transaction after 0 facts",
        "error | syntax-error | "tabel" | Syntax error at or near "tabel".",
      ]
    `)
  })

  test('that say the same of the same place are one, in order of place', () => {
    expect(run([migration('drop table z; alter table t drop column a, drop column b;')])).toMatchInlineSnapshot(`
      [
        "error | sees-drop | "drop table z" | z, old, in a transaction after 0 facts",
        "warning | sees-column | "alter table t drop column a, drop column b" | A column goes.",
        "warning | sees-column | "drop column a" | a goes.",
        "warning | sees-column | "drop column b" | b goes.",
      ]
    `)
  })

  test('have the severity that was asked for, and none when off', () => {
    const files = history('drop table a; alter table t drop column b; creat;')
    expect(run(files, { severities: { 'sees-drop': 'info', 'sees-column': 'off', 'syntax-error': 'warning' } }))
      .toMatchInlineSnapshot(`
      [
        "info | sees-drop | "drop table a" | a, old, in a transaction after 0 facts",
        "warning | syntax-error | "creat" | Syntax error at or near "creat".",
      ]
    `)
  })

  test('are of the migrations that were asked for; the others are replayed', () => {
    const files = history('create table t (a int); drop table x;', 'drop table t;')
    expect(run(files, { report: new Set(['2']) })).toMatchInlineSnapshot(`
      [
        "error | sees-drop | "drop table t" | t, old, in a transaction after 0 facts",
      ]
    `)
  })

  test('a rule that does not exist is refused', () => {
    expect(() => run([], { severities: { 'sees-drops': 'off' } })).toThrow('There is no rule "sees-drops".')
  })

  test('the engine’s own rules are told apart by their ids', () => {
    expect(builtInRules.map(({ id }) => id)).toEqual([
      'syntax-error',
      'transaction-control',
      'missing-down',
      'unused-allow',
      'phase-mismatch',
    ])
  })
})

describe('phases', () => {
  test.each([
    ['create table t (a int)', 'expand'],
    ['alter table t add column a int; create index concurrently on t (a)', 'expand'],
    [`create table t (a int); insert into t values (1)`, 'expand'],
    ['update t set a = 1', 'backfill'],
    ['insert into t select * from u', 'backfill'],
    ['alter table t drop column a', 'contract'],
    ['alter table t alter column a set not null', 'contract'],
    ['alter table t rename column a to b', 'contract'],
    ['update t set a = 1; drop table u', 'contract'],
    ['alter table t add column a int; alter table t drop column a', 'expand'],
    ['create temp table t (a int); update t set a = 1; drop table t', 'expand'],
  ] as const)('%s: %s', (sql, phase) => {
    expect(phaseOf(migration(sql))).toBe(phase)
  })

  test.each([
    ['expand', 'alter table t add column a int; update t set a = 1; alter table t drop column b;'],
    ['backfill', 'update t set a = 1; alter table t drop column b;'],
    ['contract', 'create table t (a int);'],
    ['contract', 'alter table t drop column b; alter table t add column c int;'],
    ['backfill', 'alter table t validate constraint c;'],
  ] as const)('declared %s: %s', (declaredPhase, sql) => {
    const found = run([migration(sql, { declaredPhase })]).filter((line) => line.includes('phase-mismatch'))
    expect(found).toMatchSnapshot()
  })
})
