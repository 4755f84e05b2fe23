import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'
import { adminUrl, createDatabase, serverMajor } from '../support/postgres.ts'

const books = 'migrations/20260101000000_books.sql'
const proof = 'migrations/proofs/20260101000000.json'
const good = '-- migrate:up\ncreate table books (id bigint primary key);\n\n-- migrate:down\ndrop table books;\n'

interface Site {
  readonly cwd: string
  run(...args: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }>
}

/** A history of one migration that was verified, and a database. */
async function site(text: string): Promise<Site> {
  const cwd = await directory({ [books]: text })
  const { url } = await createDatabase()
  const run: Site['run'] = async (...args) => {
    const { code, stdout, stderr } = await migrate(args, { cwd, env: { DATABASE_URL: url } })
    return { code, said: (stderr === '' ? stdout : stderr).trimEnd().replaceAll(/\s+/g, ' ') }
  }
  await run('verify', '--shadow', 'url', '--shadow-url', adminUrl())
  return { cwd, run }
}

async function edit(path: string, from: RegExp, to: string): Promise<void> {
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to))
}

test('what is proven goes up and down', async () => {
  const { run } = await site(good)
  expect([(await run('up', '--safe')).code, (await run('down', '--yes')).code]).toEqual([0, 0])
})

test('a proof on another major version warns and counts', async () => {
  const { cwd, run } = await site(good)
  await edit(join(cwd, proof), /"server": "PostgreSQL \d+/, '"server": "PostgreSQL 9')
  const warning = `warning: proven on PostgreSQL 9, while this server is ${serverMajor()}: 20260101000000. Prove them there with: migrate verify --all --target ${serverMajor()}`
  const up = await run('up', '--safe')
  const down = await run('down', '--yes')
  expect([up.code, down.code]).toEqual([0, 0])
  expect([up.said, down.said].map((said) => said.split(warning).length - 1)).toEqual([1, 1])
})

test('what is broken is refused at any level, with the evidence and what to type', async () => {
  const { cwd, run } = await site(good.replace('drop table books', 'select 1'))
  await writeFile(join(cwd, 'migrate.config.json'), '{"verify": {"level": "D0"}}')
  expect(await run('up', '--safe')).toEqual({
    code: 1,
    said: expect.stringMatching(
      /^error proof-broken .* is broken\. D1 broken: .* Mend the downgrade, then: migrate verify/,
    ),
  })
})

test('a level that is not reached is refused by up and down, and let through where it is not asked for', async () => {
  const { cwd, run } = await site(good)
  await writeFile(join(cwd, 'migrate.config.json'), '{"verify": {"level": "D5"}}')
  expect(await run('up', '--safe')).toEqual({
    code: 1,
    said: expect.stringMatching(
      /^error proof-missing .* is not proven to level D5\. D5 not covered: .* migrate verify/,
    ),
  })
  await run('up')
  expect((await run('down', '--yes')).said).toMatch(/^error proof-missing .* migrate down --unproven/)
  expect((await run('down', '--yes', '--unproven')).code).toBe(0)
})

test('a stale proof is refused, with what was changed', async () => {
  const { cwd, run } = await site(good)
  await edit(join(cwd, books), /drop table books/, 'drop table if exists books')
  expect(await run('up', '--safe')).toEqual({
    code: 1,
    said: expect.stringMatching(
      /^error proof-missing .* is stale\. Its downgrade was changed after it had been verified/,
    ),
  })
})
