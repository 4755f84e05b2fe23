import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import type { Connection } from '../../src/model/database.ts'
import { down } from '../../src/run/down.ts'
import type { RunMigration } from '../../src/run/run-migration.ts'
import { up } from '../../src/run/up.ts'
import { type CliRun, directory, startMigrate } from '../support/cli.ts'
import { downInput, history, upInput } from '../support/run.ts'
import { type SentMessage, type WireProxy, wireProxy } from '../support/wire-proxy.ts'
import type { Scenario } from './scenario.ts'
import { type State, stateOf } from './state.ts'

/** The server on which it happens. */
export interface Place {
  readonly adminUrl: string
  readonly restartServer: () => Promise<void>
  /** At how many points of a scenario harm is done there at the same time. */
  readonly atOnce: number
}

/** A scenario at one place, where databases are copied from its beginning. */
export interface Prepared {
  readonly scenario: Scenario
  readonly place: Place
  readonly migrations: readonly RunMigration[]
  /** Holds its files. */
  readonly cwd: string
  /** What the command sends when nothing disturbs it. */
  readonly messages: readonly SentMessage[]
  /** What it leaves then. */
  readonly undisturbed: State
  /** A database in the state before the command. */
  copy(): Promise<Copy>
}

export interface Copy {
  readonly url: string
  drop(): Promise<void>
}

/** Makes the database that the scenario begins with, and runs its command once without any harm. */
export async function prepare(place: Place, scenario: Scenario): Promise<Prepared> {
  const template = await createDatabase(place.adminUrl, 'template0')
  onTestFinished(template.drop)
  const migrations = await history(scenario.files)
  await withSession(template.url, (session) => begin(session, migrations, scenario))
  const files = Object.entries(scenario.files).map(([name, text]) => [`migrations/${name}`, text])
  const cwd = await directory(Object.fromEntries(files))
  const copy = (): Promise<Copy> => createDatabase(place.adminUrl, nameOf(template.url))
  const calm = await copy()
  const messages = await messagesOf({ scenario, cwd }, calm.url)
  const undisturbed = await withSession(calm.url, stateOf)
  await calm.drop()
  return { scenario, place, migrations, cwd, messages, undisturbed, copy }
}

async function messagesOf(prepared: Pick<Prepared, 'scenario' | 'cwd'>, url: string): Promise<readonly SentMessage[]> {
  const proxy = await wireProxy(url)
  const { code, stderr } = await start(prepared, proxy).ended
  await proxy.close()
  if (code !== 0) throw new Error(`It ends with ${code} without any harm: ${stderr}`)
  return proxy.messages
}

/** A downgrade asks for a proof, and whether it is meant. */
const downOptions: readonly string[] = ['--unproven', '--yes']

/** The command in a process of its own, through the proxy. */
export function start({ cwd, scenario }: Pick<Prepared, 'scenario' | 'cwd'>, { url }: WireProxy): CliRun {
  const words = [...scenario.command, ...(scenario.command[0] === 'down' ? downOptions : [])]
  return startMigrate(words, { cwd, env: { DATABASE_URL: url } })
}

async function begin(session: Connection, migrations: readonly RunMigration[], scenario: Scenario): Promise<void> {
  if (scenario.applied === undefined) return
  await up(upInput(session, migrations, { steps: 1 }))
  if (scenario.setup !== undefined) await session.run(scenario.setup)
  await up(upInput(session, migrations, { to: scenario.applied }))
}

/** The scenario's command, in this process and without any harm: what a user types next. */
export async function again(
  session: Connection,
  migrations: readonly RunMigration[],
  { command }: Scenario,
): Promise<void> {
  if (command[0] === 'up') await up(upInput(session, migrations))
  else await down(downInput(session, migrations, { to: command[2] }))
}

export async function withSession<T>(url: string, work: (session: Connection) => Promise<T>): Promise<T> {
  const session = await connect(url, { applicationName: 'test' })
  return work(session).finally(() => session.close())
}

async function createDatabase(adminUrl: string, template: string): Promise<Copy> {
  const name = `crash_${randomBytes(6).toString('hex')}`
  await withSession(adminUrl, async (admin) => {
    await admin.run(`create database ${name} template ${template}`)
    // A copied sequence believes that its next 32 values are in the WAL; they are not in that of the copy, so that after
    // a crash it would give numbers twice. Behind a checkpoint it writes them.
    await admin.run('checkpoint')
  })
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  const drop = (): Promise<void> =>
    withSession(adminUrl, (admin) => admin.run(`drop database if exists ${name} with (force)`))
  return { url: url.href, drop }
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1)
}
