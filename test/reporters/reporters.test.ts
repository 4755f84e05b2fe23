import { expect, test } from 'vitest'
import { json } from '../../src/reporters/json.ts'
import { reporters } from '../../src/reporters/registry.gen.ts'
import { terminal } from '../../src/reporters/terminal.ts'
import { finding, report } from './reports.ts'

test('terminal: places are underlined under tabs and wide characters', () => {
  expect(terminal.report(report, { color: false, width: 80 })).toMatchInlineSnapshot(`
    "error set-not-null-without-check migrations/2.sql:3:2
      3 │     alter column "標題" set not null,
        │     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      Every row of bücher is read for a NULL while all reads and writes of the table
      wait.
      lock  ACCESS EXCLUSIVE on public."bücher": reads and writes wait · reads all
            of the table meanwhile
      why   SET NOT NULL takes ACCESS EXCLUSIVE and then looks at each row, unless a
            validated CHECK constraint proves that there is none.
      instead
        alter table bücher add constraint c check ("標題" is not null) not valid;
        -- in the next migration:
        alter table bücher validate constraint c;

    warning drop-table migrations/2.sql:5:1
      5 │ drop table books;
        │ ^^^^^^^^^^^^^^^^
      The rows of books are lost.
      lock  ACCESS EXCLUSIVE on public.books: reads and writes wait · SHARE ROW
            EXCLUSIVE on public.authors · rewrites public.books · reads all of
            public.authors meanwhile
      why   Only a backup brings them back.
      instead
        Wait until no version of the software that uses the table is running, then
        drop it behind a gate.

    1 error, 1 warning in 3 files (1 finding allowed with a reason)
    "
  `)
})

test('terminal: narrow windows', () => {
  expect(terminal.report(report, { color: false, width: 50 })).toMatchInlineSnapshot(`
    "error set-not-null-without-check
      migrations/2.sql:3:2
      3 │     alter column "標題" set not null,
        │     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      Every row of bücher is read for a NULL while all
      reads and writes of the table wait.
      lock  ACCESS EXCLUSIVE on public."bücher": reads
            and writes wait · reads all of the table
            meanwhile
      why   SET NOT NULL takes ACCESS EXCLUSIVE and
            then looks at each row, unless a validated
            CHECK constraint proves that there is
            none.
      instead
        alter table bücher add constraint c check ("標題" is not null) not valid;
        -- in the next migration:
        alter table bücher validate constraint c;

    warning drop-table migrations/2.sql:5:1
      5 │ drop table books;
        │ ^^^^^^^^^^^^^^^^
      The rows of books are lost.
      lock  ACCESS EXCLUSIVE on public.books: reads
            and writes wait · SHARE ROW EXCLUSIVE on
            public.authors · rewrites public.books ·
            reads all of public.authors meanwhile
      why   Only a backup brings them back.
      instead
        Wait until no version of the software that
        uses the table is running, then drop it behind
        a gate.

    1 error, 1 warning in 3 files (1 finding allowed with a reason)
    "
  `)
})

test('terminal: colours only when they are wanted', () => {
  const colored = terminal.report(report, { color: true, width: 80 })
  const escapes = new RegExp(`${String.fromCodePoint(27)}\\[\\d+m`, 'g')
  expect(colored.replaceAll(escapes, '')).toBe(terminal.report(report, { color: false, width: 80 }))
  expect(colored.match(escapes)?.length).toBeGreaterThan(0)
})

test('terminal: a long line is cut around the place', () => {
  const long = `select ${'a, '.repeat(60)}drop_me, ${'b, '.repeat(60)} 1;`
  const start = long.indexOf('drop_me')
  const found = finding('drop table books', {
    file: { path: 'a.sql', text: long, sha256: '' },
    span: { start, end: start + 7 },
    message: 'Here.',
    why: 'So.',
  })
  expect(terminal.report({ ...report, findings: [found], allowed: 0 }, { color: false, width: 80 }))
    .toMatchInlineSnapshot(`
      "error set-not-null-without-check a.sql:1:188
        1 │ …a, a, a, a, a, a, drop_me, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, …
          │                    ^^^^^^^
        Here.
        lock  ACCESS EXCLUSIVE on public."bücher": reads and writes wait · reads all
              of the table meanwhile
        why   So.
        instead
          alter table bücher add constraint c check ("標題" is not null) not valid;
          -- in the next migration:
          alter table bücher validate constraint c;

      1 error in 3 files
      "
    `)
})

test('terminal: nothing to say', () => {
  expect(terminal.report({ ...report, findings: [], allowed: 0 }, { color: false, width: 80 })).toBe(
    'nothing to say about 3 files\n',
  )
})

test('json: the stable form', () => {
  expect(json.report(report, { color: false, width: 80 })).toMatchInlineSnapshot(`
    "{
      "version": 1,
      "target": "18",
      "files": 3,
      "findings": [
        {
          "rule": "set-not-null-without-check",
          "severity": "error",
          "path": "migrations/2.sql",
          "line": 3,
          "column": 2,
          "endLine": 3,
          "endColumn": 32,
          "migration": "2",
          "statement": 1,
          "message": "Every row of bücher is read for a NULL while all reads and writes of the table wait.",
          "why": "SET NOT NULL takes ACCESS EXCLUSIVE and then looks at each row, unless a validated CHECK constraint proves that there is none.",
          "instead": "alter table bücher add constraint c check (\\"標題\\" is not null) not valid;\\n-- in the next migration:\\nalter table bücher validate constraint c;",
          "hazards": [
            "blocks-reads",
            "blocks-writes",
            "scans-table"
          ],
          "lock": "ACCESS EXCLUSIVE",
          "tables": [
            "public.\\"bücher\\""
          ],
          "docs": "docs/rules/set-not-null-without-check.md",
          "fingerprint": "00000000000000000000000000000032"
        },
        {
          "rule": "drop-table",
          "severity": "warning",
          "path": "migrations/2.sql",
          "line": 5,
          "column": 1,
          "endLine": 5,
          "endColumn": 17,
          "migration": "2",
          "statement": 2,
          "message": "The rows of books are lost.",
          "why": "Only a backup brings them back.",
          "instead": "Wait until no version of the software that uses the table is running, then drop it behind a gate.",
          "hazards": [
            "blocks-reads",
            "blocks-writes",
            "scans-table"
          ],
          "lock": "ACCESS EXCLUSIVE",
          "tables": [
            "public.books",
            "public.authors"
          ],
          "docs": "docs/rules/set-not-null-without-check.md",
          "fingerprint": "00000000000000000000000000000087"
        }
      ]
    }
    "
  `)
})

test.each(reporters.map(({ id, report: write }) => ({ id, write })))('$id says how large a table is', ({ write }) => {
  const sized = finding('drop table books', {
    rule: 'drop-table',
    sizes: [{ table: { schema: 'public', name: 'books' }, rows: 48_000_000, bytes: 12 * 1024 ** 3 }],
  })
  const text = write({ ...report, findings: [sized] }, { color: false, width: 100 })
  expect(text).toMatch(/48\s?M rows|48000000/)
})
