import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'
import { adminUrl, createDatabase } from '../support/postgres.ts'

const shop = fileURLToPath(new URL('../../migrations', import.meta.url))
const change = 'customers-mail'
const beforeTheChange = '20260917090000'

/** The repository's own history in a directory of its own: the files that fit, proofs included. */
async function copyOfShop(fits: (path: string) => boolean = () => true): Promise<string> {
  const paths = readdirSync(shop, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(sql|json)$/.test(path))
  const files = paths.filter(fits).map((path) => [join('migrations', path), readFileSync(join(shop, path))] as const)
  return directory(Object.fromEntries(files))
}

/** The lines of an answer without what differs from run to run. */
function steady(text: string): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/(, | \()[\d.]+ m?s\)/g, ')').replaceAll(/digest \w+/g, 'digest …'))
}

test('a newcomer’s first run: proven steps are applied, the contract waits, is approved, and all of it goes back', async () => {
  const cwd = await copyOfShop()
  const database = await createDatabase()
  const env = { DATABASE_URL: database.url }
  const run = async (...args: readonly string[]): Promise<readonly unknown[]> => {
    const { code, stdout, stderr } = await migrate([...args, '--quiet'], { cwd, env })
    return [code, ...steady(stdout + stderr)]
  }

  expect(await run('lint')).toEqual([0, 'nothing to say about 10 files'])
  expect(await run('up', '--safe')).toMatchInlineSnapshot(`
    [
      0,
      "applied    20260901090000 create_catalogue (expand)",
      "applied    20260903090000 create_customers_and_orders (expand)",
      "applied    20260910090000 index_customer_mail (expand)",
      "applied    20260917090000 add_newsletter_consent (expand)",
      "applied    20260924090000 customers-mail_add-column (expand)",
      "applied    20260924090001 customers-mail_backfill (backfill)",
      "applied    20260924090002 customers-mail_index-customers-mail-idx (expand)",
      "applied    20260924090003 customers-mail_validate (expand)",
      "applied    20260924090004 customers-mail_tighten (contract)",
      "held back  20260924090005 customers-mail_drop-old",
      "           approval is closed: nobody approved it yet. Approve with: migrate",
      "           approve customers-mail",
      "9 migrations applied, 1 held back.",
    ]
  `)
  expect(await run('up', '--safe')).toMatchInlineSnapshot(`
    [
      5,
      "held back  20260924090005 customers-mail_drop-old",
      "           approval is closed: nobody approved it yet. Approve with: migrate",
      "           approve customers-mail",
      "0 migrations applied, 1 held back.",
    ]
  `)
  expect(await run('approve', change, '--by', 'a reviewer')).toMatchInlineSnapshot(`
    [
      0,
      "customers-mail is approved by a reviewer, as its files are now (digest …).",
    ]
  `)
  expect(await run('up', '--safe')).toMatchInlineSnapshot(`
    [
      0,
      "applied    20260924090005 customers-mail_drop-old (contract)",
      "1 migration applied.",
    ]
  `)
  expect((await run('status', '--exit-code')).at(-1)).toBe('10 applied, 0 pending.')
  const connection = await database.connect()
  await connection.run(`insert into customers (email, name) values ('ann@example.org', 'Ann')`)
  expect(await run('down', '--to', beforeTheChange)).toMatchInlineSnapshot(`
    [
      0,
      "reverted   20260924090005 customers-mail_drop-old (contract)",
      "reverted   20260924090004 customers-mail_tighten (contract)",
      "reverted   20260924090003 customers-mail_validate (expand)",
      "reverted   20260924090002 customers-mail_index-customers-mail-idx (expand)",
      "reverted   20260924090001 customers-mail_backfill (backfill)",
      "reverted   20260924090000 customers-mail_add-column (expand)",
      "6 migrations reverted.",
    ]
  `)
  // Nobody was asked: the proof says that what is in the new column stays in the old one.
  expect((await connection.query('select mail, name from customers')).rows).toEqual([
    { mail: 'ann@example.org', name: 'Ann' },
  ])
  expect(await run('down', '4')).toMatchInlineSnapshot(`
    [
      2,
      "error confirmation-missing",
      "  Reverting 20260917090000, 20260910090000, 20260903090000 and 20260901090000",
      "  loses customers.wants_newsletter and customers.",
      "",
      "  Nobody can be asked here. Add --yes when this is what you want.",
    ]
  `)
  expect((await run('down', '4', '--yes')).at(-1)).toBe('4 migrations reverted.')

  const { rows } = await connection.query(
    `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public'`,
  )
  expect(rows).toEqual([])
})

test('every downgrade of the shop is proven again', async () => {
  const cwd = await copyOfShop((path) => path.endsWith('.sql'))
  const { code, stdout } = await migrate(
    ['verify', '--all', '--shadow', 'url', '--shadow-url', adminUrl(), '--no-write', '--json'],
    { cwd },
  )
  const answer: { readonly results: readonly { readonly proof: { readonly id: string; readonly level: string } }[] } =
    JSON.parse(stdout)
  const ids = readdirSync(shop).flatMap((name) => (name.endsWith('.sql') ? [name.slice(0, 14)] : []))
  expect({ code, levels: answer.results.map(({ proof }) => [proof.id, proof.level]) }).toEqual({
    code: 0,
    levels: ids.toSorted().map((id) => [id, 'D4']),
  })
})

test('the files of the change are what plan writes for it', async () => {
  const cwd = await copyOfShop((path) => !path.includes(change))
  const { code } = await migrate(
    ['plan', '-e', 'alter table customers rename column mail to email', '--change', change, '--write'],
    { cwd },
  )
  expect(code).toBe(0)
  expect(filesOfChange(join(cwd, 'migrations'))).toEqual(filesOfChange(shop))
})

/** The change's files by name, without the time that they begin with. */
function filesOfChange(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder).filter((name) => name.includes(`_${change}_`) && name.endsWith('.sql'))
  return Object.fromEntries(names.toSorted().map((name) => [name.slice(15), readFileSync(join(folder, name), 'utf8')]))
}
