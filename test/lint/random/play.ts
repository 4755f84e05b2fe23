import type { Connection } from '../../../src/model/database.ts'
import { nothingBefore, replay } from '../../../src/lint/replay.ts'
import type { KnownSchema } from '../../../src/lint/schema/known-schema.ts'
import { linesOfModel, linesOfServer, notNullsOfModel, notNullsOfServer } from '../catalogue-of.ts'
import type { SchemaLines } from '../catalogue-of.ts'
import { migration } from '../history.ts'
import { objectsOfModel, objectsOfServer } from '../objects-of.ts'
import { filled, presentNames } from './places.ts'
import { asFarAsTold } from './told.ts'

export interface Whole extends SchemaLines {
  readonly objects: readonly string[]
  /** Empty before PostgreSQL 18. */
  readonly notNulls: readonly string[]
}

interface Both {
  readonly server: Whole
  readonly model: Whole
  /** False where the model says that it cannot know. */
  readonly complete: boolean
}

interface Played extends Both {
  /** The statements that the server took. */
  readonly taken: readonly string[]
}

/** Statements about the transaction: they cannot be wrapped in a savepoint. */
const isControl = (statement: string): boolean => /^(savepoint|rollback|release) /.test(statement)

/**
 * Runs statements on a server in one transaction, which is rolled back: each that it refuses is as if it were not there.
 * Those that it takes are what the model follows.
 */
export async function play(connection: Connection, statements: readonly string[]): Promise<Played> {
  const taken: string[] = []
  await connection.run('begin')
  try {
    let names = await presentNames(connection)
    for (const statement of statements) {
      const whole = filled(statement, names)
      if (!(await isTaken(connection, whole))) continue
      taken.push(whole)
      names = await presentNames(connection)
    }
    return { taken, ...(await bothAfter(connection, taken)) }
  } finally {
    await connection.run('rollback')
  }
}

/** What the server has now, and what the model says it has after these statements. */
export async function bothAfter(connection: Connection, taken: readonly string[]): Promise<Both> {
  const text = taken.map((statement) => `${statement};\n`).join('')
  return bothOf(connection, replay([migration(text)], nothingBefore(await majorOf(connection))), true)
}

/** What the server has now, and what a model of it has. */
export async function bothOf(connection: Connection, schema: KnownSchema, temporary: boolean): Promise<Both> {
  const major = await majorOf(connection)
  const hasNotNulls = major > 17
  const server = {
    ...(await linesOfServer(connection)),
    objects: await ownObjects(connection),
    notNulls: hasNotNulls ? await notNullsOfServer(connection) : [],
  }
  const model = {
    ...linesOfModel(schema, { temporary }),
    objects: objectsOfModel(schema, { temporary }),
    notNulls: hasNotNulls ? notNullsOfModel(schema) : [],
  }
  return { ...asFarAsTold(schema, server, model), complete: schema.complete }
}

async function majorOf(connection: Connection): Promise<number> {
  const { rows } = await connection.query<{ major: number }>(
    `select current_setting('server_version_num')::int / 10000 as major`,
  )
  return rows[0]?.major ?? 0
}

/** Without those of the whole server that other tests make. */
async function ownObjects(connection: Connection): Promise<readonly string[]> {
  return (await objectsOfServer(connection)).filter((line) => !/ kinds_/.test(line))
}

async function isTaken(connection: Connection, statement: string): Promise<boolean> {
  if (isControl(statement)) return connection.run(statement).then(() => true)
  await connection.run('savepoint own')
  try {
    await connection.run(statement)
    await connection.run('release own')
    return true
  } catch {
    await connection.run('rollback to own')
    return false
  }
}

/** What only one of them has, each line with its side. */
export function differences(server: Whole, model: Whole): readonly string[] {
  const kinds = [
    'columns',
    'constraints',
    'indexes',
    'triggers',
    'views',
    'sequences',
    'enums',
    'objects',
    'notNulls',
  ] as const
  return kinds.flatMap((kind) => [
    ...server[kind].filter((line) => !model[kind].includes(line)).map((line) => `server ${kind}: ${line}`),
    ...model[kind].filter((line) => !server[kind].includes(line)).map((line) => `model ${kind}: ${line}`),
  ])
}
