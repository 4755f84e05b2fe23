import type { Connection } from '../../src/model/database.ts'
import { eventually } from '../support/child-run.ts'
import type { CliResult, CliRun } from '../support/cli.ts'
import { type SentMessage, wireProxy } from '../support/wire-proxy.ts'
import type { Kind, Reach } from './kinds.ts'
import { type Place, type Prepared, again, start, withSession } from './prepared.ts'
import { contradictions, stateOf } from './state.ts'

/** Does harm at one message, looks, runs the command again, looks again. Gives what is wrong, in words; empty when nothing is. */
export async function disturb(prepared: Prepared, kind: Kind, point: SentMessage): Promise<readonly string[]> {
  const { url, drop } = await prepared.copy()
  const reach: { now?: Reach } = {}
  const fault = kind.fault(() => {
    if (reach.now === undefined) throw new Error('The runner sent something before it was started.')
    return reach.now
  })
  const at = ({ session, index }: SentMessage): boolean => session === point.session && index === point.index
  const proxy = await wireProxy(url, { ...fault, at })
  const runner = start(prepared, proxy)
  reach.now = reachOf(runner, prepared.place)
  const result = await runner.ended
  await proxy.close()
  const found = [
    ...(proxy.struck ? [] : ['the message was never sent']),
    ...complaints(result, kind.exits),
    ...(await afterwards(prepared, url, result)),
  ]
  await drop()
  return found.map((what) => `${prepared.scenario.name}, ${kind.name} at ${pointText(point)}: ${what}`)
}

/** What is wrong with how a command ended and with its words. */
export function complaints({ code, stderr }: CliResult, exits: Kind['exits']): readonly string[] {
  const speaks = code === 0 || code === null || /^error [a-z-]+$/m.test(stderr)
  return [
    ...(exits.includes(code) ? [] : [`it ended with ${code}: ${stderr}`]),
    ...(speaks ? [] : [`it does not say what is wrong: ${stderr}`]),
  ]
}

/** Looks at what the harm left, runs the command again, and looks again. A run that says it is done must be. */
export async function afterwards(
  { scenario, migrations, undisturbed }: Prepared,
  url: string,
  { code }: CliResult,
): Promise<readonly string[]> {
  return withSession(url, async (session) => {
    await alone(session)
    const at = (when: string) => (what: string) => `${when}: ${what}`
    const claimed = code === 0 ? differences(undisturbed, await stateOf(session)) : []
    const before = [...claimed, ...(await contradictions(session, scenario))].map(at('after the harm'))
    try {
      await again(session, migrations, scenario)
    } catch (error) {
      return [...before, `running it again fails: ${String(error)}`]
    }
    const after = (await contradictions(session, scenario)).map(at('after the next run'))
    return [...before, ...after, ...differences(undisturbed, await stateOf(session))]
  })
}

/** Waits until no run is at work on the server: of those that are gone the server notices it. */
export async function alone(session: Connection): Promise<void> {
  await eventually(
    async () => (await session.query(runs)).rows.length,
    (count) => count === 0,
  )
}

const runs = `
  select pid from pg_stat_activity
   where datname = current_database() and backend_type = 'client backend' and application_name like 'migrate%'
     and pid <> pg_backend_pid()`

function differences(wanted: object, found: object): readonly string[] {
  const is = new Map<string, unknown>(Object.entries(found))
  return Object.entries(wanted).flatMap(([part, value]) => {
    const [one, other] = [JSON.stringify(value), JSON.stringify(is.get(part))]
    return one === other ? [] : [`${part} is ${other} and not ${one}`]
  })
}

export function reachOf(runner: CliRun, { adminUrl, restartServer }: Place): Reach {
  const terminate = (backend: number): Promise<void> =>
    withSession(adminUrl, async (admin) => {
      await admin.query('select pg_terminate_backend($1, 10000)', [backend])
    })
  return { runner, terminate, restartServer }
}

function pointText({ index, type, sql }: SentMessage): string {
  return `message ${index} (${type} ${sql?.replaceAll(/\s+/g, ' ').slice(0, 60) ?? ''})`
}
