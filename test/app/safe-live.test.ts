import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freeSpace } from '../../src/app/disk/free.ts'
import { connect } from '../../src/db/connect.ts'
import { adminUrl, runAsAdmin } from '../support/postgres.ts'
import { type ProvenSite, provenSites, verify } from '../support/proven-site.ts'
import { up } from '../support/toolkit.ts'

const files = {
  'migrations/1_books.sql':
    '-- migrate:up\ncreate table books (id int primary key, title text);\n-- migrate:down\ndrop table books;\n',
  'migrations/2_old.sql':
    '-- migrate:change gone\n-- migrate:phase contract\n-- migrate:gate approval\n-- migrate:up\ncreate table unrelated ();\n-- migrate:down\ndrop table unrelated;\n',
  'migrations/3_note.sql':
    '-- migrate:up\nalter table books add column note text;\n-- migrate:down\n-- migrate:down-loses books.note\nalter table books drop column note;\n',
  'migrations/4_index.sql':
    '-- migrate:up transaction:false\ncreate index concurrently books_note_idx on books (note);\ncreate unique index concurrently books_title_idx on books (title);\n-- migrate:down transaction:false\ndrop index concurrently books_title_idx;\ndrop index concurrently books_note_idx;\n',
}

/** Made-up rows do not fit a unique index, so more than D0 is not covered there. */
function configured(config: object = {}): Readonly<Record<string, string>> {
  return { 'migrate.config.json': JSON.stringify({ verify: { level: 'D0' }, ...config }) }
}

async function configure(cwd: string, config: object): Promise<void> {
  for (const [path, text] of Object.entries(configured(config))) await writeFile(join(cwd, path), text)
}

const sites = provenSites({ ...files, ...configured() })
const site = (config: object = {}): Promise<ProvenSite> => sites({ ...files, ...configured(config) })

const safe = up({ safe: true })

test('a schema that is as proven goes on, also where a contract was held back', async () => {
  const { run, applied } = await site()
  expect(await run(up({ safe: true, steps: 1 }))).toMatchObject({ code: 0 })
  // 2 waits for its approval, and 3 is applied before it.
  expect(await run(up({ safe: true, to: '3' }))).toMatchObject({ code: 0 })
  expect(await run(safe)).toMatchObject({ code: 0 })
  expect(await applied()).toEqual(['1', '3', '4'])
  await run((toolkit) => toolkit.approve({ subject: 'gone', by: 'dba' }))
  expect(await run(safe)).toMatchObject({ code: 0 })
  expect(await applied()).toEqual(['1', '3', '4', '2'])
})

test('what was changed by hand is told as drift tells it, and nothing is applied', async () => {
  const { run, applied, connection, cwd } = await site()
  await run(up({ safe: true, steps: 1 }))
  await connection.run('alter table books alter column title set not null; create table audit_log (id int)')
  const refusal = {
    code: 1,
    said: expect.stringMatching(
      /^error schema-differs .*: 2 differences .* table public\.audit_log: added \(column id\) table public\.books: column title: nullable → not null See all of it with: migrate drift/,
    ),
  }
  expect(await run(safe)).toEqual(refusal)
  expect(await run(up({ safe: true, dryRun: true }))).toEqual(refusal)
  expect(await applied()).toEqual(['1'])
  const ignore = ['public.audit_*', 'table public.books']
  await configure(cwd, { drift: { ignore } })
  expect(await run(safe)).toMatchObject({ code: 0 })
  expect(await applied()).toEqual(['1', '3', '4'])
})

test('where something applied has no proof nobody knows, and the configuration can do without', async () => {
  const { run, applied, cwd } = await site()
  await run(up({ safe: true, steps: 1 }))
  await rm(join(cwd, 'migrations/proofs/1.json'))
  expect(await run(safe)).toEqual({
    code: 1,
    said: expect.stringMatching(
      /^error schema-unknown Nobody knows what the schema should be now: of what is applied, 1 has no valid proof\./,
    ),
  })
  expect(await applied()).toEqual(['1'])
  await configure(cwd, { safe: { schema: 'skip' } })
  expect(await run(safe)).toMatchObject({ code: 0 })
})

test('what an earlier run left half done is no difference', async () => {
  const { run, connection } = await site()
  await run(up({ safe: true, to: '3' }))
  await connection.run(`insert into books values (1, 'x'), (2, 'x')`)
  expect(await run(safe)).toEqual({ code: 8, said: expect.stringMatching(/^error migration-halfway/) })
  await connection.run('delete from books where id = 2')
  expect(await run(safe)).toMatchObject({ code: 0 })
})

const fill = `insert into books select n, repeat('x', 100) || n from generate_series(1, 330000) n; analyze books`

test('an index for which there is no room is not begun; where nobody knows, neither', async () => {
  const { run, connection, cwd, applied } = await site()
  await run(up({ safe: true, to: '3' }))
  await connection.run(fill)
  expect(await run(up({ safe: true, diskFree: '60MB' }))).toEqual({
    code: 1,
    said: expect.stringMatching(
      /^error disk-short What is pending may write \d+ MB, and 60 MB are free \(--disk-free\)\. Nothing was changed\. 4, statement 1: public\.books is indexed, up to \d+ MB/,
    ),
  })
  await configure(cwd, { safe: { diskCommand: 'echo 12; exit 3' } })
  expect(await run(safe)).toEqual({
    code: 1,
    said: expect.stringMatching(/^error disk-unknown .*safe\.diskCommand does not say: Command failed/),
  })
  expect(await applied()).toEqual(['1', '3'])
  await configure(cwd, { safe: { diskCommand: 'echo 200GB' } })
  expect(await run(safe)).toMatchObject({ code: 0 })
  expect(await applied()).toEqual(['1', '3', '4'])
})

const copies = {
  'migrations/5_backfill.sql':
    "-- migrate:backfill table:books key:id\n-- migrate:up\nupdate books set note = 'none' where note is null;\n-- migrate:down none because nothing was there\n",
  'migrations/6_few.sql':
    "-- migrate:phase backfill\n-- migrate:up\nupdate books set note = 'x' where id = 1;\n-- migrate:down none because few were picked\n",
  'migrations/7_copy.sql':
    '-- migrate:up\ncreate view titles as select title from books;\ncreate table kept as select * from titles;\ncreate materialized view words as select title from titles with no data;\nrefresh materialized view words;\n-- migrate:down\ndrop materialized view words;\ndrop table kept;\ndrop view titles;\n',
}

test('rows that are changed in batches or copied need room too, and few that are picked none', async () => {
  const { run, connection, cwd } = await site({ safe: { schema: 'skip' }, lint: { presets: [] } })
  await run(up({ safe: true, diskFree: '1TB' }))
  await connection.run(fill)
  for (const [path, text] of Object.entries(copies)) await writeFile(join(cwd, path), text)
  await run(verify)
  const { said, code } = await run(up({ safe: true, diskFree: '60MB' }))
  expect({
    code,
    needs: [...said.matchAll(/\d, statement \d: .*?(?=, up to \d+ MB)/g)].map(([what]) => what).toSorted(),
  }).toEqual({
    code: 1,
    needs: [
      '5, statement 1: rows of books are updated',
      '7, statement 2: rows of titles are copied',
      '7, statement 4: words is filled anew',
    ],
  })
  // What an earlier run has done of a backfill is not written again.
  await run(up({ to: '4' }))
  const half = `insert into migrate.backfill (migration, status, cursor, upper_bound, rows_done, rows_changed, rows_estimated)
    values ('5', 'running', '330000', '330000', 330000, 330000, 330000)`
  await connection.run(half)
  const later = await run(up({ safe: true, diskFree: '60MB' }))
  expect([later.code, later.said.includes('rows of books are updated')]).toEqual([1, false])
})

test('the disk of a server on this machine is looked at where the role may know it', async () => {
  const connection = await connect(adminUrl())
  const sources = { cwd: '.', env: {} }
  try {
    expect(await freeSpace(connection, sources)).toEqual({
      known: true,
      bytes: expect.any(Number),
      source: expect.stringMatching(/^the disk of \//),
    })
    expect(await freeSpace(connection, { ...sources, configured: '1GB' })).toEqual({
      known: true,
      bytes: 1024 ** 3,
      source: 'safe.diskFree',
    })
  } finally {
    await connection.close()
  }
})

test('a role that may not know where the files are does not know how much room there is', async () => {
  const role = `migrator_${Date.now()}`
  await runAsAdmin(`create role ${role} login`)
  const address = new URL(adminUrl())
  address.username = role
  const connection = await connect(address.href)
  try {
    expect(await freeSpace(connection, { cwd: '.', env: {} })).toEqual({
      known: false,
      why: 'neither --disk-free nor safe.diskFree nor safe.diskCommand says it, and the server does not tell where its files are',
    })
  } finally {
    await connection.close()
    await runAsAdmin(`drop role ${role}`)
  }
})
