import { type TestContext, expect } from 'vitest'

/** What was wrong at each point, in words: it is counted for the end of the run, and nothing may be wrong at any of them. */
export function judge(task: TestContext['task'], points: readonly (readonly string[])[]): void {
  const wrong = points.filter((what) => what.length > 0)
  Object.assign(task.meta, { struck: { points: points.length, wrong: wrong.length } })
  expect(points.length).toBeGreaterThan(0)
  expect(wrong.flat()).toEqual([])
}
