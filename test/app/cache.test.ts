import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { exampleHistory } from '../../scripts/measure/example-migrations.ts'
import { Cache } from '../../src/app/cache/cache.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { lint } from '../../src/lint/lint.ts'
import { parseMigration } from '../../src/lint/parse.ts'
import { migration } from '../lint/history.ts'
import type { LintReport } from '../../src/model/finding.ts'
import type { Migration, ParsedMigration } from '../../src/model/migration.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { rules } from '../../src/rules/registry.gen.ts'

beforeAll(() => postgres.load())

function cachePath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-cache-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'lint')
}

let examples: readonly ParsedMigration[] | undefined

/** One history of all examples, one after the other. */
function history(): readonly ParsedMigration[] {
  examples ??= rules.flatMap((rule) =>
    rule.examples.flatMap((example, index) => {
      const { given, judged } = exampleHistory(example, 'bad')
      return [...given, ...judged].map((migration, place) => ({ ...migration, id: `${rule.id}-${index}-${place}` }))
    }),
  )
  return examples
}

/** Everything that a report says, as texts: quicker to compare than thousands of objects. */
function shown({ findings, rules: asked, ...rest }: LintReport): readonly string[] {
  const texts = findings.map(({ file, ...finding }) =>
    JSON.stringify(Object.entries({ ...finding, file: file.path }).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  )
  return [JSON.stringify(rest), JSON.stringify(asked), ...texts]
}

interface Run {
  readonly report: LintReport
  /** How many texts were read by the grammar. */
  readonly parsed: number
}

/** Reads and judges a history as the command does, with what `file` holds from runs before. */
function run(
  migrations: readonly Migration[],
  file: string,
  reported?: ReadonlySet<string>,
  snapshot?: Snapshot,
  released?: ReadonlySet<string>,
): Run {
  const cache = new Cache(file)
  let parsed = 0
  const counting: typeof postgres = {
    ...postgres,
    parse: (sql, offset) => {
      parsed += 1
      return postgres.parse(sql, offset)
    },
  }
  const read = migrations.map((migration) => parseMigration(migration, counting, cache))
  const report = lint({
    history: read,
    rules,
    dialect: counting,
    target: 18,
    known: { store: cache, circumstances: '18' },
    ...(reported === undefined ? {} : { report: reported }),
    snapshot,
    released,
  })
  cache.save()
  cache.close()
  return { report, parsed }
}

function withoutCache(migrations: readonly ParsedMigration[], reported?: ReadonlySet<string>): LintReport {
  const report = reported === undefined ? {} : { report: reported }
  return lint({ history: migrations, rules, dialect: postgres, target: 18, ...report })
}

/** A migration as a layout gives it: what the dialect made of it is left out. */
function written({ upSql: _up, downSql: _down, ...migration }: ParsedMigration): Migration {
  return migration
}

/** The same migration with one more statement at its end. */
function edited(migration: Migration): Migration {
  const sql = `${migration.up.sql}\n;drop table if exists edited;`
  const source = { ...migration.source, text: sql, sha256: 'edited' }
  return { ...migration, source, up: { ...migration.up, sql, span: { start: 0, end: sql.length } } }
}

describe('a run that finds what an earlier one found out', () => {
  test('gives the same answer, and reads no SQL', () => {
    const all = history()
    const file = cachePath()
    const cold = run(all.map(written), file)
    const warm = run(all.map(written), file)
    expect(shown(cold.report)).toEqual(shown(withoutCache(all)))
    expect(shown(warm.report)).toEqual(shown(cold.report))
    expect(cold.parsed).toBeGreaterThan(all.length / 2)
    expect(warm.parsed).toBe(0)
  })

  test.each([0, 0.5, 1])('gives the right answer after a change at %d of the history', (place) => {
    const all = history().map(written)
    const file = cachePath()
    run(all, file)
    const at = Math.round(place * (all.length - 1))
    const changed = all.map((migration, index) => (index === at ? edited(migration) : migration))
    const warm = run(changed, file)
    expect(shown(warm.report)).toEqual(
      shown(withoutCache(changed.map((migration) => parseMigration(migration, postgres)))),
    )
    expect(warm.parsed).toBe(1)
    expect(shown(run(changed, file).report)).toEqual(shown(warm.report))
  })

  test('hears of what a new file does to a table that an earlier one was asked about', () => {
    const given = migration('create table logs (line text);', { id: '1' })
    const other = migration('select 1;', { id: '2' })
    const key = migration('alter table logs add column id bigint; alter table logs add primary key (id);', { id: '3' })
    const file = cachePath()
    const before = run([given, other].map(written), file)
    expect(before.report.findings.map(({ rule }) => rule)).toContain('create-table-without-primary-key')
    const after = run([given, other, key].map(written), file)
    expect(shown(after.report)).toEqual(shown(withoutCache([given, other, key])))
    expect(after.report.findings.map(({ rule }) => rule)).not.toContain('create-table-without-primary-key')
    expect(shown(run([given, other].map(written), file).report)).toEqual(shown(before.report))
  })

  test('hears of what comes in one release, and reads nothing again for it', () => {
    const release = rules.find(({ id }) => id === 'contract-in-same-release')?.examples[0]
    const { given, judged } = exampleHistory(release ?? { given: '', bad: '' }, 'bad')
    const all = [...given, ...judged]
    const ids = judged.map(({ id }) => id)
    const file = cachePath()
    for (const released of [undefined, new Set(ids), new Set(ids.slice(1)), new Set<string>(), new Set(ids)]) {
      const warm = run(all.map(written), file, undefined, undefined, released)
      const cold = lint({ history: all, rules, dialect: postgres, target: 18, released })
      expect(shown(warm.report)).toEqual(shown(cold))
      const found = cold.findings.some(({ rule }) => rule === 'contract-in-same-release')
      expect(found).toBe(released?.size === 2)
      if (released !== undefined) expect(warm.parsed).toBe(0)
    }
  })

  test('judges only what is asked for, on the schema that was kept', () => {
    const all = history()
    const file = cachePath()
    run(all.map(written), file)
    const reported = new Set(all.slice(-3).map(({ id }) => id))
    for (const _again of [1, 2]) {
      const warm = run(all.map(written), file, reported)
      expect(shown(warm.report)).toEqual(shown(withoutCache(all, reported)))
      expect(warm.report.files).toBe(3)
    }
  })
})

describe('a live database', () => {
  test('that is another, or none any more, gives another answer', () => {
    const given = migration('create table logs (id bigint primary key, line text);', { id: '1' })
    const index = migration('create index by_line on logs (line);', { id: '2' })
    const live = (rows: number, applied: readonly string[]): Snapshot => ({
      version: 2,
      server: 18,
      applied,
      statements: [
        { sql: 'create table logs (id bigint primary key, line text)', of: { schema: 'public', name: 'logs' } },
      ],
      tables: [{ schema: 'public', name: 'logs', rows, bytes: rows * 100, heapBytes: rows * 100 }],
    })
    const without = (snapshot?: Snapshot): LintReport =>
      lint({ history: [given, index], rules, dialect: postgres, target: 18, snapshot })

    const file = cachePath()
    const states = [undefined, live(1, ['1']), live(2_000_000, ['1']), live(1, ['1', '2']), live(1, ['1']), undefined]
    for (const snapshot of states)
      expect(run([given, index].map(written), file, undefined, snapshot).report).toEqual(without(snapshot))
    expect(without(live(1, ['1'])).findings.some(({ sizes }) => sizes?.[0]?.rows === 1)).toBe(true)
  })
})
