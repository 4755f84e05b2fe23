import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { sourceFile } from '../../src/app/source-files.ts'
import { ToolkitError } from '../../src/core/errors.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { native } from '../../src/layouts/native.ts'
import { plain } from '../../src/layouts/plain.ts'
import { lint } from '../../src/lint/lint.ts'
import { parseMigration } from '../../src/lint/parse.ts'
import type { Finding, LintReport } from '../../src/model/finding.ts'
import { reporters } from '../../src/reporters/registry.gen.ts'
import { rules } from '../../src/rules/registry.gen.ts'
import { filled } from '../lint/random/places.ts'
import { migration } from '../lint/random/sequence.ts'
import { file } from './ddl.ts'

beforeAll(() => postgres.load())

/**
 * The same cases every time, so that a change of the program is what makes it fail; FUZZ_RUNS=100000 looks for new ones.
 */
const more = process.env['FUZZ_RUNS']
const settings = more === undefined ? { seed: 20_261_125, numRuns: 300 } : { numRuns: Number(more) }

/** Lints bytes as a file, in every layout that has a say, and shows what is found in every form. */
function lintBytes(bytes: Uint8Array): readonly LintReport[] {
  const source = sourceFile('migrations/20260101000000_fuzz.sql', bytes)
  const options = { knownRules: rules.map(({ id }) => id), knownGates: [] }
  return [native, plain].map((layout) => {
    const { migrations } = layout.read([source], options)
    const history = migrations.map((migration) => parseMigration(migration, postgres))
    const report = lint({ history, rules, dialect: postgres, target: 18 })
    for (const reporter of reporters) expect(reporter.report(report, { color: false, width: 80 })).toMatch(/^$|\n$/)
    return report
  })
}

/** Where a finding must not be: outside its file, or the wrong way round. */
function misplaced({ findings }: LintReport): readonly Finding[] {
  return findings.filter(({ span, file: { text } }) => {
    const inside = span.start >= 0 && span.end <= text.length && span.start <= span.end
    return !inside || !Number.isInteger(span.start) || !Number.isInteger(span.end)
  })
}

function holds(text: string): void {
  for (const report of lintBytes(Buffer.from(text))) expect(misplaced(report)).toEqual([])
}

describe('lint answers, and points into the file,', () => {
  test('whatever statements there are', () => {
    fc.assert(fc.property(file, holds), settings)
  })

  test('whatever statements the server might take', () => {
    const names = { byKind: {}, byTable: {} }
    const statements = migration.map((all) => all.map((one) => `${filled(one, names)};\n`).join(''))
    fc.assert(fc.property(statements, holds), { ...settings, numRuns: Math.ceil(settings.numRuns / 5) })
  })

  test('whatever directives stand between them', () => {
    const directive = fc.constantFrom(
      '-- migrate:up',
      '-- migrate:down',
      '-- migrate:up transaction:false',
      '-- migrate:down none because why',
      '-- migrate:allow drop-table because x',
      '-- migrate:phase contract',
      '-- migrate:upp',
      '-- migrate:',
      '-- migrate:backfill table:books key:id',
      '-- migrate:gate approval',
      '-- migrate:allow',
      '-- migrate:requires 1',
    )
    const parts = fc.array(fc.oneof(file, directive), { maxLength: 8 })
    fc.assert(
      fc.property(parts, (lines) => holds(`-- migrate:up\n${lines.join('\n')}`)),
      settings,
    )
  })

  test('where a file ends in the middle of something', () => {
    const cut = fc.tuple(file, fc.double({ min: 0, max: 1, noNaN: true }))
    fc.assert(
      fc.property(cut, ([text, place]) => holds(text.slice(0, Math.floor(place * text.length)))),
      settings,
    )
  })

  test('where a few characters are wrong', () => {
    const strange = fc.constantFrom(
      "'",
      '"',
      '$$',
      '(',
      ')',
      ';',
      '/*',
      '*/',
      '--',
      '\\',
      '\0',
      '\uFEFF',
      '😀',
      '\r',
      '$1',
      "E'",
    )
    const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), strange), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(file, edits, (text, places) => {
        holds(
          places.reduce((before, [place, put]) => {
            const at = Math.floor(place * before.length)
            return `${before.slice(0, at)}${put}${before.slice(at)}`
          }, text),
        )
      }),
      settings,
    )
  })

  test('whatever the bytes are: they are read, or refused with a place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          for (const report of lintBytes(bytes)) expect(misplaced(report)).toEqual([])
        } catch (error) {
          if (!(error instanceof ToolkitError)) throw error
          expect(error).toMatchObject({
            code: 'file-not-utf8',
            at: { path: expect.any(String), line: expect.any(Number) },
          })
        }
      }),
      settings,
    )
  })
})

describe('what is nested deeply', () => {
  const deep: readonly (readonly [string, (levels: number) => string])[] = [
    ['parentheses', (n) => `select ${'('.repeat(n)}1${')'.repeat(n)}`],
    ['queries', (n) => `select ${'(select '.repeat(n)}1${')'.repeat(n)}`],
    ['calls', (n) => `select ${'f('.repeat(n)}1${')'.repeat(n)}`],
    ['arrays', (n) => `select ${'array['.repeat(n)}1${']'.repeat(n)}`],
    ['sums', (n) => `select 1${' + 1'.repeat(n)}`],
    ['joined texts', (n) => `alter table books add check ('a'${" || 'a'".repeat(n)} <> '')`],
    ['negations', (n) => `select ${'not '.repeat(n)}a`],
    ['signs', (n) => `select ${'- '.repeat(n)}a`],
    ['casts', (n) => `select a${'::int'.repeat(n)}`],
    ['joins', (n) => `create view v as select 1 from a${' join b on true'.repeat(n)}`],
    ['unions', (n) => `select 1${' union select 1'.repeat(n)}`],
    ['common table expressions', (n) => `${'with a as ('.repeat(n)}select 1${') select 1'.repeat(n)}`],
    ['conditions', (n) => `delete from books where a${' or a = 1'.repeat(n)}`],
    ['open parentheses', (n) => `create table books ${'('.repeat(n)}`],
    ['open comments', (n) => '/*'.repeat(n)],
    ['cases', (n) => `select ${'case when a then '.repeat(n)}1${' end'.repeat(n)}`],
    ['tests for null', (n) => `select a${' isnull'.repeat(n)}`],
    ['operators with a schema', (n) => `select a${' operator(pg_catalog.+) 1'.repeat(n)}`],
    ['branches of a block', (n) => `do $$ begin ${'if a then '.repeat(n)}null; ${'end if; '.repeat(n)}end $$`],
  ]

  test.each(deep)('%s: what stands around it is judged all the same', (_, nested) => {
    for (const levels of [10, 900, 3000, 100_000]) {
      const [, report] = lintBytes(Buffer.from(`drop table books;\n${nested(levels)};\n`))
      if (report === undefined) throw new Error('The plain layout said nothing.')
      expect(misplaced(report)).toEqual([])
      expect(report.findings.map(({ rule }) => rule)).toContain('drop-table')
    }
    const [, after] = lintBytes(Buffer.from('drop table books;'))
    expect(after?.findings.map(({ rule }) => rule)).not.toContain('syntax-error')
  })

  test.each([
    ['a sum', `select 1${' + 1'.repeat(100_000)}`],
    ['parentheses', `select ${'('.repeat(20_000)}1${')'.repeat(20_000)}`],
    ['cases', `select ${'case when a then '.repeat(20_000)}1${' end'.repeat(20_000)}`],
  ])('%s: is said not to be understood, and is no syntax error', (_, sql) => {
    const [, report] = lintBytes(Buffer.from(`${sql};`))
    expect(report?.findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      'sql-not-understood: It is not known which tables this locks or changes. It is nested deeper than can be read here.',
    ])
  })
})

describe('a file of ten megabytes', () => {
  const size = 10_000_000
  const big: readonly (readonly [string, string])[] = [
    ['one string', `insert into authors (name) values ('${'x'.repeat(size)}')`],
    ['one comment', `-- ${'x'.repeat(size)}\nselect 1`],
    ['one line without spaces', 'x'.repeat(size)],
    ['one dollar quote that is not closed', `do $$ ${'x;'.repeat(size / 2)}`],
    ['nothing but semicolons', ';'.repeat(size)],
    ['characters of four bytes', `comment on table books is '${'😀'.repeat(size / 4)}'`],
  ]

  test.each(big)('%s', (_, text) => {
    const [, report] = lintBytes(Buffer.from(`drop table books;\n${text}`))
    if (report === undefined) throw new Error('The plain layout said nothing.')
    expect(misplaced(report)).toEqual([])
    expect(report.findings.map(({ rule }) => rule)).toContain('drop-table')
  })

  test('of statements', () => {
    const rows = Array.from(
      { length: size / 100 },
      (_, row) => `insert into authors (id, name) values (${row}, '${'x'.repeat(50)}');`,
    )
    const [, report] = lintBytes(Buffer.from(`${rows.join('\n')}\ndrop table books;`))
    if (report === undefined) throw new Error('The plain layout said nothing.')
    expect(misplaced(report)).toEqual([])
    expect(report.findings.filter(({ rule }) => rule === 'drop-table')).toHaveLength(1)
  })
})
