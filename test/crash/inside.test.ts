import { describe, test } from 'vitest'
import { connect as open } from '../../src/db/connect.ts'
import type { Connection } from '../../src/model/database.ts'
import { restartableServer } from '../support/own-server.ts'
import { type WireProxy, wireProxy } from '../support/wire-proxy.ts'
import { afterwards, alone, complaints, reachOf } from './disturb.ts'
import { type Inside, insides } from './inside-cases.ts'
import { judge } from './judge.ts'
import { type Reach, lostExits } from './kinds.ts'
import { type Place, type Prepared, prepare, start } from './prepared.ts'

interface Harm {
  readonly name: string
  readonly exits: readonly (number | null)[]
  do(reach: Reach, proxy: WireProxy, backend: number): Promise<void> | void
}

const harms: readonly Harm[] = [
  { name: 'kill -9', exits: [null], do: ({ runner }) => runner.signal('SIGKILL') },
  { name: 'SIGTERM', exits: [143], do: ({ runner }) => runner.signal('SIGTERM') },
  { name: 'the connection is cut', exits: lostExits, do: (_, proxy) => proxy.cut() },
  { name: 'pg_terminate_backend', exits: lostExits, do: ({ terminate }, _, backend) => terminate(backend) },
  { name: 'immediate stop of the server', exits: lostExits, do: ({ restartServer }) => restartServer() },
]

describe('P4: harm inside of', () => {
  test.for(insides.map((inside) => [inside.scenario.name, inside] as const))('%s', async ([, inside], { task }) => {
    const server = await restartableServer()
    const place: Place = { adminUrl: server.url(), restartServer: server.restart, atOnce: 1 }
    const prepared = await prepare(place, inside.scenario)
    const found: (readonly string[])[] = []
    for (const harm of harms) found.push(await doHarm(prepared, inside, harm))
    judge(task, found)
  })
})

async function doHarm(prepared: Prepared, inside: Inside, harm: Harm): Promise<readonly string[]> {
  const { url, drop } = await prepared.copy()
  const [watcher, first, second] = [await connect(url), await connect(url), await connect(url)]
  const proxy = await wireProxy(url)
  await inside.hold(first)
  const runner = start(prepared, proxy)
  await inside.arrive(watcher, { first, second })
  await harm.do(reachOf(runner, prepared.place), proxy, await busy(watcher))
  const result = await runner.ended
  await proxy.close()
  // Whoever was in the way still is: nothing of the run may work on until he is gone.
  if (!stopsServer(harm)) await alone(watcher)
  for (const session of [watcher, first, second]) await session.close()
  const found = [...complaints(result, harm.exits), ...(await afterwards(prepared, url, result))]
  await drop()
  return found.map((what) => `${prepared.scenario.name}, ${harm.name}: ${what}`)
}

const stopsServer = ({ name }: Harm): boolean => name === 'immediate stop of the server'

/** Sessions of the test, which are told apart from those of the run by their name. */
const connect = (url: string): Promise<Connection> => open(url, { applicationName: 'test' })

/** The server process that is inside of the statement. */
async function busy(watcher: Connection): Promise<number> {
  const { rows } = await watcher.query<{ pid: number }>(
    `select pid from pg_stat_activity
      where datname = current_database() and application_name like 'migrate%' and state = 'active'`,
  )
  return rows[0]?.pid ?? 0
}
