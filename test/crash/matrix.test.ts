import { type TestContext, describe, expect, test } from 'vitest'
import { restartableServer } from '../support/own-server.ts'
import { adminUrl } from '../support/postgres.ts'
import { type Place, disturb, messagesOf } from './disturb.ts'
import {
  type Kind,
  answerLost,
  cut,
  everyMessage,
  killed,
  killedBetween,
  pointsOf,
  serverStopped,
  terminated,
  toldToEnd,
} from './kinds.ts'
import { prepare } from './prepared.ts'
import { type Scenario, alone, batches, downAlone, downInTransaction, emptyDatabase, transaction } from './scenario.ts'

const scenarios = [emptyDatabase, transaction, alone, batches, downInTransaction, downAlone]

describe.each([cut, answerLost, killed, terminated, toldToEnd])('$name', (kind) => {
  test.for(scenarios)('$name', async (scenario, { task }) => {
    await strike(task, scenario, kind, Array.from({ length: 4 }, shared))
  })
})

describe.each([everyMessage(cut), everyMessage(killedBetween)])('$name', (kind) => {
  test.for([transaction])('$name', async (scenario, { task }) => {
    await strike(task, scenario, kind, Array.from({ length: 4 }, shared))
  })
})

describe.each([serverStopped])('$name', (kind) => {
  test.for(scenarios)('$name', async (scenario, { task }) => {
    await strike(task, scenario, kind, await Promise.all([restartable(), restartable()]))
  })
})

/** At every point of the scenario, at several places at once. */
async function strike(
  task: TestContext['task'],
  scenario: Scenario,
  kind: Kind,
  places: readonly Place[],
): Promise<void> {
  const prepared = await Promise.all(places.map(async (place) => ({ place, start: await prepare(place, scenario) })))
  const [first] = prepared
  const points = first === undefined ? [] : [...pointsOf(kind, await messagesOf(first.start))]
  const count = points.length
  const wrong: string[] = []
  const work = async ({ place, start }: (typeof prepared)[number]): Promise<void> => {
    for (let point = points.shift(); point !== undefined; point = points.shift())
      wrong.push(...(await disturb(start, kind, point, place)))
  }
  await Promise.all(prepared.map(work))
  Object.assign(task.meta, { struck: { points: count, wrong: wrong.length } })
  expect(wrong).toEqual([])
}

function shared(): Place {
  return { adminUrl: adminUrl(), restartServer: () => Promise.reject(new Error('Other tests are on this server.')) }
}

async function restartable(): Promise<Place> {
  const server = await restartableServer()
  return { adminUrl: server.url(), restartServer: server.restart }
}
