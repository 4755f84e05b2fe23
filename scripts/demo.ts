/**
 * The main job from beginning to end on a database of its own: `npm run demo`. Every step runs the real command line
 * and is checked; the first that does not go as told ends the demo with exit code 1.
 */
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatDuration } from '../src/core/time.ts'
import { demoDatabase } from './demo/database.ts'
import { commandRunner, heading, say } from './demo/stage.ts'

/** The history before the change that the demo makes: see `migrations/`. */
const before = '20260917090000'
const customers = 100_000
const change = 'customers-mail'
const rename = 'alter table customers rename column mail to email;'

const fillCustomers = `
  insert into customers (mail, name)
  select 'reader' || n || '@example.org', 'Reader ' || n from generate_series(1, ${customers}) as n`
const bothNamesAgree = 'select count(*)::int as n from customers where mail = email'
const columnCount = `select count(*)::int as n from information_schema.columns where table_name = 'customers' and column_name = 'mail'`

const began = Date.now()
const root = await mkdtemp(join(tmpdir(), 'migrate-demo-'))
const database = await demoDatabase(root)
try {
  await play()
  say(`\nThat was the whole way, in ${formatDuration(Date.now() - began)}. Everything it made is gone again.`)
} finally {
  await database.remove()
  await rm(root, { recursive: true, force: true })
}

async function play(): Promise<void> {
  await copyHistory()
  const run = commandRunner(root, database.url)

  heading(
    '1. A bookshop in production',
    `On ${database.description}, with ${customers.toLocaleString('en-US')} customers.`,
  )
  await run(['up', '--quiet'], { exit: 0, shows: ['4 migrations applied'] })
  await database.execute(fillCustomers)

  heading(
    '2. Somebody wants to rename a column',
    'The linter says what that would do to the version that is running now.',
  )
  await writeFile(join(root, 'change.sql'), `${rename}\n`)
  const filesBefore = await migrationFiles()
  await run(['lint', '--layout', 'plain', 'change.sql'], { exit: 1, shows: ['rename-column', 'customers'] })

  heading(
    '3. The same change as a plan of safe steps',
    'It is long; look at the headings (Expand, Backfill, Contract), and in each step at "lock" (who waits, and how long),\n' +
      '"down" (how it is taken back) and "gates" (what must be true before it runs).',
  )
  await run(['plan', 'change.sql', '--change', change, '--write'], {
    exit: 0,
    shows: ['Expand', 'Backfill', 'Contract'],
  })
  say(`${filesBefore} migrations before, ${await migrationFiles()} now.`)

  heading(
    '4. Is each downgrade good?',
    'Up, down and up again on a scratch server, for each new file. D3 means: schema and data are the same again.',
  )
  await run(['verify'], { exit: 0, shows: ['D3'] })

  heading(
    '5. Release it',
    'The pipeline applies what is proven, and fills the new column in batches while the shop goes on selling. The last\n' +
      'step, which drops the old column, is held back: nobody has approved it.',
  )
  await run(['up', '--safe'], { exit: 0, shows: ['held back', 'approval'] })
  await database.expect('both names hold the same for every customer', bothNamesAgree, customers)

  heading(
    '6. The old version is gone: open the gate',
    'A person approves; the digest ties the approval to this very SQL.',
  )
  await run(['approve', change, '--by', 'a reviewer'], { exit: 0, shows: ['approved'] })
  await run(['up', '--safe'], { exit: 0, shows: ['applied'] })
  await database.expect('no column "mail" is left', columnCount, 0)

  heading('7. Change of mind', 'The last migration is reverted along its proven way.')
  await run(['down', '--yes'], { exit: 0, shows: ['reverted'] })
  await run(['status'], { exit: 0, shows: ['pending'] })
}

async function migrationFiles(): Promise<number> {
  return (await readdir(join(root, 'migrations'))).filter((name) => name.endsWith('.sql')).length
}

async function copyHistory(): Promise<void> {
  const from = fileURLToPath(new URL('../migrations', import.meta.url))
  await cp(from, join(root, 'migrations'), {
    recursive: true,
    filter: (path) => !path.endsWith('.sql') || (path.split(/[\\/]/).at(-1) ?? '') <= `${before}~`,
  })
}
