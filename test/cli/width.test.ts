import { expect, test } from 'vitest'
import { widthOf } from '../../src/cli/terminal.ts'
import { hanging, wrap } from '../../src/core/text.ts'

test('a terminal that does not know its size is as wide as one that is none', () => {
  expect([widthOf({}), widthOf({ columns: 0 }), widthOf({ columns: 120 })]).toEqual([80, 80, 120])
})

test('what is indented stays so where it is broken', () => {
  expect(wrap('one\n  two three four', 11)).toBe('one\n  two three\n  four')
  expect(wrap('one two three', 7)).toBe('one two\nthree')
})

test('what hangs on a word begins below it, in lines that are short enough', () => {
  expect(hanging('held  ', 'one two three four', 14)).toBe('held  one two\n      three\n      four')
  expect(hanging('held  ', 'one', 14)).toBe('held  one')
})
