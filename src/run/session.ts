import { ToolkitError } from '../core/errors.ts'
import type { Connection, SeriesStep } from '../model/database.ts'
import { quoteLiteral, quoteName } from '../model/name.ts'

/**
 * What holds in the runner's session, whatever role, database or server say, with the server version that brought it:
 * a migration has limits of its own, and a limit of the role would end it half-way.
 */
const ownLimits: readonly { readonly name: string; readonly since: number }[] = [
  { name: 'statement_timeout', since: 0 },
  { name: 'lock_timeout', since: 0 },
  { name: 'idle_in_transaction_session_timeout', since: 0 },
  { name: 'idle_session_timeout', since: 140_000 },
  { name: 'transaction_timeout', since: 170_000 },
]

/**
 * How soon the server finds out that this process is gone; without them an orphan works on, and may commit, for as long
 * as its statement lasts. The first one sees a closed connection, the others a host that fell silent. Not every
 * operating system of a server knows all of them; what it does not know stays as it is.
 */
const watchfulness: readonly (readonly [name: string, value: string])[] = [
  ['client_connection_check_interval', '1s'],
  ['tcp_keepalives_idle', '5s'],
  ['tcp_keepalives_interval', '2s'],
  ['tcp_keepalives_count', '3'],
  ['tcp_user_timeout', '10s'],
]

/** Sets some of them again, each that the server takes: in a transaction the others must do no harm. */
function keepWatch(settings: typeof watchfulness): string {
  const pairs = settings.map(([name, value]) => `['${name}', '${value}']`).join(', ')
  return `do $$ declare s text[]; begin
  foreach s slice 1 in array array[${pairs}] loop
    begin perform set_config(s[1], s[2], false); exception when others then null; end;
  end loop; end $$`
}

const readOnly = 'default_transaction_read_only'

const touched = [
  readOnly,
  'application_name',
  ...ownLimits.map(({ name }) => name),
  ...watchfulness.map(([name]) => name),
]

/**
 * Makes a session fit for DDL: it writes, has no time limits but those of the run, and ends when this process does.
 * Gives what puts every setting back as it was.
 */
export async function prepareSession(connection: Connection): Promise<() => Promise<void>> {
  const before = await settingsOf(connection, touched)
  await connection.run(ownSettings(connection).join('; '))
  if (connection.kind === 'server') {
    const asked = watchfulness.map(([name, value]) => connection.run(`set ${name} = '${value}'`).catch(() => undefined))
    await Promise.all(asked)
  }
  return async () => {
    const back = before.map(({ name, value, own }) => (own ? `set ${name} = ${quoteLiteral(value)}` : `reset ${name}`))
    // When the session is gone, so are its settings.
    await connection.run(back.join('; ')).catch(() => undefined)
  }
}

function ownSettings({ versionNumber }: Connection): readonly string[] {
  const known = ownLimits.filter(({ since }) => versionNumber >= since)
  return [...known.map(({ name }) => `set ${name} = 0`), `set ${readOnly} = off`]
}

interface Setting {
  readonly name: string
  readonly value: string
  /** Set in this session by SET, so RESET would not give it back. */
  readonly own: boolean
}

async function settingsOf(connection: Connection, names: readonly string[]): Promise<readonly Setting[]> {
  const { rows } = await connection.query<Setting>(
    `select name, current_setting(name) as value, source = 'session' as own from pg_settings where name = any ($1)`,
    [names],
  )
  return rows
}

/**
 * A role for which sessions are read-only by default may write when it says so, and this run does. A database or a
 * server of which all sessions are read-only is so for a reason, such as a full disk or a failover.
 *
 * @throws ToolkitError `read-only-server`
 */
export async function refuseReadOnly(connection: Connection): Promise<void> {
  const { rows } = await connection.query<{ recovery: boolean; readonly: boolean }>(
    `select pg_is_in_recovery() as recovery, setting::bool and source not in ('user', 'database user') as readonly
       from pg_settings where name = $1`,
    [readOnly],
  )
  const [found] = rows
  if (found?.recovery === true) {
    throw new ToolkitError({
      code: 'read-only-server',
      message: 'The server is a read-only replica: it is in recovery.',
      hint: 'Connect to the primary, for instance with target_session_attrs=read-write or its own host name. Nothing was changed.',
    })
  }
  if (found?.readonly === true) {
    throw new ToolkitError({
      code: 'read-only-server',
      message: 'Transactions of this session are read-only: default_transaction_read_only is on.',
      hint: 'Find out why, then turn it off for the database or the server. Nothing was changed.',
    })
  }
}

/** The session's name in `pg_stat_activity`, with the number of its run; put back with the other settings. */
export function nameSession(connection: Connection, run: number): Promise<void> {
  return connection.run(
    `select set_config('application_name', current_setting('application_name') || ' run ${run}', false)`,
  )
}

/**
 * Puts settings back that a migration changed for the session: it must not change how the next one runs, nor as which
 * role the journal is written. Empty when there is nothing to put back. `leased`: the session is not one's own, so that
 * nothing may be set in it.
 */
export function resetsFor(
  connection: Connection,
  settings: ReadonlySet<string>,
  leased = false,
): readonly SeriesStep[] {
  // Whatever it did: a function may have given the role up.
  const role = connection.role === undefined ? [] : [`set role ${quoteName(connection.role)}`]
  if (settings.size === 0) return stepsOf(role)
  const resets = [...settings].map((setting) =>
    setting === 'all' ? 'reset all' : `reset ${setting.split('.').map(quoteName).join('.')}`,
  )
  const own = leased ? [] : [...ownSettings(connection), ...watchAgain(connection, settings)]
  return stepsOf([...resets, ...own, ...role])
}

/**
 * What puts the run's own settings in force again after a statement of a migration gave them back to what role, database
 * or server say. Outside a transaction; empty where none of them was given back.
 */
export function ownAgain(connection: Connection, given: ReadonlySet<string>): readonly SeriesStep[] {
  if (!touchesOwn(given)) return []
  return stepsOf([...ownSettings(connection), ...watchAgain(connection, given)])
}

/** The same in a transaction whose lock timeout is this many milliseconds; `leased`: the session is not one's own. */
export function ownAgainInTransaction(
  connection: Connection,
  given: ReadonlySet<string>,
  { lockTimeoutMs, leased }: { readonly lockTimeoutMs: number; readonly leased: boolean },
): readonly SeriesStep[] {
  if (!touchesOwn(given)) return []
  const isGiven = (name: string): boolean => given.has(name) || given.has('all')
  const known = ownLimits.filter(({ name, since }) => connection.versionNumber >= since && isGiven(name))
  const limits = known.map(
    ({ name }) => `set local ${name} = ${name === 'lock_timeout' ? Math.round(lockTimeoutMs) : 0}`,
  )
  const watch = leased
    ? watchfulness.slice(0, 1).flatMap(([name, value]) => (isGiven(name) ? [`set local ${name} = '${value}'`] : []))
    : watchAgain(connection, given)
  return stepsOf([...limits, ...watch])
}

function stepsOf(commands: readonly string[]): readonly SeriesStep[] {
  return commands.map((sql) => ({ sql }))
}

function touchesOwn(given: ReadonlySet<string>): boolean {
  return given.has('all') || touched.some((name) => given.has(name))
}

function watchAgain(connection: Connection, given: ReadonlySet<string>): readonly string[] {
  const lost = watchfulness.filter(([name]) => given.has('all') || given.has(name))
  return lost.length > 0 && connection.kind === 'server' ? [keepWatch(lost)] : []
}
