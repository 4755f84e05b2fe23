import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compare } from '../../src/verify/compare.ts'
import type { Fingerprint } from '../../src/verify/fingerprint.ts'

const word = fc.constantFrom('a', 'b', 'c', 'd')
const aspects = fc.dictionary(word, fc.constantFrom('one', 'two', 'several\nlines', 'several\nothers'), { maxKeys: 3 })
const objects = fc.dictionary(
  word,
  fc.dictionary(fc.constantFrom('', 'column a', 'column b'), aspects, { minKeys: 1, maxKeys: 3 }),
  { maxKeys: 4 },
)

function of(found: Fingerprint['objects']): Fingerprint {
  return { version: 1, hash: '', objects: found, columnOrder: {}, unread: [] }
}

test('a schema has no difference to itself', () => {
  fc.assert(
    fc.property(objects, (found) => {
      expect(compare(of(found), of(structuredClone(found)))).toEqual([])
    }),
  )
})

test('two schemas without a difference are the same', () => {
  fc.assert(
    fc.property(objects, objects, (one, other) => {
      if (compare(of(one), of(other)).length === 0) expect(one).toEqual(other)
      else expect(one).not.toEqual(other)
    }),
  )
})

test('what is added one way is removed the other way', () => {
  const turned = { added: 'removed', removed: 'added', changed: 'changed' } as const
  fc.assert(
    fc.property(objects, objects, (one, other) => {
      const there = compare(of(one), of(other)).map(({ object, change }) => ({ object, change }))
      const back = compare(of(other), of(one)).map(({ object, change }) => ({ object, change: turned[change] }))
      expect(back).toEqual(there)
    }),
  )
})
