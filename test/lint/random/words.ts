import fc from 'fast-check'
import type { PlaceKind } from './places.ts'

/** SQL with random parts. */
export type Sql = fc.Arbitrary<string>

/** A template whose parts are random. */
export function sql(texts: TemplateStringsArray, ...parts: readonly Sql[]): Sql {
  return fc.tuple(...parts).map((values) => String.raw({ raw: [...texts] }, ...values))
}

export const one = (...words: readonly string[]): Sql => fc.constantFrom(...words)

/** One of several, each as often as its weight says. */
export function oneOf(...choices: readonly (readonly [weight: number, choice: Sql])[]): Sql {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })))
}

/** Nothing, or one of these. */
export const maybe = (...words: readonly string[]): Sql => fc.constantFrom('', '', ...words)

export function list(choice: Sql, maxLength: number, minLength = 1): Sql {
  return fc.array(choice, { minLength, maxLength }).map((many) => many.join(', '))
}

export function different(choice: Sql, maxLength: number): Sql {
  return fc.uniqueArray(choice, { minLength: 1, maxLength }).map((many) => many.join(', '))
}

// Few names, so that statements meet: most of what one names, another has made.
/**
 * A name of something that is there when the statement runs, see `filled`; which of them, is random. A column,
 * constraint, trigger, policy or rule is one of the table that the statement names before it.
 */
export function present(kind: PlaceKind): Sql {
  return fc.nat(9999).map((which) => `{${kind} ${which}}`)
}

export const schema = one('shop', 'shop', '"Shop"', 'public')

function named(...names: readonly string[]): Sql {
  return oneOf([6, one(...names)], [1, sql`${schema}.${one(...names)}`])
}

export const bareRelation = one('t', 'u', '"b c"', 'p')
export const relation = named('t', 'u', 't', 'u', '"b c"', 'p')
/** Names of partitioned tables and their partitions, as a rule. */
export const partitioned = named('p', 'p', 'p1', 'p2', '"P3"')
export const anyTable = oneOf([1, relation], [1, partitioned], [8, present('table')])
export const parent = oneOf([1, partitioned], [3, present('partitioned')])
export const bareView = one('v', '"V"')
export const view = named('v', 'v', '"V"')
export const anyView = oneOf([1, view], [4, present('view')])
/** What can be read. */
export const source = oneOf([4, anyTable], [1, anyView])
/** One has the name of a table. */
export const newColumn = oneOf([9, one('a', 'b', 'c', 'd', '"A"')], [1, one('t')])
export const column = oneOf([1, newColumn], [4, present('column')])
export const index = one('i', '"I"')
export const anyIndex = oneOf([1, index], [6, present('index')])
export const constraintName = one('k', '"K"')
export const anyConstraint = oneOf([1, constraintName], [6, present('constraint')])
export const bareType = one('mood', 'dom', '"Mood"')
export const userType = named('mood', 'dom', '"Mood"')
export const anyType = oneOf([1, userType], [4, present('type')])
export const sequence = named('s', '"S"')
export const anySequence = oneOf([1, sequence], [4, present('sequence')])
/** With the types of its arguments. */
export const anyFunction = oneOf([1, one('f(text)', 'g', 'f', 'f()', 'f(int)')], [4, present('function')])
export const function_ = named('f', 'f', 'g')
export const triggerFunction = named('tf', 'tf', 'tf', '"TF"')
export const trigger = one('x', '"X"')
export const anyTrigger = oneOf([1, trigger], [4, present('trigger')])
export const anyPolicy = oneOf([1, trigger], [4, present('policy')])
export const anyRule = oneOf([1, trigger], [4, present('rule')])

export const cascade = oneOf([2, one(' cascade')], [1, one('', ' restrict')])
export const ifExists = maybe('if exists ')

export const type = oneOf(
  [
    6,
    one(
      'int',
      'bigint',
      'text',
      'varchar(10)',
      'numeric(8,2)',
      'date',
      'timestamptz',
      'int[]',
      'uuid',
      'jsonb',
      'boolean',
      'char(3)',
      'double precision',
      'int4range',
    ),
  ],
  [6, one('int', 'text')],
  [2, present('type')],
  [1, one('mood', 'mood[]', 'dom', 'dom[]')],
)

/** Expressions that most types allow. */
export const condition = oneOf(
  [3, sql`${column} is not null`],
  [2, sql`(${column} is distinct from ${column})`],
  [2, sql`length(${column}::text) > 0`],
  [2, sql`${function_}(${column}::text) <> 'x'`],
  [1, sql`(${column} is null or ${column} is not null)`],
)
export const value = oneOf(
  [4, one('null', '7', "'sad'", 'now()')],
  [2, sql`${function_}('x')`],
  [1, one(`nextval('s')`)],
  [1, sql`nextval('${present('sequence')}')`],
)
export const expression = oneOf(
  [2, sql`(${column}::text || ${column}::text)`],
  [2, sql`(${function_}(${column}::text))`],
  [1, sql`length(${column}::text)`],
  [1, sql`coalesce(${column}, ${column})`],
)
