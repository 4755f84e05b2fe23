import { expect, test } from 'vitest'
import type { VerifyAnswer, VerifyRequest } from '../../src/app/answers/verify.ts'
import { createToolkit } from '../../src/app/toolkit.ts'
import { silentLog } from '../../src/core/log.ts'
import { directory } from '../support/cli.ts'
import { embeddedTimeoutMs } from '../support/embedded.ts'
import { adminUrl } from '../support/postgres.ts'

const named = { shadow: 'url', shadowUrl: adminUrl() }
const local = { shadow: 'local' }
const books = { 'migrations/1_books.sql': file('create table books (id int primary key)', 'drop table books') }

function file(up: string, down: string): string {
  return `-- migrate:up\n${up};\n\n-- migrate:down\n${down};\n`
}

async function verify(files: Readonly<Record<string, string>>, request: Partial<VerifyRequest>): Promise<VerifyAnswer> {
  const cwd = await directory({ ...books, ...files })
  const toolkit = await createToolkit({ cwd, env: {}, config: false, log: silentLog })
  return toolkit.verify({ migrations: [], all: true, write: false, onProgress: () => undefined, ...request })
}

/** What each migration came to: proven to what is asked for, or not. */
function proven({ report }: VerifyAnswer): readonly boolean[] {
  return report.entries.map(({ proof, refused }) => proof !== undefined && refused === undefined)
}

const program = { 'migrations/2_export.sql': file(`copy books to program 'cat > /dev/null'`, 'select 1') }
const role = { 'migrations/2_role.sql': file('create role lockstep_test_reader', 'drop role lockstep_test_reader') }

test('what starts a program is refused before anything runs, with its place', async () => {
  await expect(verify(program, named)).rejects.toMatchObject({
    code: 'side-effect-refused',
    message: 'COPY … TO PROGRAM starts a program on the server. Nothing was run.',
    at: { path: 'migrations/2_export.sql', line: 2, column: 1 },
  })
  await expect(verify(program, { ...named, allowSideEffects: true })).rejects.toMatchObject({
    code: 'side-effect-refused',
    hint: '--allow-side-effects does not count for a server at --shadow-url: leave that out, or --shadow local.',
  })
})

test('it is let through where that is asked for and the server is thrown away', async () => {
  await expect(verify(program, local)).rejects.toMatchObject({
    code: 'side-effect-refused',
    hint: 'Where you know what it does: migrate verify --allow-side-effects',
  })
  expect(proven(await verify(program, { ...local, allowSideEffects: true }))).not.toContain(false)
})

test('roles are refused where others use the server, and gone with one that is thrown away', async () => {
  await expect(verify(role, named)).rejects.toMatchObject({
    code: 'side-effect-refused',
    message: 'CREATE ROLE changes what all databases of the server share. Nothing was run.',
    details: 'migrations/2_role.sql:5:1 DROP ROLE changes what all databases of the server share.',
  })
  expect(proven(await verify(role, local))).not.toContain(false)
})

test('a history with roles is applied again to the next scratch database', async () => {
  const files = {
    ...role,
    // The second upgrade fails, so that the database is not used on.
    'migrations/3_notes.sql': file('create table notes (id int)', 'select 1'),
    'migrations/4_more.sql': file('create table more (id int primary key)', 'drop table more'),
  }
  expect(proven(await verify(files, local))).toEqual([true, true, false, true])
})

test('a downgrade that nobody asked about is not run, so it is not refused', async () => {
  const cwd = {
    ...books,
    'migrations/1_books.sql': file('create table books (id int primary key)', `select lo_export(1, '/tmp/x')`),
  }
  const later = { 'migrations/2_notes.sql': file('create table notes (id int primary key)', 'drop table notes') }
  expect(proven(await verify({ ...cwd, ...later }, { ...named, all: false, migrations: ['2'] }))).not.toContain(false)
})

test('on the embedded database too', { timeout: embeddedTimeoutMs }, async () => {
  await expect(verify(program, { shadow: 'pglite' })).rejects.toMatchObject({ code: 'side-effect-refused' })
})

test('a seed that reads a file of the server is refused as migrations are', async () => {
  const files = {
    'migrate.config.json': JSON.stringify({ verify: { seed: ['seed.sql'] } }),
    'seed.sql': `insert into books values (1);\ncopy books from '/etc/hostname';\n`,
  }
  const cwd = await directory({ ...books, ...files })
  const toolkit = await createToolkit({ cwd, env: {}, log: silentLog })
  const request = { ...local, migrations: [], all: true, write: false, onProgress: () => undefined }
  await expect(toolkit.verify(request)).rejects.toMatchObject({
    code: 'side-effect-refused',
    at: { path: 'seed.sql', line: 2, column: 1 },
  })
})
