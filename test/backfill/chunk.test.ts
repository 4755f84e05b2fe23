import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ChunkPolicy,
  type ChunkResult,
  defaultChunkPolicy,
  firstChunk,
  nextChunk,
} from '../../src/backfill/chunk.ts'

const policies: fc.Arbitrary<ChunkPolicy> = fc
  .record({
    leastRows: fc.integer({ min: 1, max: 1000 }),
    more: fc.integer({ min: 0, max: 100_000 }),
    firstRows: fc.integer({ min: 1, max: 100_000 }),
    targetMs: fc.integer({ min: 1, max: 10_000 }),
  })
  .map(({ more, ...policy }) => ({ ...policy, mostRows: policy.leastRows + more }))
const results: fc.Arbitrary<ChunkResult> = fc.record({
  rows: fc.integer({ min: 0, max: 100_000 }),
  durationMs: fc.double({ min: 0, max: 1e7, noNaN: true }),
  outcome: fc.constantFrom('done' as const, 'no-lock' as const),
})

test('a batch is a whole number within its limits, never grows by more than half, and shrinks when it is slow', () => {
  fc.assert(
    fc.property(policies, fc.integer({ min: 1, max: 200_000 }), results, (policy, asked, result) => {
      const size = firstChunk(asked, policy)
      const next = nextChunk(size, result, policy)
      expect(Number.isInteger(next)).toBe(true)
      expect(next).toBeGreaterThanOrEqual(policy.leastRows)
      expect(next).toBeLessThanOrEqual(policy.mostRows)
      expect(next).toBeLessThanOrEqual(Math.ceil(size * 1.5))
      if (result.outcome === 'no-lock' || result.durationMs > policy.targetMs) expect(next).toBeLessThanOrEqual(size)
    }),
  )
})

test('comes to the size that meets the target, whatever the pace', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 50, max: 50_000 }), (rowsPerMs, first) => {
      let size = first
      for (let batch = 0; batch < 30; batch += 1)
        size = nextChunk(size, { rows: size, durationMs: size / rowsPerMs, outcome: 'done' }, defaultChunkPolicy)
      const wanted = Math.min(Math.max(rowsPerMs * defaultChunkPolicy.targetMs, 50), 50_000)
      expect(Math.abs(size - wanted)).toBeLessThanOrEqual(1)
    }),
  )
})
