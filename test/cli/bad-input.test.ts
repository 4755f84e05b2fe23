import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'

const good = '-- migrate:up\ncreate table t (id bigint primary key);\n\n-- migrate:down\ndrop table t;\n'

type Files = Readonly<Record<string, string | Uint8Array>>

/** Runs a command in a directory with these files and gives what a person would see, stdout before stderr. */
async function seen(args: readonly string[], files: Files): Promise<string> {
  const cwd = await directory(files)
  const { code, stdout, stderr } = await migrate(args, { cwd })
  return `exit ${code}\n${stdout}${stderr}`
}

/** `migrate lint` on migrations, given by file name. */
function lintMigrations(files: Files): Promise<string> {
  return seen(['lint'], Object.fromEntries(Object.entries(files).map(([name, text]) => [`migrations/${name}`, text])))
}

describe('directories and files', () => {
  test('no directory', async () => {
    expect(await seen(['lint'], {})).toMatchInlineSnapshot(`
      "exit 2
      error directory-missing
        There is no file or directory "migrations".

        Name the directory of your migrations with --dir, or create a first one with:
        migrate new <name>
      "
    `)
  })

  test('an empty directory', async () => {
    expect(await lintMigrations({ 'README.txt': 'nothing' })).toMatchInlineSnapshot(`
      "exit 2
      error directory-empty
        The directory "migrations" holds no .sql file.

        Create a first migration with: migrate new <name>
      "
    `)
  })

  test('a file that is still empty', async () => {
    expect(await lintMigrations({ '20260101000000_t.sql': '' })).toMatchInlineSnapshot(`
      "exit 2
      error migration-empty migrations/20260101000000_t.sql:1:1
        There is no up section.

        Write -- migrate:up above the statements.
      "
    `)
  })

  test('the directory that the command was started in is gone', async () => {
    const cwd = await directory({})
    const bin = join(import.meta.dirname, '../../bin/migrate.js')
    const script = 'mkdir gone; cd gone; rmdir ../gone; exec "$0" "$1" lint'
    const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, bin], { cwd, encoding: 'utf8' })
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('The directory that the command was started in is gone.'),
    ])
  })

  test('a check that the server would not take, however often it is asked', async () => {
    const cwd = await directory({ 'migrations/1_t.sql': `-- migrate:check select count(*) frm t\n${good}` })
    for (const args of [['lint'], ['lint'], ['lint', '--no-cache']]) {
      const { code, stderr } = await migrate(args, { cwd })
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^error directive-invalid migrations\/1_t\.sql:1:18\n/)])
    }
  })

  test('a directory where a file is meant', async () => {
    const cwd = await directory({ 'migrations/1_t.sql': good, 'folder/file': '' })
    const said = async (...args: readonly string[]): Promise<string> =>
      (await migrate(['lint', ...args], { cwd })).stderr.replaceAll(/\s+/g, ' ')
    expect(await said('--config', 'folder')).toContain('The configuration "folder" cannot be read: it is a directory')
    expect(await said('--baseline', 'folder')).toContain('The baseline "folder" cannot be used: it is a directory.')
  })

  test('a path that is not there', async () => {
    expect(await seen(['lint', 'nowhere.sql'], {})).toMatchInlineSnapshot(`
      "exit 2
      error directory-missing
        There is no file or directory "nowhere.sql".

        Name the directory of your migrations with --dir, or create a first one with:
        migrate new <name>
      "
    `)
  })

  test('a file that cannot be read', async () => {
    expect(await lintMigrations({ '20260101000000_t.sql/inner.txt': '' })).toMatchInlineSnapshot(`
      "exit 2
      error file-unreadable
        "migrations/20260101000000_t.sql" cannot be read: it is a directory

        Check the path and its permissions.
      "
    `)
  })

  test('not UTF-8', async () => {
    const latin1 = Buffer.from(`${good}-- caf\xe9\n`, 'latin1')
    expect(await lintMigrations({ '20260101000000_t.sql': latin1 })).toMatchInlineSnapshot(`
      "exit 2
      error file-not-utf8 migrations/20260101000000_t.sql:6:7
        "migrations/20260101000000_t.sql" is not valid UTF-8: the byte after "-- caf"
        belongs to no character.

        Save the file as UTF-8. From Latin-1: iconv -f latin1 -t utf-8 FILE > NEW
      "
    `)
  })

  test('a byte order mark and CRLF are no mistake', async () => {
    const windows = `\uFEFF${good.replaceAll('\n', '\r\n')}`
    expect(await lintMigrations({ '20260101000000_t.sql': windows })).toMatchInlineSnapshot(`
      "exit 0
      nothing to say about 1 file
      "
    `)
  })

  test('a name without an id', async () => {
    expect(await lintMigrations({ '20260101000000_t.sql': good, 'add_books.sql': good })).toMatchInlineSnapshot(`
      "exit 2
      error migration-name-invalid migrations/add_books.sql:1:1
        The name "add_books.sql" is not <digits>_<name>.sql.

        Name it like 20261101093000_add_users.sql; the digits order the migrations.
      "
    `)
  })

  test('two migrations with one id', async () => {
    expect(await lintMigrations({ '20260101000000_a.sql': good, '20260101000000_b.sql': good })).toMatchInlineSnapshot(`
      "exit 2
      error migration-duplicate migrations/20260101000000_b.sql:1:1
        Two migrations have the id 20260101000000: migrations/20260101000000_a.sql and
        migrations/20260101000000_b.sql.

        Give the one that is not applied yet another number.
      "
    `)
  })
})

describe('contents', () => {
  test('a syntax error', async () => {
    const broken =
      '-- migrate:up\ncreate table é (id int);\nalter tabel é add column n int;\n\n-- migrate:down\ndrop table é;\n'
    expect(await lintMigrations({ '20260101000000_t.sql': broken })).toMatchInlineSnapshot(`
      "exit 1
      error syntax-error migrations/20260101000000_t.sql:3:7
        3 │ alter tabel é add column n int;
          │       ^^^^^
        Syntax error at or near "tabel".
        why   The file is read with the grammar of PostgreSQL itself, so what is
              refused here fails on the server too, and in the middle of a migration.
              Nothing can be said about what the statement would do; the statements
              around it are judged as usual.

      1 error in 1 file
      "
    `)
  })

  test('a quote that is not closed hides the down, which is not missing for that', async () => {
    const open = `-- migrate:up\ncreate table t (a text default 'x);\n\n-- migrate:down\ndrop table t;\n`
    const said = await lintMigrations({ '20260101000000_t.sql': open })
    expect(said).toContain('Unterminated quoted string')
    expect(said).toContain('1 error in 1 file')
    expect(said).not.toContain('missing-down')
  })

  test('an up without a down', async () => {
    expect(await lintMigrations({ '20260101000000_t.sql': good.split('\n\n')[0] ?? '' })).toMatchInlineSnapshot(`
      "exit 1
      warning missing-down migrations/20260101000000_t.sql:2:1
        2 │ create table t (id bigint primary key);
          │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        20260101000000 has no down section, so nobody can go back behind it.
        why   When the release fails there is nothing to run, and whoever writes the
              downgrade then does it in a hurry and unproven. A step that really
              cannot be taken back says so with a reason, and is then listed as a
              point of no return; \`up --safe\` refuses what is neither proven nor
              declared.
        instead
          -- migrate:down
          <what takes the upgrade back>

          -- or, where nothing can:
          -- migrate:down none because <reason>

      1 warning in 1 file
      "
    `)
  })

  test('no up section', async () => {
    expect(await lintMigrations({ '20260101000000_t.sql': good, '20260101000001_u.sql': '-- migrate:up\n\n' }))
      .toMatchInlineSnapshot(`
      "exit 2
      error migration-empty migrations/20260101000001_u.sql:1:1
        The up section has no statement.

        Write the SQL of the upgrade below -- migrate:up.
      "
    `)
  })

  test('a misspelt directive', async () => {
    expect(await lintMigrations({ '20260101000000_t.sql': `-- migrate:fase expand\n${good}` })).toMatchInlineSnapshot(`
      "exit 2
      error directive-unknown migrations/20260101000000_t.sql:1:12
        There is no directive "-- migrate:fase".

        Did you mean "phase"?
      "
    `)
  })

  test('a misspelt directive that should have begun the up section', async () => {
    const text = good.replace('migrate:up', 'migrate:upp')
    expect(await lintMigrations({ '20260101000000_t.sql': text })).toMatchInlineSnapshot(`
      "exit 2
      error directive-unknown migrations/20260101000000_t.sql:1:12
        There is no directive "-- migrate:upp".

          1 more problem:
          migrations/20260101000000_t.sql:4:1 down stands above up.

        Did you mean "up"?
      "
    `)
    const spaced = good.replace('migrate:up', 'migrate: up')
    expect(await lintMigrations({ '20260101000000_t.sql': spaced })).toMatchInlineSnapshot(`
      "exit 2
      error directive-unknown migrations/20260101000000_t.sql:1:12
        There is no directive "-- migrate:".

          1 more problem:
          migrations/20260101000000_t.sql:4:1 down stands above up.

        The name follows the colon without a space, as in -- migrate:up
      "
    `)
  })

  test('an allow without a reason, for a rule that does not exist', async () => {
    const text = good.replace(
      'create',
      '-- migrate:allow drop-tabel because it is empty\n-- migrate:allow drop-table\ncreate',
    )
    expect(await lintMigrations({ '20260101000000_t.sql': text })).toMatchInlineSnapshot(`
      "exit 2
      error rule-unknown migrations/20260101000000_t.sql:2:18
        There is no rule "drop-tabel".

          1 more problem:
          migrations/20260101000000_t.sql:3:1 allow drop-table gives no reason.

        Did you mean "drop-table"?
      "
    `)
  })
})

describe('the command line', () => {
  test('an unknown command', async () => {
    expect(await seen(['lnit'], {})).toMatchInlineSnapshot(`
      "exit 2
      error command-invalid
        Unknown command 'lnit'.

        Did you mean one of init, lint?
      "
    `)
  })

  test('an unknown option', async () => {
    expect(await seen(['lint', '--tagret', '17'], {})).toMatchInlineSnapshot(`
      "exit 2
      error command-invalid
        Unknown option '--tagret'.

        Did you mean --target?
      "
    `)
  })

  test('a value that an option does not take', async () => {
    expect(await seen(['lint', '--fail-on', 'eror'], {})).toMatchInlineSnapshot(`
      "exit 2
      error command-invalid
        --fail-on does not take "eror".

        Did you mean "error"?
      "
    `)
  })

  test('errors are JSON where JSON was asked for', async () => {
    expect(await seen(['lint', '--json'], {})).toMatchInlineSnapshot(`
      "exit 2
      {
        "version": 1,
        "error": {
          "code": "directory-missing",
          "message": "There is no file or directory \\"migrations\\".",
          "hint": "Name the directory of your migrations with --dir, or create a first one with: migrate new <name>",
          "details": null,
          "at": null,
          "exitCode": 2
        }
      }
      "
    `)
  })

  test('an unknown key in the configuration', async () => {
    const config = JSON.stringify({ dir: 'migrations', lint: { rulez: {} } })
    expect(await seen(['lint'], { 'migrate.config.json': config })).toMatchInlineSnapshot(`
      "exit 2
      error config-invalid
        The configuration "migrate.config.json" is not valid: unknown key
        "lint.rulez". Did you mean "rules"?

        Correct the file, or run with --no-config to leave it aside.
      "
    `)
  })

  test('an unknown rule in the configuration', async () => {
    const config = JSON.stringify({ lint: { rules: { 'drop-tabel': 'off' } } })
    expect(await seen(['lint'], { 'migrate.config.json': config, 'migrations/20260101000000_t.sql': good }))
      .toMatchInlineSnapshot(`
      "exit 2
      error rule-unknown
        The configuration gives a severity to the rule "drop-tabel", which does not
        exist.

        Did you mean "drop-table"?
      "
    `)
  })

  test('a configuration that is not JSON', async () => {
    const output = await seen(['lint'], { 'migrate.config.json': '{' })
    expect(output).toMatch(/^exit 2\nerror config-unreadable\n/)
  })

  test('no database is ever guessed', async () => {
    expect(await seen(['status'], { 'migrations/20260101000000_t.sql': good })).toMatchInlineSnapshot(`
      "exit 2
      error url-missing
        No database was named.

        Give --url postgres://user@host/database, or set DATABASE_URL,
        DATABASE_URL_FILE, PGSERVICE, or PGHOST and PGDATABASE.
      "
    `)
  })
})
