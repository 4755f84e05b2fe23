import { restartableServer } from '../support/own-server.ts'
import { adminUrl } from '../support/postgres.ts'
import { disturb } from './disturb.ts'
import { type Kind, pointsOf } from './kinds.ts'
import { type Place, type Prepared, prepare } from './prepared.ts'
import type { Scenario } from './scenario.ts'

/** A name in the place of `%s` is written out, however long it is. */
export function named<T extends { readonly name: string }>(all: readonly T[]): readonly (readonly [string, T])[] {
  return all.map((one) => [one.name, one] as const)
}

/** At every point of the scenario, at several places at once. Gives what is wrong at each. */
export async function strike(
  scenario: Scenario,
  kind: Kind,
  places: readonly Place[],
): Promise<readonly (readonly string[])[]> {
  const prepared = await Promise.all(places.map((place) => prepare(place, scenario)))
  const points = [...pointsOf(kind, prepared[0]?.messages ?? [])]
  const found: (readonly string[])[] = []
  const work = async (start: Prepared): Promise<void> => {
    for (let point = points.shift(); point !== undefined; point = points.shift())
      found.push(await disturb(start, kind, point))
  }
  await Promise.all(prepared.flatMap((start) => Array.from({ length: start.place.atOnce }, () => work(start))))
  return found
}

/** The server of all tests, on which only sessions come to harm. */
export function shared(): Place {
  const restartServer = (): Promise<never> => Promise.reject(new Error('Other tests are on this server.'))
  return { adminUrl: adminUrl(), restartServer, atOnce: 4 }
}

export async function restartable(): Promise<Place> {
  const server = await restartableServer()
  return { adminUrl: server.url(), restartServer: server.restart, atOnce: 1 }
}
