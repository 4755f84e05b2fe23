import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { holdsValues } from '../../src/app/holds-values.ts'
import type { Answer } from '../../src/app/answer.ts'
import { createToolkit, type Toolkit } from '../../src/app/toolkit.ts'
import { silentLog } from '../../src/core/log.ts'
import type { Connection } from '../../src/model/database.ts'
import { directory } from '../support/cli.ts'
import { adminUrl, createDatabase, runAsAdmin } from '../support/postgres.ts'

const books =
  '-- migrate:up\ncreate table books (id int primary key, title text);\n-- migrate:down\ndrop table books;\n'
const note =
  '-- migrate:up\nalter table books add column note text;\n-- migrate:down\nalter table books drop column note;\n'
/** What `migrate plan` writes for a new name: each column follows the other. */
const mirrored = `-- migrate:up
alter table books add column name text;
create function follow() returns trigger language plpgsql as $$ begin
  if new.name is not null then new.title := new.name; else new.name := new.title; end if;
  return new;
end $$;
create trigger follow before insert or update on books for each row execute function follow();
-- migrate:down
drop trigger follow on books;
drop function follow();
alter table books drop column name;
`

interface Project {
  readonly connection: Connection
  readonly toolkit: Toolkit
  readonly edit: (text: string) => Promise<void>
  /** What `down` asks, and whether it went on; the answer is no where none is given. */
  readonly down: (says?: {
    readonly unproven?: boolean
    readonly steps?: number
    readonly yes?: boolean
  }) => Promise<{ readonly asked: readonly string[]; readonly reverted: boolean }>
}

/** `books` and this migration after it, applied, with proofs where they are asked for. */
async function project(second: string, { verified = false, rows = true } = {}): Promise<Project> {
  const database = await createDatabase()
  const connection = await database.connect()
  const path = 'migrations/20260102000000_second.sql'
  const cwd = await directory({ 'migrations/20260101000000_books.sql': books, [path]: second })
  const toolkit = await createToolkit({ cwd, env: {}, config: false, url: database.url, log: silentLog })
  if (verified)
    await toolkit.verify({
      migrations: [],
      all: true,
      write: true,
      shadow: 'url',
      shadowUrl: adminUrl(),
      onProgress: () => undefined,
    })
  await toolkit.up({ safe: false, dryRun: false, onEvent: () => undefined })
  if (rows) await connection.run(`insert into books (id, title) values (1, 'Emma')`)
  return {
    connection,
    toolkit,
    edit: (text) => writeFile(join(cwd, path), text),
    down: async ({ unproven = false, steps, yes = false } = {}) => {
      const asked: string[] = []
      const confirm = (question: string): Promise<boolean> => {
        asked.push(question)
        return Promise.resolve(yes)
      }
      await toolkit
        .down({ unproven, steps, dryRun: false, confirm, onEvent: () => undefined })
        .catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'confirmation-missing' })
        })
      const { rows: left } = await connection.query(`select from migrate.migration where id = '20260102000000'`)
      return { asked, reverted: left.length === 0 }
    },
  }
}

const asksFor = (what: string): readonly string[] => [`Reverting 20260102000000 loses ${what}.`]

test('a dry run says what would be lost, and shows the SQL of the journal where that is taken', async () => {
  const { connection, toolkit, edit } = await project(note)
  await connection.run(`update books set note = 'signed'`)
  const dry = async (): Promise<Answer> =>
    toolkit.down({
      unproven: true,
      dryRun: true,
      confirm: () => Promise.reject(new Error('Nobody is asked.')),
      onEvent: () => undefined,
    })
  const answer = await dry()
  expect(answer.json).toMatchObject({ dryRun: true, losses: ['the values of books.note'] })
  expect(answer.text({ color: false, width: 80 })).toBe(
    `would revert  20260102000000 second (expand)
    alter table books drop column note;
would lose  the values of books.note: asked for, unless --yes says so
1 migration would be reverted.
`,
  )
  await edit('-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;\n')
  expect((await dry()).text({ color: false, width: 80 })).toContain(
    `(expand, its downgrade taken from the journal)\n    alter table books drop column note;\n`,
  )
})

describe('a column that the downgrade drops, and whose file declares no loss', () => {
  test('holds values: asked for, and a no changes nothing', async () => {
    const { connection, down } = await project(note)
    await connection.run(`update books set note = 'signed'`)
    expect(await down({ unproven: true })).toEqual({ asked: asksFor('the values of books.note'), reverted: false })
    expect((await connection.query('select note from books')).rows).toEqual([{ note: 'signed' }])
    expect(await down({ unproven: true, yes: true })).toMatchObject({ reverted: true })
  })

  test.each([
    ['rows, and no value', true],
    ['no rows', false],
  ])('%s: not asked for', async (_, rows) => {
    const { down } = await project(note, { rows })
    expect(await down({ unproven: true })).toEqual({ asked: [], reverted: true })
  })

  test('a proof of D4 says that what the upgrade added goes: asked for as well', async () => {
    const { connection, down } = await project(note, { verified: true })
    await connection.run(`update books set note = 'signed'`)
    expect(await down()).toEqual({ asked: asksFor('the values of books.note'), reverted: false })
  })

  test('a valid proof says that its values stay in another column: not asked for', async () => {
    const { connection, down } = await project(mirrored, { verified: true })
    await connection.run(`update books set name = 'Persuasion'`)
    expect(await down()).toEqual({ asked: [], reverted: true })
    expect((await connection.query('select title from books')).rows).toEqual([{ title: 'Persuasion' }])
  })

  test.each([
    ['there is none', { verified: false }, (text: string) => text],
    [
      'it is stale',
      { verified: true },
      (text: string) => text.replace('drop function follow()', 'drop function if exists follow()'),
    ],
  ])('its values stay in another one, and no proof says so: asked for, because %s', async (_, made, edited) => {
    const { edit, down } = await project(mirrored, made)
    await edit(edited(mirrored))
    expect(await down({ unproven: true })).toEqual({ asked: asksFor('the values of books.name'), reverted: false })
  })

  test('cannot be looked at: asked for, with the reason', async () => {
    const { connection, down } = await project(note)
    await connection.run('begin; lock table books in access exclusive mode')
    expect(await down({ unproven: true })).toEqual({
      asked: asksFor('the values of books.note, if it holds any (canceling statement due to lock timeout)'),
      reverted: false,
    })
    await connection.run('rollback')
  })

  test('has another name until then: asked for', async () => {
    const renamed = note.replace('-- migrate:down\n', '-- migrate:down\nalter table books rename column note to old;\n')
    const { connection, down } = await project(renamed.replace('drop column note', 'drop column old'))
    await connection.run(`update books set note = 'signed'`)
    expect(await down({ unproven: true })).toEqual({
      asked: asksFor('the values of books.old, if it holds any (column t.old does not exist)'),
      reverted: false,
    })
  })

  test('is dropped by the downgrade that the journal kept, and not by the file any more: asked for', async () => {
    const { connection, edit, down } = await project(note)
    await connection.run(`update books set note = 'signed'`)
    await edit('-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;\n')
    expect(await down({ unproven: true })).toEqual({ asked: asksFor('the values of books.note'), reverted: false })
  })

  test('is declared: named once, as it is declared', async () => {
    const { connection, down } = await project(
      note.replace('-- migrate:down\n', '-- migrate:down\n-- migrate:down-loses books.note\n'),
    )
    await connection.run(`update books set note = 'signed'`)
    expect(await down({ unproven: true })).toEqual({ asked: asksFor('books.note'), reverted: false })
    expect(await down({ unproven: true, steps: 2 })).toEqual({
      asked: ['Reverting 20260102000000 and 20260101000000 loses books.note and books.'],
      reverted: false,
    })
  })
})

describe('a table that the downgrade drops', () => {
  const copies = '-- migrate:up\ncreate table copies (id int);\n-- migrate:down\ndrop table copies;\n'

  test('has rows, or not: asked for, or not', async () => {
    const { connection, down } = await project(copies)
    await connection.run('insert into copies values (1)')
    expect(await down({ unproven: true })).toEqual({ asked: asksFor('copies'), reverted: false })
    await connection.run('delete from copies')
    expect(await down({ unproven: true })).toEqual({ asked: [], reverted: true })
  })

  test('cannot be looked at: asked for, with the reason', async () => {
    const { connection, down } = await project(copies)
    await connection.run('begin; lock table copies in access exclusive mode')
    expect(await down({ unproven: true })).toEqual({
      asked: asksFor('copies, if it holds any row (canceling statement due to lock timeout)'),
      reverted: false,
    })
    await connection.run('rollback')
  })

  test.each([
    ['filled', 'insert into copies select id from books;\ndrop table copies;'],
    ['another one by then', 'drop table copies;\nalter table books rename to copies;\ndrop table copies;'],
    [
      'filled by what nobody can tell',
      `do $$ begin execute 'insert into copies values (1)'; end $$;\ndrop table copies;`,
    ],
  ])('is empty now, and %s when it is dropped: asked for', async (_, section) => {
    const { down } = await project(copies.replace('drop table copies;', () => section))
    expect(await down({ unproven: true })).toEqual({
      asked: asksFor('copies, if statements before it leave a row in it'),
      reverted: false,
    })
  })
})

describe('a column that was filled by its default', () => {
  const added = (definition: string, more = ''): string =>
    `-- migrate:up\nalter table books add column stock ${definition};\n${more}-- migrate:down\nalter table books drop column stock;\n`

  test.each([
    ['int not null default 0'],
    [`numeric(10, 2) not null default 1.5`],
    [`jsonb default '{}'`],
    [`text[] not null default '{}'`],
    ['boolean not null default false'],
  ])('%s: what the upgrade would give again is not lost', async (definition) => {
    const { connection, down } = await project(added(definition))
    await connection.run(`insert into books (id) values (2)`)
    expect(await down({ unproven: true })).toEqual({ asked: [], reverted: true })
  })

  test.each([
    ['one row has another value', 'int not null default 0', 'update books set stock = 1', ''],
    ['one row has none', 'int default 0', `insert into books (id, stock) values (2, null)`, ''],
    ['a value is written otherwise', 'numeric default 1.0', 'update books set stock = 1.00', ''],
    ['its default is another each time', 'timestamptz default now()', 'select', ''],
    ['its default calls a function', `text default upper('a')`, 'select', ''],
    ['the upgrade fills it as well', 'int default 0', 'select', 'update books set stock = 0;\n'],
  ])('%s: asked for', async (_, definition, sql, more) => {
    const { connection, down } = await project(added(definition, more))
    await connection.run(sql)
    expect(await down({ unproven: true })).toEqual({ asked: asksFor('the values of books.stock'), reverted: false })
  })

  test('is taken back by the text that the journal kept: asked for, as no upgrade gives it again', async () => {
    const { edit, down } = await project(added('int not null default 0'))
    await edit('-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;\n')
    expect(await down({ unproven: true })).toEqual({ asked: asksFor('the values of books.stock'), reverted: false })
  })
})

test('rows that row security hides from the role are no empty column', async () => {
  const database = await createDatabase()
  const connection = await database.connect()
  const role = `${new URL(database.url).pathname.slice(1)}_reader`
  onTestFinished(() => runAsAdmin(`drop owned by ${role}; drop role ${role}`).catch(() => undefined))
  await connection.run(
    `create table books (note text); insert into books values ('signed'); alter table books enable row level security;
     create policy none on books using (false); create role ${role}; grant select on books to ${role}`,
  )
  expect(await holdsValues(connection, { name: 'books' }, 'note')).toBe(true)
  await connection.run(`set role ${role}`)
  expect(await holdsValues(connection, { name: 'books' }, 'note')).toEqual({
    unknown: expect.stringContaining('row-level security'),
  })
})

test('a proof that says broken, passed over with --unproven: what it says is asked for', async () => {
  const { down } = await project(
    `-- migrate:up\nalter table books alter title type text using title;\n-- migrate:down\nupdate books set title = left(title, 2);\n`,
    { verified: true },
  )
  const { asked, reverted } = await down({ unproven: true })
  expect({ reverted, asked }).toEqual({
    reverted: false,
    asked: [
      expect.stringMatching(
        /^Reverting 20260102000000 loses what the proof of 20260102000000 says of D3: The data is not/,
      ),
    ],
  })
})
