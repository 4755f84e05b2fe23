import { beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../../src/dialects/postgres/postgres.ts'
import type { Expression } from '../../../src/model/type.ts'

beforeAll(() => postgres.load())

function defaultOf(sql: string): Expression | undefined {
  const [statement] = postgres.parse(`alter table t alter a set default ${sql}`).statements
  const [fact] = statement?.facts ?? []
  return fact?.kind === 'set-default' ? fact.default : undefined
}

test('everything that is said about an expression', () => {
  expect(defaultOf('(coalesce(t.a, lower(b)) || a) /* x */')).toEqual({
    sql: '(coalesce(t.a, lower(b)) || a)',
    volatility: 'constant',
    isNull: false,
    columns: ['a', 'b'],
    functions: ['lower'],
    provesNotNull: [],
  })
})

describe('volatility', () => {
  test.each([
    ['1', 'constant'],
    ["-1 + 2 * length('x')", 'constant'],
    ["'{}'::jsonb", 'constant'],
    ["case when true then upper('x') else md5('y') end", 'constant'],
    ['now()', 'stable'],
    ['current_date', 'stable'],
    ['current_user', 'stable'],
    ["current_setting('x.y')", 'stable'],
    ["now() at time zone 'utc'", 'stable'],
    ['statement_timestamp()', 'stable'],
    ["jsonb_build_object('a', 1)", 'stable'],
    ['pg_catalog.now()', 'stable'],
    ['random()', 'volatile'],
    ['gen_random_uuid()', 'volatile'],
    ['uuidv4()', 'volatile'],
    ['uuidv7()', 'volatile'],
    ['clock_timestamp()', 'volatile'],
    ['timeofday()', 'volatile'],
    ["nextval('s')", 'volatile'],
    ['coalesce(null, now(), random())', 'volatile'],
    ['my_function()', 'unknown'],
    ['app.now()', 'unknown'],
    ['uuid_generate_v4()', 'unknown'],
    ['my_function() + random()', 'volatile'],
    ['(select 1)', 'unknown'],
  ])('%s is %s', (sql, expected) => {
    expect(defaultOf(sql)?.volatility).toBe(expected)
  })
})

describe('NULL', () => {
  test.each([
    ['null', true],
    ['null::text', true],
    ["'null'", false],
    ['coalesce(null)', false],
  ])('%s: %s', (sql, expected) => {
    expect(defaultOf(sql)?.isNull).toBe(expected)
  })
})

describe('columns that a condition proves not to be NULL', () => {
  test.each([
    ['a is not null', ['a']],
    ['t.a is not null and (b is not null and c > 0)', ['a', 'b']],
    ['not (a is null)', ['a']],
    ['not (a is null or b is null)', ['a', 'b']],
    ['a is not null or b is not null', []],
    ['a is null', []],
    ['not (a is null and b is null)', []],
    ['a > 0', []],
    ['coalesce(a, b) is not null', []],
  ])('%s', (condition, expected) => {
    const [statement] = postgres.parse(`alter table t add check (${condition})`).statements
    const [fact] = statement?.facts ?? []
    const constraint = fact?.kind === 'add-constraint' ? fact.constraint : undefined
    expect(constraint?.type === 'check' ? constraint.expression.provesNotNull : undefined).toEqual(expected)
  })
})

describe('types have their SQL names', () => {
  test.each([
    ['int4', 'integer', []],
    ['int', 'integer', []],
    ['int8', 'bigint', []],
    ['smallint', 'smallint', []],
    ['float', 'double precision', []],
    ['float4', 'real', []],
    ['bool', 'boolean', []],
    ['decimal(5, -2)', 'numeric', [5, -2]],
    ['varchar(10)', 'character varying', [10]],
    ['char', 'character', [1]],
    ['text', 'text', []],
    ['timestamptz(3)', 'timestamp with time zone', [3]],
    ['timestamp', 'timestamp without time zone', []],
    ['time with time zone', 'time with time zone', []],
    ['interval day to second(3)', 'interval', [3]],
    ['serial8', 'bigserial', []],
    ['geometry(Point, 4326)', 'geometry', [4326]],
  ])('%s', (written, name, modifiers) => {
    const [statement] = postgres.parse(`alter table t alter a type ${written}`).statements
    const [fact] = statement?.facts ?? []
    const type = fact?.kind === 'set-column-type' ? fact.type : undefined
    expect([type?.name, type?.modifiers]).toEqual([name, modifiers])
  })

  test('and their SQL can be written back', () => {
    const types = [
      'numeric(10, 2)',
      'timestamp(3) with time zone',
      'varchar(10)[]',
      'app."My Type"',
      '"char"',
      'interval day to second(3)',
    ]
    const written = types.map((type) => {
      const [fact] = postgres.parse(`alter table t alter a type ${type}`).statements[0]?.facts ?? []
      return fact?.kind === 'set-column-type' ? fact.type.sql : undefined
    })
    expect(written).toEqual([
      'numeric(10,2)',
      'timestamp(3) with time zone',
      'character varying(10)[]',
      'app."My Type"',
      '"char"',
      'interval day to second(3)',
    ])
  })
})
