import { expect, test } from 'vitest'
import { withLazy } from '../../src/core/lazy.ts'

test('values are made when they are asked for, once, and a copy of a copy makes none', () => {
  const made: string[] = []
  const make = (name: string) => (): string => {
    made.push(name)
    return `the ${name}`
  }
  const one = withLazy({ id: 1 }, { size: make('size') })
  const two = withLazy(one, { colour: make('colour') })
  expect(made).toEqual([])
  expect([two.id, two.size, two.size, two.colour]).toEqual([1, 'the size', 'the size', 'the colour'])
  expect(made).toEqual(['size', 'colour'])
  expect({ ...two }).toEqual({ id: 1, size: 'the size', colour: 'the colour' })
})
