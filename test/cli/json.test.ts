import { describe, expect, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'
import { createDatabase } from '../support/postgres.ts'

const first = {
  'migrations/20260101000000_books.sql':
    '-- migrate:up\ncreate table books (id bigint primary key, title text);\n\n-- migrate:down\ndrop table books;\n',
}
const files = {
  ...first,
  'migrations/20260102000000_drop-title.sql':
    '-- migrate:change books-title\n-- migrate:phase contract\n-- migrate:gate approval\n\n-- migrate:up\nalter table books drop column title;\n\n-- migrate:down\nalter table books add column title text;\n',
}

/** Exit code and keys of the answer, which must be one JSON object and all that stdout holds. */
async function keysOf(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const { code, stdout } = await migrate([...args, '--json'], { cwd, env })
  const answer: Readonly<Record<string, unknown>> = JSON.parse(stdout)
  return { code, version: answer['version'], keys: Object.keys(answer).filter((key) => key !== 'version') }
}

test('each command that needs no database', async () => {
  const cwd = await directory(files)
  const answers = {
    lint: await keysOf(['lint'], cwd),
    plan: await keysOf(['plan', '-e', 'alter table books alter column title set not null'], await directory(first)),
    refusedPlan: await keysOf(['plan', '-e', 'alter table books alter column title set not null'], cwd),
    explain: await keysOf(['explain', 'drop-table'], cwd),
    new: await keysOf(['new', 'add author'], await directory({})),
  }
  expect(answers).toMatchInlineSnapshot(`
    {
      "explain": {
        "code": 0,
        "keys": [
          "name",
          "page",
        ],
        "version": 1,
      },
      "lint": {
        "code": 0,
        "keys": [
          "target",
          "files",
          "findings",
        ],
        "version": 1,
      },
      "new": {
        "code": 0,
        "keys": [
          "path",
        ],
        "version": 1,
      },
      "plan": {
        "code": 0,
        "keys": [
          "plans",
          "files",
        ],
        "version": 1,
      },
      "refusedPlan": {
        "code": 1,
        "keys": [
          "error",
        ],
        "version": 1,
      },
    }
  `)
})

test('each command on a database', async () => {
  const cwd = await directory(files)
  const { url } = await createDatabase()
  const env = { DATABASE_URL: url }
  const answers = {
    dryRun: await keysOf(['up', '--dry-run'], cwd, env),
    up: await keysOf(['up'], cwd, env),
    held: await keysOf(['up'], cwd, env),
    status: await keysOf(['status', '--exit-code'], cwd, env),
    gate: await keysOf(['gate', '20260102000000'], cwd, env),
    approve: await keysOf(['approve', 'books-title'], cwd, env),
    down: await keysOf(['down', '--unproven', '--yes'], cwd, env),
  }
  expect(answers).toMatchInlineSnapshot(`
    {
      "approve": {
        "code": 0,
        "keys": [
          "subject",
          "by",
          "digest",
          "at",
        ],
        "version": 1,
      },
      "down": {
        "code": 0,
        "keys": [
          "reverted",
          "dryRun",
          "losses",
        ],
        "version": 1,
      },
      "dryRun": {
        "code": 0,
        "keys": [
          "applied",
          "held",
          "dryRun",
          "pending",
          "reformatted",
          "plan",
        ],
        "version": 1,
      },
      "gate": {
        "code": 5,
        "keys": [
          "asked",
        ],
        "version": 1,
      },
      "held": {
        "code": 5,
        "keys": [
          "applied",
          "held",
          "dryRun",
          "pending",
          "reformatted",
        ],
        "version": 1,
      },
      "status": {
        "code": 3,
        "keys": [
          "label",
          "applied",
          "pending",
          "unfinished",
          "unchecked",
          "backfills",
          "problems",
        ],
        "version": 1,
      },
      "up": {
        "code": 0,
        "keys": [
          "applied",
          "held",
          "dryRun",
          "pending",
          "reformatted",
        ],
        "version": 1,
      },
    }
  `)
})

describe('errors are one JSON object too', () => {
  const error = { version: 1, error: { code: 'command-invalid', exitCode: 2 } }
  test.each([
    [['lint', '--frmat', 'x', '--json']],
    [['lint', '--format', 'json', '--target', 'x']],
    [['lint', '--format=json', '--fail-on', 'x']],
    [['up', '0', '--json']],
    [['lnt', '--json']],
    [['new', '--json']],
    [['plan', '--json']],
    [['plan', '--json', '-e', '-- nothing']],
    [['explain', 'nothing-like-it', '--json']],
    [['lint', '--target', '13', '--json']],
    [['plan', '--target', '99', '-e', 'alter table books alter column title set not null', '--json']],
  ])('%j', async (args) => {
    const { code, stdout, stderr } = await migrate(args, { cwd: await directory(files) })
    expect({ code, stderr, answer: JSON.parse(stdout) }).toMatchObject({ code: 2, stderr: '', answer: error })
  })

  test('with code, words, what to do next and the place', async () => {
    const cwd = await directory({ 'migrations/20260101000000_t.sql': '-- migrate:up\n-- migrate:alow x\nselect 1;\n' })
    const { code, stdout } = await migrate(['lint', '--json'], { cwd })
    expect({ code, answer: JSON.parse(stdout) }).toMatchInlineSnapshot(`
      {
        "answer": {
          "error": {
            "at": {
              "column": 12,
              "line": 2,
              "path": "migrations/20260101000000_t.sql",
            },
            "code": "directive-unknown",
            "details": null,
            "exitCode": 2,
            "hint": "Did you mean "allow"?",
            "message": "There is no directive "-- migrate:alow".",
          },
          "version": 1,
        },
        "code": 2,
      }
    `)
  })
})

describe('usage', () => {
  test.each([
    ['nothing at all', []],
    ['help for a command that there is not', ['help', 'lnt']],
    ['too many arguments', ['up', '1', '2']],
    ['a number that is none', ['down', '-1']],
    ['a migration that there is not', ['verify', '20260101000009']],
    ['bare SQL that nobody said is to be run', ['up', '--dir', 'bare', '--url', 'postgres://localhost:1/x']],
    ['a gate’s option that there is not', ['lint', 'gate/20260101000000_t.sql']],
    ['UTF-16', ['lint', 'utf16.sql']],
  ])('%s', async (_, args) => {
    const cwd = await directory({
      ...files,
      'bare/20260101000000_t.sql': 'create table t (id bigint primary key);\n',
      'gate/20260101000000_t.sql': '-- migrate:gate replication-lag max-lagg:5s\n\n-- migrate:up\nselect 1;\n',
      'utf16.sql': Buffer.from('\uFEFFselect 1;', 'utf16le'),
    })
    const { code, stdout, stderr } = await migrate(args, { cwd })
    expect(`exit ${code}\n${stdout.split('\n')[0] ?? ''}\n${stderr}`).toMatchSnapshot()
  })
})
