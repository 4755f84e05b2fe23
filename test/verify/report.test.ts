import { expect, test } from 'vitest'
import { proofVersion } from '../../src/model/proof.ts'
import type { Proof } from '../../src/model/proof.ts'
import type { ProofEntry, ProofReport } from '../../src/verify/report.ts'
import { verifyJson } from '../../src/verify/reports/json.ts'
import { verifyJunit } from '../../src/verify/reports/junit.ts'
import { verifyMarkdown } from '../../src/verify/reports/markdown.ts'
import { verifyText } from '../../src/verify/show.ts'

const style = { color: false, width: 80 }

function proof(id: string, more: Partial<Proof>): Proof {
  return {
    version: proofVersion,
    id,
    history: 'h',
    up: 'u',
    down: 'd',
    irreversible: null,
    losses: [],
    level: 'D2',
    levels: [
      {
        level: 'D0',
        standing: 'proven',
        evidence: 'The downgrade parses and touches only books, as the upgrade does.',
      },
      { level: 'D1', standing: 'proven', evidence: 'Up, down and up again run on 50 rows in 1 table.' },
      { level: 'D2', standing: 'proven', evidence: 'The schema after the downgrade is the schema before.' },
    ],
    before: 'b',
    after: 'a',
    changes: {},
    columnOrderDiffers: false,
    seed: { rows: 50, hash: null },
    queries: null,
    locks: null,
    server: 'PostgreSQL 18.4',
    shadow: 'a test',
    hides: [],
    tool: 'test',
    ...more,
  }
}

const good: ProofEntry = {
  id: '20260101000001',
  name: 'books',
  path: 'migrations/20260101000001_books.sql',
  proof: proof('20260101000001', {}),
  from: 'run',
}

/** Evidence holds what users wrote: names that would be markup, ends of elements, commands of terminals. */
const hostile = 'column "]]></failure><!--" |x| `y` <img src=x> [a](http://evil) @all\u001B[31m\u0000 does not exist'

const broken: ProofEntry = {
  id: '20260101000002',
  name: 'isbn',
  path: 'migrations/20260101000002_isbn.sql',
  proof: proof('20260101000002', {
    level: 'D0',
    levels: [
      {
        level: 'D0',
        standing: 'proven',
        evidence: 'The downgrade parses and touches only books, as the upgrade does.',
      },
      { level: 'D1', standing: 'broken', evidence: `The downgrade fails on 50 rows in 1 table: ${hostile}.` },
      { level: 'D2', standing: 'not covered', evidence: 'The downgrade did not run to its end.' },
    ],
    losses: ['books.isbn'],
  }),
  from: 'run',
  refused: `The downgrade is broken. D1 broken: ${hostile}.`,
  file: { state: 'missing', text: 'There is no proof.' },
  seen: {
    differences: [{ object: 'index public.books_isbn', change: 'added', detail: 'CREATE INDEX books_isbn' }],
    unseeded: [{ table: 'public.orders', reason: 'new row violates check constraint "orders_check"' }],
    measured: {
      up: {
        statements: [
          {
            statement: 1,
            relations: [
              { relation: 'public.books', kind: 'table', lock: 'ACCESS EXCLUSIVE', rewritten: false, scanned: false },
            ],
          },
        ],
        costs: [{ statement: 1, durationMs: 2, walBytes: 8192 }],
        estimates: [],
        contradictions: [],
      },
      down: { statements: [], costs: [], estimates: [], contradictions: [] },
    },
  },
}

const report: ProofReport = {
  entries: [good, broken, { ...good, id: '20260101000003', name: 'kept', from: 'file' }],
  server: 'PostgreSQL 18.4',
  shadow: 'a test',
  hides: ['Settings differ: lock_timeout (0 here, 5s there) and search_path ("$user", public here, app there).'],
  passedOver: ['local: local PostgreSQL 18.4 has no extension postgis'],
  check: true,
  obsolete: ['migrations/proofs/1.json'],
  written: [],
  removed: [],
  folder: 'migrations/proofs',
}

test('for people, at 80 columns', () => {
  const text = verifyText(report, style)
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  expect(text).toMatchSnapshot()
})

test('as JUnit: a test case is a level; broken fails, not covered is skipped', () => {
  expect(verifyJunit(report)).toMatchSnapshot()
})

test('as Markdown, in which nothing of the user is markup', () => {
  expect(verifyMarkdown(report)).toMatchSnapshot()
})

test('as JSON', () => {
  expect(JSON.parse(JSON.stringify(verifyJson(report)))).toMatchObject({
    version: 1,
    server: 'PostgreSQL 18.4',
    shadow: 'a test',
    broken: 1,
    results: [
      { id: '20260101000001', from: 'run', proof: { level: 'D2' } },
      { id: '20260101000002', refused: expect.any(String), file: { state: 'missing' } },
      { id: '20260101000003', from: 'file' },
    ],
    obsolete: ['migrations/proofs/1.json'],
  })
})

test('a comment takes no more than a service does', () => {
  const entries = Array.from({ length: 2000 }, () => broken)
  const text = verifyMarkdown({ ...report, entries })
  expect(text.length).toBeLessThan(65_536)
  expect(text).toMatch(/… and [\d,]+ more migrations: `migrate verify` shows them\./)
})

test('nothing to verify, and what is short for a reason other than broken', () => {
  const level = proof('20260101000002', { level: 'D0' })
  const short = {
    ...broken,
    proof: { ...level, levels: level.levels.slice(0, 1) },
    refused: 'The downgrade is not proven.',
  }
  expect([
    verifyText({ ...report, entries: [] }, style),
    verifyText({ ...report, check: false, obsolete: [], entries: [{ ...good, from: 'file' }] }, style),
    verifyText({ ...report, obsolete: [], entries: [{ ...good, from: 'file' }] }, style),
    verifyText({ ...report, check: false, entries: [short] }, style)
      .split('\n')
      .at(-3),
  ]).toMatchSnapshot()
})
