import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import type { Connection } from '../../src/model/database.ts'
import { createDatabase } from '../support/postgres.ts'
import { differences, play } from './random/play.ts'
import { migration } from './random/sequence.ts'
import { fewest } from './random/shrink.ts'

beforeAll(() => postgres.load())

/**
 * The same sequences every time, so that a change of the program is what makes it fail; FUZZ_RUNS=10000 looks for new
 * ones, and FUZZ_SEED=7 with it says which.
 */
const { FUZZ_RUNS: more, FUZZ_SEED: own } = process.env
const seed = own === undefined ? (more === undefined ? 20_261_126 : Date.now()) : Number(own)
const numRuns = more === undefined ? 40 : Number(more)

/** Where a sequence leaves the server and the model with another schema; nothing where the model says that it cannot know. */
async function faults(connection: Connection, statements: readonly string[]): Promise<readonly string[]> {
  const { server, model, complete } = await play(connection, statements)
  return complete ? differences(server, model) : []
}

test(
  'the model has what the server has, whatever the statements are',
  { timeout: 60_000 + numRuns * 1000 },
  async () => {
    const connection = await (await createDatabase()).connect()
    let followed = 0
    for (const [run, statements] of fc.sample(migration, { seed, numRuns }).entries()) {
      const { taken, server, model, complete } = await play(connection, statements)
      followed += taken.length
      if (!complete || differences(server, model).length === 0) continue
      const few = await fewest(taken, async (fewer) => (await faults(connection, fewer)).length > 0)
      expect.soft(await faults(connection, few), `seed ${seed}, run ${run}: ${few.join('; ')}`).toEqual([])
    }
    expect(followed).toBeGreaterThan(numRuns * 10)
  },
)
