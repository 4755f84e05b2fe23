import { beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { lint } from '../../src/lint/lint.ts'
import { dropCascade } from '../../src/rules/schemas/drop-cascade.ts'
import { history } from './history.ts'

beforeAll(() => postgres.load())

const given = `create function twice(n int) returns int language sql immutable as 'select n * 2';
create table numbers (n int default twice(2), m int, k int generated always as (twice(2)) stored);
create index by_twice on numbers (twice(n));
create view doubled as select twice(n) as n from numbers;
create view twofold as select n from doubled;
create operator @@@ (function = twice, rightarg = int);
create function steps(state int, value int) returns int language sql immutable as 'select state';
create aggregate total (int) (sfunc = steps, stype = int);
create view totals as select total(m) from numbers;
create foreign data wrapper wire; create server far foreign data wrapper wire; create user mapping for public server far;
create foreign table away (id int) server far;`

describe('CASCADE drops what the history shows, through any number of steps', () => {
  test.each([
    [
      'drop function twice(int) cascade',
      'CASCADE drops generated column k of numbers, default n of numbers, index by_twice of numbers, view doubled, view twofold and operator @@@(none, integer) with the function twice, and whatever else depends on it in the database.',
    ],
    [
      'drop function steps(int, int) cascade',
      'CASCADE drops view totals and aggregate total(integer) with the function steps, and whatever else depends on it in the database.',
    ],
    [
      'drop foreign data wrapper wire cascade',
      'CASCADE drops table away, foreign server far and user mapping "public on far" with the foreign data wrapper wire, and whatever else depends on it in the database.',
    ],
    ['drop view doubled cascade', 'CASCADE drops view twofold with the view doubled.'],
  ])('%s', (sql, message) => {
    const report = lint({ history: history(given, `${sql};`), rules: [dropCascade], dialect: postgres, target: 18 })
    expect(report.findings.filter(({ rule }) => rule === 'drop-cascade').map((one) => one.message)).toEqual([message])
  })

  test('and an operator is written as it is, without quotes', () => {
    const report = lint({
      history: history(`create schema "Shop"; ${given}`, 'drop operator "Shop".@@@ (none, int) cascade;'),
      rules: [dropCascade],
      dialect: postgres,
      target: 18,
    })
    expect(report.findings.map(({ instead }) => instead)).toEqual([
      '-- drop what depends on it by name, in a contract migration, then:\ndrop operator "Shop".@@@(none, integer);',
    ])
  })

  test('and the schema is as before once that was asked', () => {
    const asked = `drop function twice(int) cascade; drop view doubled cascade;`
    const report = lint({ history: history(given, asked), rules: [dropCascade], dialect: postgres, target: 18 })
    expect(report.findings.filter(({ rule }) => rule === 'drop-cascade')).toHaveLength(2)
  })
})
