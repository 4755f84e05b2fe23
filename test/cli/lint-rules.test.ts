import { expect, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'

const migrations = {
  'migrations/20260101000000_books.sql':
    '-- migrate:up\ncreate table books (id bigint primary key, title text);\n\n-- migrate:down\ndrop table books;\n',
  'migrations/20260102000000_drop.sql': '-- migrate:up\ndrop table books;\n\n-- migrate:down none because it is gone\n',
}

const allowed = {
  'migrations/20260101000001_authors.sql':
    '-- migrate:up\n-- migrate:allow table-with-text because the second table is not ours\ncreate table authors (id bigint primary key, name text);\n\n-- migrate:down\ndrop table authors;\n',
}

/** Imports from the package by its name, as a configuration does. */
const packageUrl = new URL('../../dist/index.js', import.meta.url).href

const ownRule = `
import { defineRule } from ${JSON.stringify(packageUrl)}

export default {
  lint: {
    rules: { 'table-with-text': ['warning', { limit: 1 }], 'drop-table': 'info' },
    customRules: [
      defineRule({
        id: 'table-with-text',
        summary: 'A table has columns of type text.',
        severity: 'error',
        hazards: [],
        looksAt: ['create-table'],
        sources: [],
        options: { limit: { default: 9, summary: 'Columns that a table may have.' } },
        why: 'We agreed on it.',
        examples: [],
        *check(table, { isNew }, { limit }) {
          if (table.columns.length > limit) yield { at: table.span, message: \`\${table.table.name} has \${table.columns.length} columns.\` }
        },
      }),
    ],
  },
}
`

test('a rule of one’s own is asked with its options, may be allowed, and decides the exit code', async () => {
  const cwd = await directory({ ...migrations, ...allowed, 'migrate.config.mjs': ownRule })
  const { code, stdout } = await migrate(['lint', '--json'], { cwd })
  const { findings } = JSON.parse(stdout)
  const seen = findings.map((finding: Record<string, unknown>) => [
    finding['rule'],
    finding['severity'],
    finding['message'],
    finding['docs'],
  ])
  expect({ code, seen }).toMatchInlineSnapshot(`
    {
      "code": 1,
      "seen": [
        [
          "table-with-text",
          "warning",
          "books has 2 columns.",
          undefined,
        ],
        [
          "drop-table",
          "info",
          "The rows of books are lost, and every query of the running version that uses it fails.",
          "docs/rules/drop-table.md",
        ],
      ],
    }
  `)
  const explained = await migrate(['explain', 'table-with-text'], { cwd })
  expect(explained.stdout).toMatchInlineSnapshot(`
    "# table-with-text

    A table has columns of type text.

    Severity: error. Preset: recommended. Hazards: none. From the configuration.

    ## Why

    We agreed on it.

    ## Options

    - \`limit\` (default \`9\`): Columns that a table may have.

    ## Silencing it

    Above the statement, with the reason: \`-- migrate:allow table-with-text because
    <reason>\`.
    "
  `)
})

test('severities of the run', async () => {
  const cwd = await directory(migrations)
  const ends = async (...args: readonly string[]): Promise<unknown> => (await migrate(['lint', ...args], { cwd })).code
  expect([
    await ends(),
    await ends('--rule', 'drop-table=info'),
    await ends('--rule', 'drop-table=info', '--fail-on', 'info'),
    await ends('--rule', 'drop-table=off', '--fail-on', 'info'),
  ]).toEqual([1, 0, 1, 0])
})

test.each([
  ['--rule', 'drop-table'],
  ['--rule', 'drop-table=eror'],
  ['--rule', 'drop-tabel=off'],
  ['--preset', 'strikt'],
])('%s %s', async (...args) => {
  const { code, stderr } = await migrate(['lint', ...args], { cwd: await directory(migrations) })
  expect({ code, stderr }).toMatchSnapshot()
})
