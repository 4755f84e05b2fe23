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
    expect(await seen(['lint'], {})).toMatchInlineSnapshot()
  })

  test('an empty directory', async () => {
    expect(await lintMigrations({ 'README.txt': 'nothing' })).toMatchInlineSnapshot()
  })

  test('a path that is not there', async () => {
    expect(await seen(['lint', 'nowhere.sql'], {})).toMatchInlineSnapshot()
  })

  test('a file that cannot be read', async () => {
    expect(await lintMigrations({ '20260101000000_t.sql/inner.txt': '' })).toMatchInlineSnapshot()
  })

  test('not UTF-8', async () => {
    const latin1 = Buffer.from(`${good}-- caf\xe9\n`, 'latin1')
    expect(await lintMigrations({ '20260101000000_t.sql': latin1 })).toMatchInlineSnapshot()
  })

  test('a byte order mark and CRLF are no mistake', async () => {
    const windows = `\uFEFF${good.replaceAll('\n', '\r\n')}`
    expect(await lintMigrations({ '20260101000000_t.sql': windows })).toMatchInlineSnapshot()
  })

  test('a name without an id', async () => {
    expect(await lintMigrations({ '20260101000000_t.sql': good, 'add_books.sql': good })).toMatchInlineSnapshot()
  })

  test('two migrations with one id', async () => {
    expect(
      await lintMigrations({ '20260101000000_a.sql': good, '20260101000000_b.sql': good }),
    ).toMatchInlineSnapshot()
  })
})

describe('contents', () => {
  test('a syntax error', async () => {
    const broken = '-- migrate:up\ncreate table é (id int);\nalter tabel é add column n int;\n\n-- migrate:down\ndrop table é;\n'
    expect(await lintMigrations({ '20260101000000_t.sql': broken })).toMatchInlineSnapshot()
  })

  test('an up without a down', async () => {
    expect(await lintMigrations({ '20260101000000_t.sql': good.split('\n\n')[0] ?? '' })).toMatchInlineSnapshot()
  })

  test('no up section', async () => {
    expect(
      await lintMigrations({ '20260101000000_t.sql': good, '20260101000001_u.sql': '-- migrate:up\n\n' }),
    ).toMatchInlineSnapshot()
  })

  test('a misspelt directive', async () => {
    expect(await lintMigrations({ '20260101000000_t.sql': `-- migrate:fase expand\n${good}` })).toMatchInlineSnapshot()
  })

  test('an allow without a reason, for a rule that does not exist', async () => {
    const text = good.replace('create', '-- migrate:allow drop-tabel because it is empty\n-- migrate:allow drop-table\ncreate')
    expect(await lintMigrations({ '20260101000000_t.sql': text })).toMatchInlineSnapshot()
  })
})

describe('the command line', () => {
  test('an unknown command', async () => {
    expect(await seen(['lnit'], {})).toMatchInlineSnapshot()
  })

  test('an unknown option', async () => {
    expect(await seen(['lint', '--tagret', '17'], {})).toMatchInlineSnapshot()
  })

  test('a value that an option does not take', async () => {
    expect(await seen(['lint', '--fail-on', 'eror'], {})).toMatchInlineSnapshot()
  })

  test('errors are JSON where JSON was asked for', async () => {
    expect(await seen(['lint', '--json'], {})).toMatchInlineSnapshot()
  })

  test('an unknown key in the configuration', async () => {
    const config = JSON.stringify({ dir: 'migrations', lint: { rulez: {} } })
    expect(await seen(['lint'], { 'migrate.config.json': config })).toMatchInlineSnapshot()
  })

  test('an unknown rule in the configuration', async () => {
    const config = JSON.stringify({ lint: { rules: { 'drop-tabel': 'off' } } })
    expect(
      await seen(['lint'], { 'migrate.config.json': config, 'migrations/20260101000000_t.sql': good }),
    ).toMatchInlineSnapshot()
  })

  test('a configuration that is not JSON', async () => {
    const output = await seen(['lint'], { 'migrate.config.json': '{' })
    expect(output).toMatch(/^exit 2\nerror config-unreadable\n/)
  })

  test('no database is ever guessed', async () => {
    expect(await seen(['status'], { 'migrations/20260101000000_t.sql': good })).toMatchInlineSnapshot()
  })
})
