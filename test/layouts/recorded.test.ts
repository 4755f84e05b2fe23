import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineStarts, positionAt } from '../../src/core/span.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { knex } from '../../src/layouts/knex.ts'
import { recordedFile } from '../../src/layouts/recorded/compose.ts'
import { scriptTokens } from '../../src/layouts/recorded/javascript.ts'
import { statementAt } from '../../src/layouts/recorded/statement-at.ts'
import { lint } from '../../src/lint/lint.ts'
import { parseMigration } from '../../src/lint/parse.ts'
import type { SourceFile } from '../../src/model/migration.ts'
import type { RecordedDirection, RecordedStatement } from '../../src/model/recording.ts'
import { dropColumn } from '../../src/rules/columns/drop-column.ts'
import { dropTable } from '../../src/rules/tables/drop-table.ts'

/** The statement around the place that `§` marks in a program. */
function statementIn(marked: string): string {
  const offset = marked.indexOf('§')
  const text = marked.replace('§', '')
  const tokens = scriptTokens(text).filter(({ kind }) => kind !== 'comment')
  const { start, end } = statementAt(text, tokens, offset)
  return text.slice(start, end)
}

describe('the statement around a call', () => {
  test.each([
    ['a(); await db.§b(1, {c}); d()', 'await db.b(1, {c})'],
    ['await a.x()\nawait b\n  .c()\n  .§d()\nawait e.x()', 'await b\n  .c()\n  .d()'],
    ['function up() {\n  const r = await §q(`a ${"}" + `b;`} c`)\n}', 'const r = await q(`a ${"}" + `b;`} c`)'],
    ['Promise.all([a.§x(), b.y()])', 'a.x()'],
    ['up = (k) => k.schema.§x((t) => { t.y(); })', 'k.schema.x((t) => { t.y(); })'],
    ['for (const t of ts) await db.§x(t)\nnext()', 'for (const t of ts) await db.x(t)'],
    ["x = /[/;'\"]/.test(a); db.§y('; } it\\'s', \"{\") // z;\nw()", "db.y('; } it\\'s', \"{\")"],
    ['a = b / c; db.§x(d / e); f()', 'db.x(d / e)'],
    ['/* { */ db.§x() /* } */; y()', 'db.x()'],
    ['if (a) {\n  b()\n}\n§c()', 'c()'],
    ['return db.§x()', 'return db.x()'],
  ])('%s', (marked, expected) => {
    expect(statementIn(marked)).toBe(expected)
  })

  test('of any text it lies in the text, and every text has an end', () => {
    const piece = fc.constantFrom(
      '`',
      '${',
      '}',
      '{',
      '(',
      ')',
      "'",
      '"',
      '/',
      '*',
      '\\',
      '\n',
      ';',
      ' ',
      'await',
      'é',
      '😀',
    )
    fc.assert(
      fc.property(fc.array(piece), fc.nat(), (pieces, at) => {
        const text = pieces.join('')
        const tokens = scriptTokens(text)
        const ends = tokens.flatMap(({ start, end }) => [start, end])
        expect(ends).toEqual(ends.toSorted((a, b) => a - b))
        const { start, end } = statementAt(text, tokens, at % (text.length + 1))
        expect(0 <= start && start <= end && end <= text.length).toBe(true)
      }),
    )
  })
})

/** Findings of a program of which the lines that say what they send are calls: `send('drop table a')`. */
async function findings(text: string, more: Partial<RecordedDirection> = {}): Promise<readonly string[]> {
  await postgres.load()
  const written: SourceFile = { path: 'm/1_a.ts', text, sha256: '' }
  const up = { statements: sent(text), transaction: true, ...more }
  const file = recordedFile(written, { up, down: 'irreversible' })
  const options = { knownRules: [dropTable.id, dropColumn.id, 'missing-down', 'unused-allow'], knownGates: [] }
  const { migrations, problems } = knex.read([file], options)
  const history = migrations.map((migration) => parseMigration(migration, postgres))
  const report = lint({ history, rules: [dropTable, dropColumn], dialect: postgres, target: 18 })
  return [
    ...problems.map(({ at, message, hint }) => `${at.path}:${at.line}:${at.column} ${message} ${hint}`),
    ...report.findings.map((finding) => {
      expect(finding).not.toHaveProperty('rewrite')
      const { line, column } = positionAt(finding.file.text, finding.span.start)
      return `${line}:${column} ${finding.rule} "${finding.file.text.slice(finding.span.start, finding.span.end)}"`
    }),
    `${report.allowed} allowed`,
  ]
}

function sent(text: string): readonly RecordedStatement[] {
  const starts = lineStarts(text)
  return starts.flatMap((start, index) => {
    const line = text.slice(start, starts[index + 1])
    const column = line.indexOf('send(') + 1
    return [...line.matchAll(/'([^']+)'/g)].map(([, sql = '']) => ({
      sql,
      parameters: [],
      at: { line: index + 1, column },
    }))
  })
}

describe('comments for us', () => {
  test('count for the call that they stand above, and for everything that it sends', async () => {
    expect(
      await findings(`
        // migrate:allow drop-table because it was never used
        send('drop table a', 'drop table b')
        send('drop table c')
        // Not a comment for us, and neither is the next line's.
        send('drop table d') // migrate:allow drop-table because it is behind
      `),
    ).toEqual(['4:15 drop-table "drop table c"', '6:15 drop-table "drop table d"', '2 allowed'])
  })

  test('that silence nothing are told, where they stand', async () => {
    expect(
      await findings(`
        // migrate:allow drop-column because of nothing
        send('drop table a')
        // migrate:allow drop-table because it stands above what was not reached
        if (false) done()
      `),
    ).toEqual([
      '2:9 unused-allow "// migrate:allow drop-column because of nothing"',
      '3:15 drop-table "drop table a"',
      '0 allowed',
    ])
  })

  test('for the whole file count wherever they stand', async () => {
    expect(
      await findings("send('drop table a')\nsend('drop table b')\n// migrate:allow-file drop-table because all is old"),
    ).toEqual(['2 allowed'])
  })

  test('that are wrong are told with their place and in the form of the language', async () => {
    expect(
      await findings("// migrate:allow drop-tables because\n// migrate:allow drop-table\nsend('select 1')"),
    ).toEqual([
      'm/1_a.ts:1:1 There is no rule "drop-tables". Did you mean "drop-table"?',
      'm/1_a.ts:2:1 allow drop-table gives no reason. Write // migrate:allow <rule> because <reason>',
      '0 allowed',
    ])
  })
})

test('SQL that stands in the program is pointed at itself, other SQL at its call', async () => {
  const twice = "send('drop table a'); done('drop table a')"
  expect([
    await findings("send('alter table a add b int, drop column c')"),
    await findings(twice, { statements: [{ sql: 'drop table a', parameters: [], at: { line: 1, column: 1 } }] }),
    await findings('up(send)', { statements: [{ sql: 'drop table a', parameters: [] }] }),
    await findings('call()', { statements: [{ sql: 'drop table a', parameters: [], at: { line: 9, column: 1 } }] }),
  ]).toEqual([
    ['1:32 drop-column "drop column c"', '1:32 phase-mismatch "drop column c"', '0 allowed'],
    ['1:7 drop-table "drop table a"', '0 allowed'],
    ['1:1 drop-table "up"', '0 allowed'],
    ['1:1 drop-table ""', '0 allowed'],
  ])
})

test('a text that is not closed takes in nothing of what comes after it', async () => {
  const statements = ["select 'it", 'drop table a', 'select $$', 'drop table b -- end', 'drop table c /*'].map(
    (sql) => ({
      sql,
      parameters: [],
      at: { line: 1, column: 1 },
    }),
  )
  expect(await findings('send()', { statements })).toEqual([
    '1:1 syntax-error "send()"',
    '1:1 drop-table "send()"',
    '1:1 syntax-error "send()"',
    '1:1 drop-table "send()"',
    '1:1 syntax-error "send()"',
    '0 allowed',
  ])
})

test('parameters are put in where they belong, and nowhere else', () => {
  const written: SourceFile = { path: 'a.js', text: 'send()', sha256: '' }
  const statements = [{ sql: `select $2, '$1', "$1", $1, $3`, parameters: ["'a'", '2'] }]
  const { text } = recordedFile(written, { up: { statements, transaction: true }, down: 'absent' })
  expect(text).toBe(`select 2, '$1', "$1", 'a', $3\n;\n`)
})
