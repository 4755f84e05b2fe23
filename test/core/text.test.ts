import { expect, test } from 'vitest'
import { hanging } from '../../src/core/text.ts'

test('what hangs on a word begins below it, in lines that are short enough', () => {
  expect(hanging('held  ', 'one two three four', 14)).toBe('held  one two\n      three\n      four')
  expect(hanging('held  ', 'one', 14)).toBe('held  one')
})
