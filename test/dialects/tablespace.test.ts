import { beforeAll, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { replay } from '../../src/lint/replay.ts'
import { nameText } from '../../src/model/name.ts'
import { measure } from '../../src/verify/measure.ts'
import { history } from '../lint/history.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'

beforeAll(() => postgres.load())

const given = 'create table books (id int primary key, title text);'

test('SET TABLESPACE writes the table anew under ACCESS EXCLUSIVE', async () => {
  const database = await createDatabase()
  const connection = await database.connect()
  // A tablespace inside the data directory (a developer option of the server) needs no directory of its own.
  await connection.run('set allow_in_place_tablespaces = on')
  await connection.run(`create tablespace elsewhere location ''`)
  await connection.run(`${given} insert into books select n, 't' || n from generate_series(1, 300) n;`)
  const sql = 'alter table books set tablespace elsewhere'
  const { tables } = await measure(connection, sql)
  const measured = tables.map(({ table, lock, rewritten }) => ({ table, lock, rewrites: rewritten }))
  await connection.run('drop table books')
  await connection.run('drop tablespace elsewhere')

  const facts = postgres.parse(sql).statements.flatMap((statement) => statement.facts)
  const claims = facts.flatMap((fact) => postgres.effects(fact, replay(history(given)), serverMajor()))
  expect(claims.map(({ table, lock, rewrites }) => ({ table: nameText(table), lock, rewrites }))).toEqual(measured)
  expect(measured).toEqual([{ table: 'public.books', lock: 'ACCESS EXCLUSIVE', rewrites: true }])
})
