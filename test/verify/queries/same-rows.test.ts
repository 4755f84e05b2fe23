import { describe, expect, test } from 'vitest'
import { type Rows, sameRows, wavering } from '../../../src/verify/queries/same-rows.ts'

const rows = (...texts: readonly string[]): Rows => texts.map((text) => text.split(' '))

describe('two answers are the same', () => {
  test.each([
    ['in any order without ORDER BY', rows('1 a', '2 b'), rows('2 b', '1 a'), { ordered: false, limited: false }, true],
    ['not with another value', rows('1 a', '2 b'), rows('1 a', '2 c'), { ordered: false, limited: false }, false],
    ['not with another number of rows', rows('1 a'), rows('1 a', '1 a'), { ordered: false, limited: false }, false],
    [
      'not in another order of the keys',
      rows('1 a', '2 b'),
      rows('2 b', '1 a'),
      { ordered: true, limited: false, keys: [0] },
      false,
    ],
    [
      'where equal keys change places',
      rows('1 a', '1 b'),
      rows('1 b', '1 a'),
      { ordered: true, limited: false, keys: [0] },
      true,
    ],
    ['whatever a LIMIT without order leaves out', rows('1 a'), rows('2 b'), { ordered: false, limited: true }, true],
    [
      'whatever rows of the last key a LIMIT takes',
      rows('1 a', '2 b'),
      rows('1 a', '2 c'),
      { ordered: true, limited: true, keys: [0] },
      true,
    ],
    [
      'not with another row of an earlier key',
      rows('1 a', '2 b'),
      rows('1 x', '2 b'),
      { ordered: true, limited: true, keys: [0] },
      false,
    ],
  ])('%s', (_title, before, now, order, expected) => {
    expect(sameRows(before, now, order)).toBe(expected)
  })
})

test('columns that differ between two answers to one question are told', () => {
  expect(wavering(rows('1 a', '2 b'), rows('1 c', '2 b'))).toEqual(new Set([1]))
  expect(wavering(rows('1 a'), rows())).toBeUndefined()
})
