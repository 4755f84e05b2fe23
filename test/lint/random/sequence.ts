import fc from 'fast-check'
import { drops, functions, moves, onTables, others, schemas, sequences, types, views } from './objects.ts'
import { alterTable, createTable, firstTables, indexes } from './tables.ts'
import { oneOf } from './words.ts'

const making = oneOf(
  [8, createTable],
  [2, views],
  [1, sequences],
  [3, types],
  [2, functions],
  [2, schemas],
  [2, indexes],
)

const statement = oneOf(
  [6, createTable],
  [10, alterTable],
  [4, indexes],
  [4, views],
  [2, sequences],
  [4, types],
  [3, functions],
  [4, onTables],
  [1, others],
  [2, schemas],
  [3, moves],
  [3, drops],
)

/** What is rolled back afterwards, as a file may say it. */
const takenBack: fc.Arbitrary<readonly string[]> = fc
  .array(statement, { minLength: 1, maxLength: 4 })
  .map((inside) => ['savepoint kept', ...inside, 'rollback to kept', 'release kept'])

const single: fc.Arbitrary<readonly string[]> = statement.map((text) => [text])

const beginning = [
  'create schema shop',
  'create schema "Shop"',
  `create function f(one text) returns text language sql immutable as 'select one'`,
  'create sequence s',
  `create type mood as enum ('sad')`,
  'create domain dom as text',
  `create function tf() returns trigger language plpgsql as 'begin return null; end'`,
]

/** Statements of one migration: first those that make something, for others to meet. */
export const migration: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.tuple(...firstTables),
    fc.array(making, { minLength: 2, maxLength: 10, size: 'max' }),
    fc.array(fc.oneof({ weight: 20, arbitrary: single }, { weight: 1, arbitrary: takenBack }), {
      minLength: 10,
      maxLength: 50,
      size: 'max',
    }),
  )
  .map(([tables, first, then]) => [...beginning, ...tables, ...first, ...then.flat()])
