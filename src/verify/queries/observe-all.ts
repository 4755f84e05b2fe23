import type { Connection } from '../../model/database.ts'
import { type Effects, printOf, printSql } from './effects.ts'
import type { TypeNames } from './judge-columns.ts'
import { type Observation, type Task, observe } from './observe.ts'
import type { RelationShape } from './relations.ts'
import { type Sender, asSender, become } from './session.ts'

/** What all statements of one sender gave in one transaction. */
export interface Observed {
  /** By task. */
  readonly observations: readonly Observation[]
  /** What the written tables held before any statement. */
  readonly held: Effects
  readonly types: TypeNames
}

/** Observes all tasks in one transaction, each undone before the next; `first` is done before them. */
export async function observeAll(
  connection: Connection,
  sender: Sender,
  tasks: readonly Task[],
  first?: () => Promise<unknown>,
): Promise<Observed> {
  return asSender(
    connection,
    sender,
    async () => {
      const written = new Map(tasks.flatMap(({ writes }) => writes.map((table) => [table.name, table] as const)))
      const held = Promise.all([...written.values()].map((table) => holds(connection, table)))
      const became = become(connection, sender)
      const observing = Promise.all(tasks.map((task) => observe(connection, task)))
      const [prints, , observations] = await Promise.all([held, became, observing])
      return { observations, held: new Map(prints), types: await typeNames(connection, observations) }
    },
    first,
  )
}

async function holds(
  connection: Connection,
  table: RelationShape,
): Promise<readonly [string, Effects extends ReadonlyMap<string, infer P> ? P : never]> {
  return [table.name, printOf(table, await connection.texts(printSql(table)))]
}

async function typeNames(connection: Connection, observations: readonly Observation[]): Promise<TypeNames> {
  const types = [...new Set(observations.flatMap(({ columns }) => columns.map(({ type }) => type)))]
  if (types.length === 0) return new Map()
  const { rows } = await connection.query<{ type: number; name: string }>(
    `select t::float8 as type, format_type(t::oid, null) as name from unnest($1::int8[]) t`,
    [types],
  )
  return new Map(rows.map(({ type, name }) => [type, name]))
}
