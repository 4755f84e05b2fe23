import { expect, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'
import { createDatabase } from '../support/postgres.ts'

const files = {
  'migrations/20260101000000_books.sql':
    '-- migrate:up\ncreate table books (id bigint primary key, title text);\n\n-- migrate:down none because it is the first\n',
  'migrations/20260102000000_index.sql':
    '-- migrate:up\ncreate index books_title_idx on books (title);\n\n-- migrate:down none because nobody needs it\n',
  'migrate.config.json': '{ "lint": { "baseline": "known.json" } }',
}

test('up --safe asks what lint asks: known findings do not hold a new database back, others do', async () => {
  const cwd = await directory(files)
  const { url } = await createDatabase()
  const ended = async (...args: readonly string[]): Promise<number | null> =>
    (await migrate(args, { cwd, env: { DATABASE_URL: url } })).code
  expect([await ended('lint', '--update-baseline'), await ended('up', '--safe')]).toEqual([0, 0])
})

test('without the entry the same is refused', async () => {
  const cwd = await directory({ ...files, 'known.json': '{ "version": 1, "findings": [] }' })
  const { url } = await createDatabase()
  const { code, stderr } = await migrate(['up', '--safe'], { cwd, env: { DATABASE_URL: url } })
  expect(stderr.split('\n').filter((line) => line.length > 80)).toEqual([])
  expect({ code, first: stderr.split('\n').at(0) }).toEqual({
    code: 1,
    first: expect.stringMatching(/^error lint-failed migrations\/20260102000000_index\.sql:2:1/),
  })
})
