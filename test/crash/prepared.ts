import { randomBytes } from 'node:crypto'
import { connect } from '../../src/db/connect.ts'
import type { Connection } from '../../src/model/database.ts'
import { down } from '../../src/run/down.ts'
import type { RunMigration } from '../../src/run/run-migration.ts'
import { up } from '../../src/run/up.ts'
import { directory } from '../support/cli.ts'
import { downInput, history, upInput } from '../support/run.ts'
import type { Scenario } from './scenario.ts'
import { type State, stateOf } from './state.ts'

/** A scenario on one server, from which databases are copied. */
export interface Prepared {
  readonly scenario: Scenario
  readonly migrations: readonly RunMigration[]
  /** Holds its files. */
  readonly cwd: string
  /** What a run leaves that nothing disturbs. */
  readonly undisturbed: State
  /** A database in the state before the command. */
  copy(): Promise<Copy>
}

export interface Copy {
  readonly url: string
  drop(): Promise<void>
}

/** Makes the database that the scenario begins with, and runs its command once without any harm. */
export async function prepare({ adminUrl }: { readonly adminUrl: string }, scenario: Scenario): Promise<Prepared> {
  const template = await createDatabase(adminUrl, 'template0')
  const migrations = await history(scenario.files)
  await withSession(template.url, (session) => begin(session, migrations, scenario))
  const copy = (): Promise<Copy> => createDatabase(adminUrl, nameOf(template.url))
  const calm = await copy()
  const undisturbed = await withSession(calm.url, async (session) => {
    await again(session, migrations, scenario)
    return stateOf(session)
  })
  await calm.drop()
  const files = Object.entries(scenario.files).map(([name, text]) => [`migrations/${name}`, text])
  return { scenario, migrations, cwd: await directory(Object.fromEntries(files)), undisturbed, copy }
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
