import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import Ajv from 'ajv-draft-04'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import { toolVersion } from '../../src/core/tool-version.ts'
import type { Finding, LintReport } from '../../src/model/finding.ts'
import { reporters } from '../../src/reporters/registry.gen.ts'
import { finding, report, text } from './reports.ts'

const style = { color: false, width: 80 }

function reported(id: string, shown: LintReport): string {
  const reporter = reporters.find((candidate) => candidate.id === id)
  if (reporter === undefined) throw new Error(`There is no reporter ${id}.`)
  return reporter.report(shown, style)
}

const rule = (id: string): LintReport['rules'][number] => ({
  id,
  summary: 'What it is about.',
  severity: 'error',
  why: 'What happens in the server.',
  hazards: ['blocks-reads'],
  docs: `docs/rules/${id}.md`,
})

/** With everything that a report may have. */
const full: LintReport = {
  ...report,
  rules: [rule('drop-table'), rule('set-not-null-without-check')],
  docsUrl: 'https://example.com/lockstep/',
  findings: [
    ...report.findings,
    finding('add column isbn text', {
      severity: 'info',
      rewrite: 'alter table "bücher" add column isbn varchar(20);',
      docs: 'https://example.com/ours.html',
      message: 'An ISBN is short.',
      effects: [],
    }),
  ],
  baseline: {
    path: 'migrations/known.json',
    known: [finding('alter table bücher', { rule: 'drop-table', severity: 'warning', message: 'Known.' })],
    gone: [{ migration: '1', rule: 'drop-table', fingerprint: 'f'.repeat(32) }],
  },
}

const clean: LintReport = { target: 18, files: 3, allowed: 0, rules: [], findings: [] }

test.each(reporters)('golden: $id', async ({ id }) => {
  const shown = reported(id, full).replaceAll(`"semanticVersion": "${toolVersion}"`, '"semanticVersion": "0.0.0"')
  await expect(shown).toMatchFileSnapshot(`golden/${id}.txt`)
})

test.each(reporters)('nothing found: $id', async ({ id }) => {
  const shown = reported(id, clean).replaceAll(`"semanticVersion": "${toolVersion}"`, '"semanticVersion": "0.0.0"')
  await expect(shown).toMatchFileSnapshot(`golden/${id}-clean.txt`)
})

test.each(reporters)('a reporter says what it is in one sentence: $id', ({ summary }) => {
  expect(summary).toMatch(/^[A-Z$].*\.$/)
})

/** What people could be tricked with, in every place that a migration decides. */
const names = [
  'x\n::error file=a.sql::gone',
  'x\r\n::set-output name=a::b\r::stop-commands::z',
  'x]]><failure/>&lt;"\'',
  '`````\n```\n</details>\n<script>alert(1)</script>\n# heading\n@all #1 [a](https://evil.example) ![i](x) | a | b',
  'a](http://evil.example/) {0} \u001B[2J\u0007\u0000\uFFFE\u009B31m',
  'ünï 標題 😀\u202E\u2066 rtl',
  'long '.repeat(4000),
  '</testsuite>-->',
  '%0A::warning::x,y:z',
]

function nasty(name: string): LintReport {
  const sql = `create table t (a int);\r\ndrop table "${name}";\r\n`
  const start = sql.indexOf('drop')
  const span = { start, end: sql.lastIndexOf(';') }
  const found: Finding = finding('drop table books', {
    rule: 'drop-table',
    file: { path: `a b/${name.slice(0, 100)}.sql`, text: sql, sha256: '' },
    span,
    within: span,
    message: `The rows of ${name} are lost.`,
    instead: `alter table "${name}" rename to "old ${name}";\r\n-- then drop it`,
    rewrite: `drop table if exists "${name}";`,
    effects: [{ table: { schema: 'public', name }, lock: 'ACCESS EXCLUSIVE', rewrites: false, scans: false }],
  })
  return { ...full, findings: [found, ...full.findings] }
}

const schemaFile = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/package.json')
const sarifSchema: object = JSON.parse(
  readFileSync(schemaFile.replace('package.json', 'lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'),
)
const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false })
addFormats.default(ajv)
const isSarif = ajv.compile(sarifSchema)

/** Names of all elements; fails where the text is not well-formed XML. */
function elements(xml: string): readonly string[] {
  const found: string[] = []
  const parser = new SaxesParser()
  parser.on('opentag', ({ name }) => found.push(name))
  parser.on('error', (error) => {
    throw error
  })
  parser.write(xml).close()
  return found
}

const rendered = new MarkdownIt({ html: true, linkify: true })

/** The tags of the page that a report becomes. */
function tags(markdown: string): readonly string[] {
  return [...rendered.render(markdown).matchAll(/<\/?(?:script|details|summary|h[1-6]|a|img|table)\b/g)].map(
    ([tag]) => tag,
  )
}

/** For each form, what no name may change; throws or fails where one does. */
const held: Readonly<Record<string, (shown: string, calm: string) => void>> = {
  json: (shown) => expect(JSON.parse(shown).findings).toHaveLength(4),
  gitlab: (shown) => expect(JSON.parse(shown)).toHaveLength(4),
  rdjson: (shown) => expect(JSON.parse(shown).diagnostics).toHaveLength(4),
  sarif: (shown) => {
    expect(isSarif(JSON.parse(shown)) ? [] : isSarif.errors).toEqual([])
    for (const { message } of JSON.parse(shown).runs[0].results) expect(message.text).not.toMatch(/(?<!\\)\]\(/)
  },
  github: (shown) => {
    const lines = shown.split('\n').slice(0, -1)
    expect(lines).toHaveLength(4)
    for (const line of lines) expect(line).toMatch(/^::(?:error|warning|notice) file=[^:,]+(?:,\w+=[^:,\r]+)+::[^\r]*$/)
  },
  gcc: (shown) => {
    const lines = shown.split('\n').slice(0, -1)
    expect(lines).toHaveLength(4)
    for (const line of lines) expect(line).toMatch(/:\d+:\d+: (?:error|warning|note): .* \[[a-z-]+\]$/)
  },
  junit: (shown, calm) => expect(elements(shown)).toEqual(elements(calm)),
  checkstyle: (shown, calm) => expect(elements(shown)).toEqual(elements(calm)),
  markdown: (shown, calm) => {
    expect(tags(shown)).toEqual(tags(calm))
    // Services look for mentions and references in the text that is shown, not in code.
    expect(rendered.render(shown).replaceAll(/<code[\s\S]*?<\/code>/g, '')).not.toMatch(/[@#][a-z0-9]/i)
  },
  // eslint-disable-next-line no-control-regex
  terminal: (shown) => expect(shown).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/),
}

describe.each(reporters)('what a migration names changes nothing about the form of $id', ({ id }) => {
  const calm = reported(id, nasty('books'))

  test.each(names)('%j', (name) => {
    expect(held).toHaveProperty(id)
    held[id]?.(reported(id, nasty(name)), calm)
  })

  test('any name', () => {
    const name = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(name, (written) => {
        held[id]?.(reported(id, nasty(written)), calm)
      }),
      { numRuns: 60 },
    )
  })
})

test('sarif: what is there fits the schema of OASIS', () => {
  for (const shown of [full, clean]) {
    expect(isSarif(JSON.parse(reported('sarif', shown))) ? [] : isSarif.errors).toEqual([])
  }
})

test('columns: characters, bytes of UTF-8, and units of UTF-16', () => {
  const sql = "select '😀ü'; drop table books;"
  const start = sql.indexOf('drop')
  const span = { start, end: sql.length - 1 }
  const found = finding('drop table books', {
    file: { path: 'a.sql', text: sql, sha256: '' },
    span,
    within: span,
    rewrite: 'select 1;',
  })
  const one: LintReport = { ...clean, findings: [found] }
  const seen = {
    json: JSON.parse(reported('json', one)).findings[0].column,
    rdjson: JSON.parse(reported('rdjson', one)).diagnostics[0].location.range.start.column,
    suggestion: JSON.parse(reported('rdjson', one)).diagnostics[0].suggestions[0],
    sarif: JSON.parse(reported('sarif', one)).runs[0].results[0].locations[0].physicalLocation.region,
  }
  expect(seen).toEqual({
    json: 14,
    rdjson: 18,
    suggestion: { range: { start: { line: 1, column: 18 }, end: { line: 1, column: 34 } }, text: 'select 1' },
    sarif: { startLine: 1, startColumn: 15, endLine: 1, endColumn: 31 },
  })
  expect(text).not.toContain(sql)
})

test('markdown: a comment stays as long as a comment may be, and says what it leaves out', () => {
  const findings = Array.from({ length: 300 }, () => report.findings).flat()
  const shown = reported('markdown', { ...report, findings })
  expect(shown.length).toBeLessThan(65_536)
  expect(shown).toMatch(/… and \d+ more findings: `migrate lint` shows them\.\n$/)
})

test('terminal: a place that does not fit has a line of its own', () => {
  const path = `services/shop/${'very-long-directory-name/'.repeat(3)}migrations/20261102090000_index_titles.sql`
  const found = { ...finding('drop table books', {}), file: { path, text, sha256: '' } }
  const shown = reported('terminal', { ...clean, findings: [found] })
  expect(shown.split('\n').slice(0, 2)).toEqual(['error set-not-null-without-check', `  ${path}:5:1`])
})
