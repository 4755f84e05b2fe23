import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type ProvenSite, provenSites } from '../support/proven-site.ts'
import { up } from '../support/toolkit.ts'

const files = {
  '1_books.sql':
    '-- migrate:up\ncreate table books (id int primary key, title text);\n-- migrate:down\ndrop table books;\n',
  '2_note.sql':
    '-- migrate:up\nalter table books add column note text;\n-- migrate:down\n-- migrate:down-loses books.note\nalter table books drop column note;\n',
  '3_kept.sql': '-- migrate:up\ncreate table kept ();\n-- migrate:down none because it is kept\n',
  '4_title.sql':
    '-- migrate:up\nalter table books drop column title;\n-- migrate:down\n-- migrate:down-loses books.title\nalter table books add column title text;\n',
} as const
type FileName = keyof typeof files

/** No rules: what is asked before a run is not what is tried here. */
const config = { lint: { presets: [] }, verify: { level: 'D0' } }

function written(checks: Partial<Record<FileName, string>> = {}, safe: object = {}): Readonly<Record<string, string>> {
  const names: readonly FileName[] = ['1_books.sql', '2_note.sql', '3_kept.sql', '4_title.sql']
  const texts = names.map((name) => {
    const check = checks[name]
    return [`migrations/${name}`, `${check === undefined ? '' : `-- migrate:check ${check}\n`}${files[name]}`] as const
  })
  return { ...Object.fromEntries(texts), 'migrate.config.json': JSON.stringify({ ...config, safe }) }
}

/** A check is asked of a database and is no part of what is proven. */
const sites = provenSites(written())
const site = (...changed: Parameters<typeof written>): Promise<ProvenSite> => sites(written(...changed))

const safe = up({ safe: true })

test('what is proven is taken back, and whoever asks is told', async () => {
  const { run, applied } = await site({ '2_note.sql': 'select false' })
  expect(await run(safe)).toEqual({
    code: 1,
    said: expect.stringMatching(
      /^error check-failed Migration 2 \(note\) was applied, and then select false gave false\. Its proven downgrade was run/,
    ),
  })
  expect(await applied()).toEqual(['1'])
})

test('without --safe nothing is taken back', async () => {
  const { run, applied } = await site({ '2_note.sql': 'select false' })
  expect(await run(up())).toEqual({
    code: 8,
    said: expect.stringMatching(/^error check-unreverted .*only up --safe takes it back by itself/),
  })
  expect(await applied()).toEqual(['1', '2'])
})

test.each<readonly [string, FileName, RegExp, readonly string[]]>([
  [
    'a point of no return',
    '3_kept.sql',
    /it is declared irreversible: it is kept\. Nothing behind it was applied.*Where the check is wrong, correct it/,
    ['1', '2', '3'],
  ],
  [
    'data that was there before',
    '4_title.sql',
    /its downgrade is declared to lose books\.title, and nobody is there to say yes to that/,
    ['1', '2', '3', '4'],
  ],
])('%s is not crossed', async (_, file, why, stays) => {
  const { run, applied } = await site({ [file]: 'select false' })
  expect(await run(safe)).toEqual({ code: 8, said: expect.stringMatching(why) })
  expect(await applied()).toEqual(stays)
})

test('a check that is no query is refused before anything runs', async () => {
  const { run, connection } = await site({ '4_title.sql': 'selec true' })
  expect(await run(safe)).toEqual({
    code: 2,
    said: expect.stringMatching(/^error directive-invalid check holds no query that the server would take/),
  })
  expect((await connection.query(`select to_regclass('books') as books`)).rows).toEqual([{ books: null }])
})

/** An address that answers each question with the next of these, and the last one again; 0: not at all. */
async function health(...answers: readonly number[]): Promise<string> {
  const left = [...answers]
  const server = createServer((_, response) => {
    const status = left.length > 1 ? left.shift() : left[0]
    if (status === undefined || status === 0) return
    response.statusCode = status
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return `http://127.0.0.1:${address.port}/health`
}

test.each<readonly [string, readonly number[], string]>([
  ['answers 503', [200, 503], 'the health check answered 503'],
  ['does not answer', [204, 0], 'the health check did not answer within 5.0 s'],
])('a health check that %s takes the migration back', async (_, answers, why) => {
  const url = await health(...answers)
  const { run, applied } = await site({}, { healthCheck: { url, timeout: '5s' } })
  expect(await run(safe)).toEqual({
    code: 1,
    said: expect.stringContaining(`Migration 2 (note) was applied, and then ${why}.`),
  })
  expect(await applied()).toEqual(['1'])
})

test('a health check that is a command knows what it is asked about', async () => {
  const command =
    'test "$MIGRATE_MIGRATION $MIGRATE_NAME $MIGRATE_PHASE" != "2 note expand" || { echo 12 % of requests fail >&2; exit 4; }'
  const { run, applied } = await site({}, { healthCheck: { command } })
  expect(await run(safe)).toEqual({
    code: 1,
    said: expect.stringContaining('and then the health check ended with 4: 12 % of requests fail.'),
  })
  expect(await applied()).toEqual(['1'])
  // Without --safe nobody is asked.
  expect((await run(up())).code).toBe(0)
})
