import { expect, test } from 'vitest'
import { adminUrl } from '../support/postgres.ts'
import { directory, migrate } from '../support/cli.ts'

const books = `-- migrate:up
create table books (id int primary key, title text, note text);

-- migrate:down
drop table books;
`
const noNote = `-- migrate:up
alter table books drop column note;

-- migrate:down
-- migrate:down-loses books.note books.title
alter table books add column note text;
`
const noTitle = `-- migrate:up
alter table books drop column title;

-- migrate:down none because titles are gone
`
const files = (seed: string): Record<string, string> => ({
  'migrate.config.json': '{ "verify": { "seed": ["seed/*.sql"], "level": "D1" } }',
  'migrations/20260101000001_books.sql': books,
  'migrations/20260101000002_no-note.sql': noNote,
  'migrations/20260101000003_no-title.sql': noTitle,
  'seed/books.sql': seed,
})

async function verifyAll(seed: string): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const cwd = await directory(files(seed))
  const words = ['verify', '--all', '--shadow', 'url', '--shadow-url', adminUrl(), '--json', '--no-write']
  return migrate(words, { cwd })
}

interface Told {
  readonly pointsOfNoReturn: readonly object[]
  readonly results: readonly {
    readonly proof: { readonly seed: object; readonly levels: readonly { readonly evidence: string }[] }
  }[]
}

test('rows of one’s own take the place of those that are made up; what is not lost and where there is no way back is told', async () => {
  const { stdout } = await verifyAll(`insert into books values (1, 'a', 'one'), (2, 'b', 'two');\n`)
  const told: Told = JSON.parse(stdout)
  const proof = told.results[1]?.proof
  expect({
    points: told.pointsOfNoReturn,
    seed: proof?.seed,
    data: proof?.levels[3]?.evidence,
    warning: proof?.levels[4]?.evidence.replace(/^.*(?=Warning)/, ''),
  }).toEqual({
    points: [{ id: '20260101000003', name: 'no-title', reason: 'titles are gone' }],
    seed: { rows: 2, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    data: 'Every other value of 2 rows in 1 table is the same after the downgrade as before the upgrade. Lost as declared: public.books has another note in 2 rows (id 1; 2).',
    warning: 'Warning: declared to be lost, but nothing was: books.title.',
  })
})

test('a seed may say after which migration it runs; what was made up before goes where it is in the way', async () => {
  const { code, stdout } = await verifyAll(`-- migrate:seed after 20260101000002\ninsert into books values (1, 'a');\n`)
  const told: Told = JSON.parse(stdout)
  expect([code, told.results.map(({ proof }) => proof.seed)]).toEqual([
    0,
    [0, 300, 1].map((rows) => ({ rows, hash: expect.any(String) })),
  ])
})

test.each([
  ['a statement that fails', '\ninsert into boks values (1);\n', 'seed/books.sql:2:1: relation "boks" does not exist'],
  ['a place that there is not', '-- migrate:seed after 9\nselect 1;', 'seed/books.sql:1:23: there is no migration "9"'],
  ['another directive', '-- migrate:up\nselect 1;', 'seed/books.sql:1:1: a seed takes one directive'],
  ['what is no SQL', 'insert books;', 'seed/books.sql:1:8: syntax error at or near "books"'],
])('%s is told with its place', async (_title, seed, words) => {
  const { code, stdout } = await verifyAll(seed)
  const { error }: { readonly error: { readonly message: string } } = JSON.parse(stdout)
  expect({ code, message: error.message }).toEqual({ code: 2, message: expect.stringContaining(words) })
})

test('a history that does not apply is told with the statement', async () => {
  const cwd = await directory({
    'migrations/20260101000001_a.sql':
      '-- migrate:up\nselect 1;\ncreate table a (id nothing);\n\n-- migrate:down\nselect 1;\n',
    'migrations/20260101000002_b.sql': '-- migrate:up\nselect 1;\n\n-- migrate:down\nselect 1;\n',
  })
  const words = ['verify', '20260101000002', '--shadow', 'url', '--shadow-url', adminUrl()]
  const { code, stderr } = await migrate(words, { cwd })
  expect(code).toBe(1)
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain('migrations/20260101000001_a.sql:3:1: type "nothing" does not exist')
})
