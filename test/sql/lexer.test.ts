import { array, assert, constantFrom, property } from 'fast-check'
import { expect, test } from 'vitest'
import { comments, isLeftOpen, lex } from '../../src/sql/lexer.ts'

/** Pieces that begin, end or resemble what hides a comment. */
const pieces = [
  ...'\'"$-/*&.+eEuUbBxXnN1_;é\\ \n\r',
  '--',
  '/*',
  '*/',
  "''",
  '$$',
  '$a$',
  "E'",
  "U&'",
  'U&"',
  '1e-',
  'word',
]

test('comments are those among the tokens, whatever stands around them', () => {
  assert(
    property(array(constantFrom(...pieces), { maxLength: 40 }), (parts) => {
      const text = parts.join('')
      expect(comments(text)).toEqual(lex(text).filter(({ kind }) => kind === 'comment'))
    }),
    { numRuns: 20_000 },
  )
})

test('a long run without a space is read once', () => {
  const text = `${'a+b.'.repeat(300_000)}-- end`
  expect(comments(text)).toEqual([{ kind: 'comment', start: 1_200_000, end: 1_200_006 }])
})

test.each([
  ["select 'a", true],
  ["select 'a'", false],
  ["select 'a''", true],
  ["select e'a\\'", true],
  ['select "a', true],
  ['select $$ a', true],
  ['select $x$ a $$', true],
  ['select $x$ a $x$', false],
  ['select 1 /* a', true],
  ['select 1 /* a */', false],
  ['select 1 -- a', false],
  ['select a', false],
  ['', false],
])('%s is left open: %s', (text, isOpen) => {
  expect(isLeftOpen(text)).toBe(isOpen)
})
