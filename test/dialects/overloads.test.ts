import { expect, test } from 'vitest'
import { createDatabase } from '../support/postgres.ts'

/** What function-overload and enum-value-used-in-transaction take for granted, asked of a server. */
const refusals = [
  {
    why: 'an argument with a default beside a function without it',
    given: `create function f(a int) returns int language sql as 'select 1';
create function f(a int, b int default 1) returns int language sql as 'select 2';`,
    sql: 'select f(1)',
    sqlState: '42725',
  },
  {
    why: 'two functions with defaults',
    given: `create function f(a int, b int default 1) returns int language sql as 'select 1';
create function f(a int, b text default '') returns int language sql as 'select 2';`,
    sql: 'select f(1)',
    sqlState: '42725',
  },
  {
    why: 'a cast to a new value of an enum',
    given: `create type mood as enum ('sad');`,
    sql: `begin; alter type mood add value 'calm'; select 'calm'::mood;`,
    sqlState: '55P04',
  },
]

test.each(refusals)('$why', async ({ given, sql, sqlState }) => {
  const database = await createDatabase()
  const connection = await database.connect()
  await connection.run(given)
  await expect(connection.run(sql)).rejects.toMatchObject({ sqlState })
})

test('what is a function and does not take the same number of arguments is called as before', async () => {
  const database = await createDatabase()
  const connection = await database.connect()
  await connection.run(`create function f(a int) returns int language sql as 'select 1';
create function f(a int, b int) returns int language sql as 'select 2';`)
  await expect(connection.run('select f(1)')).resolves.toBeUndefined()
})
