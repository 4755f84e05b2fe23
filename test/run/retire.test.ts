import { expect, test } from 'vitest'
import { systemClock } from '../../src/core/time.ts'
import type { Connection } from '../../src/model/database.ts'
import { approve } from '../../src/run/approve.ts'
import { down } from '../../src/run/down.ts'
import { heldText } from '../../src/run/held-text.ts'
import type { RunMigration } from '../../src/run/run-migration.ts'
import type { RunReport } from '../../src/run/up.ts'
import { up } from '../../src/run/up.ts'
import { fingerprint } from '../../src/verify/fingerprint.ts'
import { allRows, planExample } from '../recipes/plan-run.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import { downInput, history, refusalOf, upInput } from '../support/run.ts'

const day = 86_400_000

interface Retiring {
  readonly connection: Connection
  readonly migrations: readonly RunMigration[]
  /** What there is of schema and rows, as text. */
  readonly state: () => Promise<string>
  /** Runs `up` that many days from now. */
  readonly upAfter: (days: number) => Promise<RunReport>
}

/** A database in which the plan of a change is approved and waits to be applied. */
async function retiring(given: string, rows: string, change: string): Promise<Retiring> {
  const connection = await (await createDatabase()).connect()
  await connection.run(`${given}\n${rows}`)
  const planned = await planExample({ given, change }, serverMajor())
  const files = planned.migrations.map(({ source }) => [source.path, source.text] as const)
  const migrations = await history(Object.fromEntries(files))
  await up(upInput(connection, migrations, { phases: ['expand'] }))
  await approve({ connection, migrations, subject: planned.plan.change, by: 'Ada', clock: systemClock })
  return {
    connection,
    migrations,
    state: () => stateOf(connection),
    upAfter: (days) => {
      const clock = { ...systemClock, now: () => Date.now() + days * day }
      return up({ ...upInput(connection, migrations), clock })
    },
  }
}

/** Rows and schema as text; the journal's own are left out. */
async function stateOf(connection: Connection): Promise<string> {
  const rows = Object.entries(await allRows(connection)).filter(([table]) => !table.startsWith('migrate.'))
  return JSON.stringify([(await fingerprint(connection)).objects, rows])
}

const names = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name)

test('a retired table holds no other rows, comes back with its own, and waits for its purge', async () => {
  const { connection, migrations, state, upAfter } = await retiring(
    'create table authors (id int primary key); create table prizes (id serial primary key, author int references authors (id));',
    'insert into authors values (1), (2), (3); insert into prizes (author) values (1), (2);',
    'drop table prizes;',
  )
  const before = await state()
  const first = await upAfter(0)
  expect(names(first.applied)).toEqual(['prizes_retire'])
  expect(first.held.map((one) => heldText(one).replaceAll(/\d{4}-\S+Z/g, 'TIME'))).toEqual([
    'retention duration:30d is closed: kept since TIME; it is to be kept for 30 d, until TIME',
  ])
  await connection.run('delete from authors where id = 3')
  await connection.run('insert into authors values (3)')

  const back = await down(downInput(connection, migrations))
  expect(names(back.reverted)).toEqual(['prizes_retire'])
  expect(await state()).toBe(before)

  expect(names((await upAfter(0)).applied)).toEqual(['prizes_retire'])
  expect(names((await upAfter(29)).applied)).toEqual([])
  expect(names((await upAfter(31)).applied)).toEqual(['prizes_purge'])
  expect(await refusalOf(down(downInput(connection, migrations)))).toMatchObject({ code: 'downgrade-refused' })
})

test('a retired column takes no more writes, and comes back with its values and its index', async () => {
  const { connection, migrations, state, upAfter } = await retiring(
    'create table books (id int primary key, isbn text not null unique);',
    `insert into books values (1, 'a'), (2, 'b');`,
    'alter table books drop column isbn;',
  )
  await down(downInput(connection, migrations))
  const before = await state()
  await upAfter(0)
  await connection.run('insert into books values (3)')
  expect(await refusalOf(down(downInput(connection, migrations, { steps: 2 })))).toMatchObject({
    code: 'migration-failed',
  })
  await connection.run('delete from books where id = 3')
  await down(downInput(connection, migrations))
  expect(await state()).toBe(before)
})
