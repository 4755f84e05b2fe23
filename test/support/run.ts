import { createHash } from 'node:crypto'
import { statementEffects } from '../../src/app/statement-effects.ts'
import { silentLog } from '../../src/core/log.ts'
import { systemClock } from '../../src/core/time.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { gates } from '../../src/gates/registry.gen.ts'
import { native } from '../../src/layouts/native.ts'
import { parseMigration } from '../../src/lint/parse.ts'
import { phaseOf } from '../../src/lint/phase.ts'
import type { Connection } from '../../src/model/database.ts'
import type { DownInput, DownOptions } from '../../src/run/down.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { rules } from '../../src/rules/registry.gen.ts'
import { type RunMigration, runMigrations } from '../../src/run/run-migration.ts'
import type { UpInput, UpOptions } from '../../src/run/up.ts'

/** Files of the native layout, by name, as the runner takes them. */
export async function history(files: Readonly<Record<string, string>>): Promise<readonly RunMigration[]> {
  await postgres.load()
  const sources = Object.entries(files).map(([path, text]) => ({
    path,
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
  }))
  const { migrations, problems } = native.read(sources, {
    knownRules: rules.map(({ id }) => id),
    knownGates: gates.map(({ id }) => id),
  })
  const [problem] = problems
  if (problem !== undefined) throw new Error(`${problem.at.path}:${problem.at.line} ${problem.message}`)
  return runMigrations(
    migrations.map((migration) => parseMigration(migration, postgres)),
    { phaseOf, meaning: (sql) => postgres.meaning(sql) },
  )
}

/** An input for `up` with everything in its place; what happens is pushed to `events`. */
export function upInput(
  connection: Connection,
  migrations: readonly RunMigration[],
  options: UpOptions = {},
  events: RunEvent[] = [],
): UpInput {
  return {
    ...shared(connection, migrations, events),
    migrations,
    gates,
    boundByKey: (sql, by) => postgres.boundByKey(sql, by),
    options,
  }
}

export function downInput(
  connection: Connection,
  migrations: readonly RunMigration[],
  options: DownOptions = {},
  events: RunEvent[] = [],
): DownInput {
  return { ...shared(connection, migrations, events), migrations, parse: (sql) => postgres.parse(sql), options }
}

function shared(
  connection: Connection,
  migrations: readonly RunMigration[],
  events: RunEvent[],
): Pick<UpInput, 'connection' | 'effects' | 'actor' | 'clock' | 'log' | 'onEvent' | 'random'> {
  return {
    connection,
    effects: statementEffects(postgres, migrations, 18),
    actor: { user: 'tester', host: 'here', process: process.pid, tool: 'lockstep test' },
    clock: systemClock,
    log: silentLog,
    onEvent: (event) => events.push(event),
    random: () => 0,
  }
}

/** Everything of the journal that does not change from run to run. */
export async function journalRows(connection: Connection): Promise<{
  readonly migrations: readonly string[]
  readonly steps: readonly string[]
  readonly runs: readonly string[]
}> {
  const one = async (sql: string): Promise<readonly string[]> => {
    const { rows } = await connection.query<{ line: string }>(sql)
    return rows.map(({ line }) => line)
  }
  return {
    migrations: await one(`select id as line from migrate.migration order by position`),
    steps: await one(
      `select concat_ws(' ', migration, direction, statement::text, event, sql_state) as line from migrate.step order by id`,
    ),
    runs: await one(
      `select concat_ws(' ', command, by_user, coalesce(outcome, 'open'), error_code) as line from migrate.run order by id`,
    ),
  }
}

/** The code and words of what a promise is rejected with. */
export async function refusalOf(promise: Promise<unknown>): Promise<{
  readonly code: unknown
  readonly message: string
  readonly at: unknown
  readonly details: unknown
}> {
  try {
    await promise
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return {
      code: 'code' in error ? error.code : error.name,
      message: error.message,
      at: 'at' in error ? error.at : undefined,
      details: 'details' in error ? error.details : undefined,
    }
  }
  throw new Error('It was not refused.')
}
