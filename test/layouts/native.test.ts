import { describe, expect, test } from 'vitest'
import type { SourceFile } from '../../src/model/migration.ts'
import { native } from '../../src/layouts/native.ts'

const options = { knownRules: ['drop-column', 'truncate'], knownGates: ['soak', 'approval'] }

function file(text: string, path = 'migrations/20261101093000_drop_mail.sql'): SourceFile {
  return { path, text, sha256: 'of no matter' }
}

/** Every problem of one file as `line:column code message · hint`. */
function problemsOf(text: string, path?: string): readonly string[] {
  const { problems } = native.read([file(text, path)], options)
  return problems.map(({ code, message, hint, at }) => `${at.line}:${at.column} ${code} ${message} · ${hint}`)
}

const whole = `-- Drops the old column.
-- migrate:change users-email
-- migrate:phase contract
-- migrate:gate soak duration:7d
-- migrate:gate approval by:dba team:core
-- migrate:requires 20261001000000 20261002000000
-- migrate:allow-file truncate because the table is a cache

-- migrate:up transaction:false
-- migrate:allow drop-column because nobody reads it since release 7
alter table users drop column mail;

-- migrate:down
-- migrate:down-loses users.mail app.users.mail
alter table users add column mail text;
`

test('every directive of the format is read', () => {
  const source = file(whole)
  const at = (text: string) => whole.indexOf(text)
  const span = (text: string) => ({ start: at(text), end: at(text) + text.length })
  const upStart = at('-- migrate:allow drop-column')
  const downStart = at('-- migrate:down-loses')
  expect(native.read([source], options)).toEqual({
    problems: [],
    migrations: [
      {
        id: '20261101093000',
        name: 'drop_mail',
        source,
        change: 'users-email',
        declaredPhase: 'contract',
        gates: [
          { gate: 'soak', options: { duration: '7d' }, span: span('-- migrate:gate soak duration:7d') },
          {
            gate: 'approval',
            options: { by: 'dba', team: 'core' },
            span: span('-- migrate:gate approval by:dba team:core'),
          },
        ],
        requires: ['20261001000000', '20261002000000'],
        allows: [
          {
            rule: 'truncate',
            reason: 'the table is a cache',
            span: span('-- migrate:allow-file truncate because the table is a cache'),
          },
          {
            rule: 'drop-column',
            reason: 'nobody reads it since release 7',
            span: span('-- migrate:allow drop-column because nobody reads it since release 7'),
            appliesFrom: span('-- migrate:allow drop-column because nobody reads it since release 7').end,
          },
        ],
        up: {
          span: { start: upStart, end: at('-- migrate:down\n') },
          sql: whole.slice(upStart, at('-- migrate:down\n')),
          transaction: false,
        },
        down: {
          kind: 'sql',
          section: { span: { start: downStart, end: whole.length }, sql: whole.slice(downStart), transaction: true },
        },
        runnerSets: ['lock_timeout'],
        runnerDoes: ['resets-settings', 'resumes'],
        downLoses: ['users.mail', 'app.users.mail'],
      },
    ],
  })
})

test('a backfill names its table and key, and a first size of its batches', () => {
  const text = '-- migrate:up\n-- migrate:backfill table:app.users key:id batch:500\nupdate app.users set a = 1;\n'
  const directive = '-- migrate:backfill table:app.users key:id batch:500'
  expect(native.read([file(text)], options).migrations[0]?.backfill).toEqual({
    table: 'app.users',
    key: 'id',
    batch: 500,
    span: { start: 14, end: 14 + directive.length },
  })
})

test('a file of dbmate reads as it is', () => {
  const text = '-- migrate:up\ncreate table a (id int);\n\n-- migrate:down transaction:false\ndrop table a;\n'
  const { migrations, problems } = native.read([file(text, 'db/migrations/001_a.sql')], options)
  expect(problems).toEqual([])
  expect(migrations.map(({ id, up, down }) => [id, up.sql, up.transaction, down])).toEqual([
    [
      '001',
      'create table a (id int);\n\n',
      true,
      { kind: 'sql', section: { span: { start: 74, end: 88 }, sql: 'drop table a;\n', transaction: false } },
    ],
  ])
})

describe('the way back', () => {
  const downOf = (rest: string) => native.read([file(`-- migrate:up\nselect 1;\n${rest}`)], options)

  test('is missing without a down section', () => {
    expect(downOf('').migrations[0]?.down).toEqual({ kind: 'missing', expected: true })
  })
  test('is missing where the down section holds no statement: a template is not a downgrade', () => {
    expect(downOf('-- migrate:down\n-- to do\n').migrations[0]?.down).toEqual({ kind: 'missing', expected: true })
  })
  test('can be declared not to exist, with a reason', () => {
    const { migrations, problems } = downOf('-- migrate:down none because the data is gone\n-- really\n')
    expect(problems).toEqual([])
    expect(migrations[0]?.down).toEqual({ kind: 'none', reason: 'the data is gone', span: { start: 24, end: 69 } })
  })
})

describe('what only looks like a directive is text', () => {
  test.each([
    ['a string', "select '\n-- migrate:down\n';"],
    ['a string with escapes', "select E'\\'\n-- migrate:down\n';"],
    ['dollar quotes', 'do $body$\n-- migrate:down\n$$ $body$;'],
    ['a quoted identifier', 'select "\n-- migrate:down\n";'],
    ['nested block comments', '/* /* */\n-- migrate:down\n*/ select 1;'],
    ['a comment behind a statement', 'select 1; -- migrate:down'],
  ])('%s', (_, sql) => {
    const { migrations, problems } = native.read([file(`-- migrate:up\n${sql}`)], options)
    expect(problems).toEqual([])
    expect(migrations.map(({ up, down }) => [up.sql, down])).toEqual([[sql, { kind: 'missing', expected: true }]])
  })
})

test('directives stand at the start of a line, blanks before them allowed, with CRLF and a byte order mark too', () => {
  const text = '\ufeff  -- migrate:up transaction:false\r\nselect 1;\r\n\t--migrate:down none because no\r\n'
  const { migrations, problems } = native.read([file(text)], options)
  expect(problems).toEqual([])
  expect(migrations.map(({ up, down }) => [up, down])).toEqual([
    [
      { span: { start: 36, end: 48 }, sql: 'select 1;\r\n\t', transaction: false },
      { kind: 'none', reason: 'no', span: { start: 48, end: 78 } },
    ],
  ])
})

test('the runner’s habit decides where the file says nothing', () => {
  const text = '-- migrate:up\nselect 1;\n-- migrate:down transaction:true\nselect 2;'
  const [migration] = native.read([file(text)], { ...options, inTransaction: false }).migrations
  const down = migration?.down.kind === 'sql' ? migration.down.section.transaction : undefined
  expect([migration?.up.transaction, down]).toEqual([false, true])
})

test('ids order as numbers, however long they are', () => {
  const up = '-- migrate:up\nselect 1;'
  const ids = ['10', '9', '0100', '99999999999999999999', '100000000000000000000', '100000000000000000001']
  const files = ids.map((id) => file(up, `${id}_a.sql`))
  expect(native.read(files, options).migrations.map(({ id }) => id)).toEqual([
    '9',
    '10',
    '0100',
    '99999999999999999999',
    '100000000000000000000',
    '100000000000000000001',
  ])
})

test('two migrations with one id are told by both names', () => {
  const up = '-- migrate:up\nselect 1;'
  const files = [file(up, 'm/7_a.sql'), file(`-- migrate:upp\n${up}`, 'm/007_b.sql')]
  expect(native.read(files, options).problems).toEqual([
    {
      code: 'migration-duplicate',
      message: 'Two migrations have the id 007: m/7_a.sql and m/007_b.sql.',
      hint: 'Give the one that is not applied yet another number.',
      at: { path: 'm/007_b.sql', line: 1, column: 1 },
    },
    {
      code: 'directive-unknown',
      message: 'There is no directive "-- migrate:upp".',
      hint: 'Did you mean "up"?',
      at: { path: 'm/007_b.sql', line: 1, column: 12 },
    },
  ])
})

describe('mistakes are told with their place and what to write', () => {
  const up = '-- migrate:up\nselect 1;\n'
  const down = '-- migrate:down\nselect 2;\n'

  test.each([
    [
      'a misspelt directive',
      `/* é😀 */\n  -- migrate:phse expand\n${up}`,
      ['2:14 directive-unknown There is no directive "-- migrate:phse". · Did you mean "phase"?'],
    ],
    [
      'a capital letter',
      `-- migrate:Up\n${up}`,
      ['1:12 directive-unknown There is no directive "-- migrate:Up". · Did you mean "up"?'],
    ],
    [
      'a blank behind the colon',
      `-- migrate: up\n${up}`,
      [
        '1:12 directive-unknown There is no directive "-- migrate:". · The name follows the colon without a space, as in -- migrate:up',
      ],
    ],
    [
      'no up section',
      'select 1;',
      ['1:1 migration-empty There is no up section. · Write -- migrate:up above the statements.'],
    ],
    [
      'an empty up section',
      `\n-- migrate:up\n-- nothing\n${down}`,
      ['2:1 migration-empty The up section has no statement. · Write the SQL of the upgrade below -- migrate:up.'],
    ],
    [
      'S10: two up sections',
      `${up}${up}`,
      ['3:1 directive-invalid up is written twice. · A file is one migration with one up section.'],
    ],
    [
      'two down sections',
      `${up}${down}${down}`,
      ['5:1 directive-invalid down is written twice. · A file is one migration with one down section.'],
    ],
    ['down above up', `${down}${up}`, ['1:1 directive-invalid down stands above up. · Write the up section first.']],
    [
      'a statement above up',
      `-- é😀\nselect 0;\n${up}`,
      ['2:1 directive-invalid A statement stands above -- migrate:up. · Move it into the up section.'],
    ],
    [
      'a statement below down none',
      `${up}-- migrate:down none because no\nselect 2;`,
      [
        '4:1 directive-invalid A statement stands below down none. · Leave it out, or write -- migrate:down without none.',
      ],
    ],
    [
      'down none without because',
      `${up}-- migrate:down none`,
      ['3:1 directive-invalid down none gives no reason. · Write -- migrate:down none because <reason>'],
    ],
    [
      'down none without a reason',
      `${up}-- migrate:down none because`,
      ['3:1 directive-invalid down none gives no reason. · Write -- migrate:down none because <reason>'],
    ],
    [
      'an unknown option of up',
      `-- migrate:up transactoin:false\nselect 1;`,
      ['1:15 directive-invalid up takes no option "transactoin". · Did you mean "transaction"?'],
    ],
    [
      'a word that is no option',
      `-- migrate:up fast\nselect 1;`,
      ['1:15 directive-invalid "fast" is not an option of up. · Options are written transaction:…'],
    ],
    [
      'an option without a value',
      `-- migrate:up transaction:\nselect 1;`,
      ['1:15 directive-invalid "transaction:" is not an option of up. · Options are written transaction:…'],
    ],
    [
      'an option written twice',
      `-- migrate:up transaction:false transaction:true\nselect 1;`,
      ['1:33 directive-invalid The option "transaction" is written twice. · Leave one of them out.'],
    ],
    [
      'neither true nor false',
      `-- migrate:up transaction:no\nselect 1;`,
      ['1:27 directive-invalid "no" is neither true nor false. · Write transaction:false.'],
    ],
    [
      'an unknown phase',
      `-- migrate:phase exapnd\n${up}`,
      ['1:18 directive-invalid There is no phase "exapnd". · Did you mean "expand"?'],
    ],
    [
      'no phase',
      `-- migrate:phase\n${up}`,
      ['1:1 directive-invalid phase takes one word. · Known: expand, backfill, contract.'],
    ],
    [
      'two phases',
      `-- migrate:phase expand\n-- migrate:phase expand\n${up}`,
      ['2:1 directive-invalid phase is written twice. · Leave one of them out.'],
    ],
    [
      'phase in a section',
      `${up}-- migrate:phase expand`,
      ['3:1 directive-invalid phase stands in the up section. · Write it above -- migrate:up.'],
    ],
    [
      'two words for change',
      `-- migrate:change a b\n${up}`,
      ['1:1 directive-invalid change takes one word: the name of the evolution. · Write -- migrate:change users-email'],
    ],
    [
      'two changes',
      `-- migrate:change a\n-- migrate:change b\n${up}`,
      ['2:1 directive-invalid change is written twice. · Leave one of them out.'],
    ],
    [
      'change in a section',
      `${up}${down}-- migrate:change a`,
      ['5:1 directive-invalid change stands in the down section. · Write it above -- migrate:up.'],
    ],
    [
      'an unknown gate',
      `-- migrate:gate soke duration:7d\n${up}`,
      ['1:17 gate-unknown There is no gate "soke". · Did you mean "soak"?'],
    ],
    ['no gate', `-- migrate:gate\n${up}`, ['1:1 directive-invalid gate names no gate. · Known: soak, approval.']],
    [
      'a gate’s word without a colon',
      `-- migrate:gate soak 7d\n${up}`,
      ['1:22 directive-invalid "7d" is not an option of gate. · Options are written option:value'],
    ],
    [
      'a gate in a section',
      `${up}-- migrate:gate soak`,
      ['3:1 directive-invalid gate stands in the up section. · Write it above -- migrate:up.'],
    ],
    [
      'requires without an id',
      `-- migrate:requires\n${up}`,
      ['1:1 directive-invalid requires names no migration. · Write -- migrate:requires 20261101093000'],
    ],
    [
      'requires with a name',
      `-- migrate:requires 12 add_users\n${up}`,
      [
        '1:24 directive-invalid "add_users" is not the id of a migration. · Write the digits that its file name starts with.',
      ],
    ],
    [
      'requires in a section',
      `${up}-- migrate:requires 12`,
      ['3:1 directive-invalid requires stands in the up section. · Write it above -- migrate:up.'],
    ],
    [
      'an unknown rule',
      `${up}-- migrate:allow drop-colum because no`,
      ['3:18 rule-unknown There is no rule "drop-colum". · Did you mean "drop-column"?'],
    ],
    [
      'an unknown rule for the file',
      `-- migrate:allow-file xyzzy because no\n${up}`,
      ['1:23 rule-unknown There is no rule "xyzzy". · Known: drop-column, truncate.'],
    ],
    [
      'allow without a rule',
      `${up}-- migrate:allow because no`,
      ['3:1 directive-invalid allow names no rule. · Write -- migrate:allow <rule> because <reason>'],
    ],
    [
      'allow without a reason',
      `${up}-- migrate:allow drop-column`,
      ['3:1 directive-invalid allow drop-column gives no reason. · Write -- migrate:allow <rule> because <reason>'],
    ],
    [
      'allow-file without a reason',
      `-- migrate:allow-file truncate because\n${up}`,
      [
        '1:1 directive-invalid allow-file truncate gives no reason. · Write -- migrate:allow-file <rule> because <reason>',
      ],
    ],
    [
      'allow above no statement',
      `-- migrate:allow truncate because no\n${up}`,
      [
        '1:1 directive-invalid allow stands above no statement. · Write it above the statement, or write -- migrate:allow-file.',
      ],
    ],
    [
      'down-loses outside the down section',
      `${up}-- migrate:down-loses a.b`,
      ['3:1 directive-invalid down-loses stands outside the down section. · Write it below -- migrate:down.'],
    ],
    [
      'down-loses without a column',
      `${up}${down}-- migrate:down-loses`,
      ['5:1 directive-invalid down-loses names nothing. · Write -- migrate:down-loses table.column'],
    ],
    [
      'down-loses with too many names',
      `${up}${down}-- migrate:down-loses users a.b a.b.c a.b.c.d`,
      ['5:39 directive-invalid "a.b.c.d" is neither a table nor a column. · Write table.column.'],
    ],
    [
      'a backfill without a key',
      `-- migrate:backfill table:a\n${up}`,
      ['1:1 directive-invalid backfill lacks its key. · Write -- migrate:backfill table:users key:id'],
    ],
    [
      'a backfill without a table',
      `-- migrate:backfill key:a\n${up}`,
      ['1:1 directive-invalid backfill lacks its table. · Write -- migrate:backfill table:users key:id'],
    ],
    [
      'an unknown option of backfill',
      `-- migrate:backfill tabel:a key:b\n${up}`,
      ['1:21 directive-invalid backfill takes no option "tabel". · Did you mean "table"?'],
    ],
    [
      'a batch that is no number',
      `-- migrate:backfill table:a key:b batch:0\n${up}`,
      ['1:41 directive-invalid "0" is not a number of rows. · Write a whole number such as batch:1000.'],
    ],
    [
      'two backfills',
      `-- migrate:backfill table:a key:b\n-- migrate:backfill table:a key:b\n${up}`,
      ['2:1 directive-invalid backfill is written twice. · A file is one backfill.'],
    ],
    [
      'a backfill in the down section',
      `${up}${down}-- migrate:backfill table:a key:b`,
      ['5:1 directive-invalid backfill stands in the down section. · Write it above the statement of the up section.'],
    ],
    [
      'several at once, in order of place',
      `select 0;\n-- migrate:phase x\n-- migrate:oops\n${up}`,
      [
        '1:1 directive-invalid A statement stands above -- migrate:up. · Move it into the up section.',
        '2:18 directive-invalid There is no phase "x". · Known: expand, backfill, contract.',
        '3:12 directive-unknown There is no directive "-- migrate:oops". · Known: up, down, down-loses, backfill, change, phase, gate, requires, check, allow, allow-file.',
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected)
  })

  test.each(['add_users.sql', '20261101093000.sql', '20261101093000_.sql', '2026-11-01_users.sql', '1_a.txt'])(
    'the file name %s',
    (name) => {
      expect(problemsOf(up, `m/${name}`)).toEqual([
        `1:1 migration-name-invalid The name "${name}" is not <digits>_<name>.sql. · ` +
          'Name it like 20261101093000_add_users.sql; the digits order the migrations.',
      ])
    },
  )
})

test('files look native when one of them has a section or another directive of this layout', () => {
  const looks = (...texts: string[]) =>
    native.detect(
      texts.map((text) => file(text)),
      [],
    )
  expect([
    looks('select 1;', '-- migrate:up\nselect 1;'),
    looks('-- migrate:upp\nselect 1;'),
    looks('select 1;', '-- migrate:allow truncate because no\nselect 1;'),
    looks("select '\n-- migrate:up\n';"),
    looks(),
  ]).toEqual(['certain', 'certain', 'no', 'no', 'no'])
})
