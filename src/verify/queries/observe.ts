import type { Connection, ResultColumn, TextResult } from '../../model/database.ts'
import { type Effects, printSql, printOf } from './effects.ts'
import type { Piece } from './pieces.ts'
import type { RelationShape } from './relations.ts'
import { type Answer, type Failure, argumentsText, attempt, undo } from './session.ts'
import type { ParameterType, ValueSet } from './values.ts'

/** One execution in a transaction that was rolled back. */
export interface Run {
  readonly failure?: Failure
  readonly rows: TextResult['rows']
  readonly count: number
  /** What it changed in the tables that it writes. */
  readonly effects: Effects
}

/** What one statement gave at one stop. */
export interface Observation {
  /** What kept it from being prepared, described or planned. */
  readonly failure?: Failure
  readonly columns: readonly ResultColumn[]
  /** By value set. */
  readonly runs: readonly Run[]
}

/** A statement with what is to be tried with it. */
export interface Task {
  readonly piece: Piece
  /** How many parameters it has. */
  readonly parameters: number
  readonly sets: readonly ValueSet[]
  /** The tables that it writes. */
  readonly writes: readonly RelationShape[]
}

/** The name under which each statement in turn is prepared. */
const prepared = 'lockstep_query'

/**
 * Prepares, describes, plans and executes one statement, each execution undone. All is sent before the first answer is
 * awaited, so that statements that are observed together cost one round trip.
 */
export async function observe(connection: Connection, task: Task): Promise<Observation> {
  if (task.piece.kind === 'command') return observeCommand(connection, task.piece)
  const looked = look(connection, task.piece, task.parameters)
  const runs = task.sets.map((set) => execute(connection, set, task.writes))
  const cleared = clear(connection)
  const [{ failure, columns }, , ...done] = await Promise.all([looked, cleared, ...runs])
  return { ...(failure === undefined ? {} : { failure }), columns, runs: failure === undefined ? done : [] }
}

interface Looked {
  readonly failure?: Failure
  readonly columns: readonly ResultColumn[]
}

/** What can be seen without executing it. It stays prepared until `clear`. */
async function look(connection: Connection, piece: Piece, parameters: number): Promise<Looked> {
  const execution = executeText(Array.from({ length: parameters }, () => null))
  const answers = [
    attempt('prepare', connection.query(prepareText(piece))),
    attempt('describe', connection.describe(execution)),
    attempt('explain', connection.query(`explain ${execution}`)),
  ] as const
  const [planned, described, explained] = await Promise.all([...answers, undo(connection)])
  const failure = planned.failure ?? described.failure ?? explained.failure
  const columns = 'value' in described ? described.value : []
  return failure === undefined ? { columns } : { columns, failure }
}

/** The types of a statement's parameters; none where it cannot be prepared. */
export async function parameterTypes(connection: Connection, piece: Piece): Promise<readonly ParameterType[]> {
  if (piece.kind === 'command') return []
  const done = attempt('prepare', connection.query(prepareText(piece)))
  const asked = attempt('prepare', connection.query<ParameterType>(typesQuery))
  const [, types] = await Promise.all([done, asked, clear(connection)])
  return 'value' in types ? types.value.rows : []
}

const typesQuery = `
  select format_type(t.oid, null) as name, t.typcategory::text as category,
         array(select enumlabel::text from pg_enum where enumtypid = t.oid order by enumsortorder) as labels
    from pg_prepared_statements s cross join unnest(s.parameter_types) with ordinality u (type, place) join pg_type t on t.oid = u.type
   where s.name = '${prepared}' order by u.place`

async function execute(connection: Connection, set: ValueSet, writes: readonly RelationShape[]): Promise<Run> {
  const ran = attempt('execute', connection.texts(executeText(set.values)))
  // The application may write what it may not read.
  const left = writes.length === 0 ? [] : [attempt('execute', connection.run('set local role none'))]
  const prints = writes.map((table) => attempt('execute', connection.texts(printSql(table))))
  const undone = undo(connection)
  const [answer, seen] = await Promise.all([ran, Promise.all(prints), undone, ...left])
  if (!('value' in answer)) return { failure: answer.failure, rows: [], count: 0, effects: new Map() }
  return { ...answer.value, effects: effectsOf(writes, seen) }
}

function effectsOf(writes: readonly RelationShape[], seen: readonly Answer<TextResult>[]): Effects {
  return new Map(
    writes.flatMap((table, index) => {
      const print = seen[index]
      return print !== undefined && 'value' in print ? [[table.name, printOf(table, print.value)] as const] : []
    }),
  )
}

/** What cannot be prepared is run. */
async function observeCommand(connection: Connection, { sql }: Piece): Promise<Observation> {
  const ran = attempt('execute', connection.query(sql))
  const [{ failure }] = await Promise.all([ran, undo(connection)])
  return { ...(failure === undefined ? {} : { failure }), columns: [], runs: [] }
}

async function clear(connection: Connection): Promise<void> {
  await Promise.all([attempt('prepare', connection.run(`deallocate ${prepared}`)), undo(connection)])
}

function prepareText({ sql, parameters }: Piece): string {
  const declared = parameters.some(({ type }) => type !== null)
  const types = declared ? ` (${parameters.map(({ type }) => type ?? 'unknown').join(', ')})` : ''
  return `prepare ${prepared}${types} as ${sql}`
}

function executeText(values: readonly (string | null)[]): string {
  return `execute ${prepared}${argumentsText(values)}`
}
