import { expect, test } from 'vitest'
import { remembered } from '../../src/core/remembered.ts'

test('what is made of an object is made once, whatever it is, and for each object anew', () => {
  const asked: object[] = []
  const indexOf = remembered((key: { readonly index: number | undefined }) => {
    asked.push(key)
    return key.index
  })
  const [one, none] = [{ index: 1 }, { index: undefined }]
  expect([indexOf(one), indexOf(none), indexOf(one), indexOf(none)]).toEqual([1, undefined, 1, undefined])
  expect(asked).toEqual([one, none])
  expect(indexOf({ index: 1 })).toBe(1)
  expect(asked).toHaveLength(3)
})
