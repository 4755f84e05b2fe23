import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { snapshotCatalogue } from '../../src/lint/live.ts'
import { replayMigration } from '../../src/lint/replay.ts'
import type { Catalogue } from '../../src/lint/schema/catalogue.ts'
import type { Connection } from '../../src/model/database.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import { migration as parsed } from './history.ts'
import { bothOf, differences, play } from './random/play.ts'
import { migration } from './random/sequence.ts'
import { fewest } from './random/shrink.ts'
import { snapshotOf } from './snapshot-of.ts'

beforeAll(() => postgres.load())

/** As in `random-ddl.test.ts`. */
const { FUZZ_RUNS: more, FUZZ_SEED: own } = process.env
const seed = own === undefined ? (more === undefined ? 20_261_126 : Date.now()) : Number(own)
const numRuns = more === undefined ? 10 : Number(more)

/** Stands where the database is read. */
const look = '-- look'

/** What does not outlive the session is in no snapshot. */
const ofSession = /^(savepoint|rollback|release) |\btemp\b|search_path/

async function differing(connection: Connection, catalogue: Catalogue): Promise<readonly string[]> {
  const { server, model, complete } = await bothOf(connection, catalogue, false)
  return complete ? differences(server, model) : []
}

/** Where what was read at `look` differs from the server, there and after the rest. */
async function faults(statements: readonly string[]): Promise<readonly string[]> {
  const at = statements.indexOf(look)
  if (at === -1) return []
  const [before, after] = [statements.slice(0, at), statements.slice(at + 1)].map((part) => part.join(';\n'))
  const database = await createDatabase()
  try {
    const connection = await database.connect()
    await connection.run(`begin; ${before}; commit`)
    const catalogue = snapshotCatalogue((await snapshotOf(connection)).statements, postgres, serverMajor())
    const here = (await differing(connection, catalogue)).map((line) => `read: ${line}`)
    await connection.run(`begin; ${after}; commit`)
    replayMigration(catalogue, parsed(`${after};`))
    return [...here, ...(await differing(connection, catalogue)).map((line) => `after: ${line}`)]
  } finally {
    await database.drop()
  }
}

test(
  'what is read of a database is what it has, whatever made it, and goes on as it does',
  async () => {
    const connection = await (await createDatabase()).connect()
    let followed = 0
    for (const [run, statements] of fc.sample(migration, { seed, numRuns }).entries()) {
      const { taken } = await play(
        connection,
        statements.filter((statement) => !ofSession.test(statement)),
      )
      followed += taken.length
      const whole = taken.toSpliced(Math.floor(taken.length / 2), 0, look)
      if ((await faults(whole)).length === 0) continue
      const few = await fewest(whole, async (fewer) => (await faults(fewer).catch(() => [])).length > 0)
      expect.soft(await faults(few), `seed ${seed}, run ${run}: ${few.join('; ')}`).toEqual([])
    }
    expect(followed).toBeGreaterThan(numRuns * 10)
  },
  60_000 + numRuns * 5000,
)
