import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/guides/what-happens-when.md'), 'utf8')

const ids = (letter: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`)
/** Scenarios of the failure lab, and promises. */
const known = [...ids('S', 16), ...ids('P', 15)]

/** The ids that titles begin with, by file: `'S1, P3: in a transaction …'`. */
const named: ReadonlyMap<string, readonly string[]> = new Map(
  readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && path !== 'what-happens-when.test.ts')
    .map((path) => {
      const text = readFileSync(join(import.meta.dirname, path), 'utf8')
      return [
        `test/${path}`,
        [...text.matchAll(/['`]((?:[SP]\d{1,2}, )*[SP]\d{1,2}): /g)].map(([, found]) => found ?? ''),
      ]
    }),
)

/** Rows of the table of events: the ids and the file in the last column. */
const rows = [...page.matchAll(/\| ((?:[SP]\d{1,2}, )*[SP]\d{1,2}) `([^`]+)` \|$/gm)].map(
  ([, label = '', file = '']) => ({
    label,
    file,
  }),
)

test('each scenario and each promise is named by a test', () => {
  const tested = new Set([...named.values()].flat().flatMap((label) => label.split(', ')))
  expect(known.filter((id) => !tested.has(id))).toEqual([])
})

test('each row of "what happens when…" is held by a test of that name in that file', () => {
  const broken = rows.filter(({ label, file }) => named.get(file)?.includes(label) !== true)
  expect(broken).toEqual([])
  expect(rows).toHaveLength(page.split('\n').filter((line) => /^\| (?!---|event|\| promise)(?!P\d)/.test(line)).length)
})

test('each scenario is an event, each promise is made and held by a row', () => {
  const shown = new Set(rows.flatMap(({ label }) => label.split(', ')))
  expect(known.filter((id) => !shown.has(id))).toEqual([])
  expect([...page.matchAll(/^\| (P\d+) \|/gm)].map(([, id]) => id)).toEqual(ids('P', 15))
})
