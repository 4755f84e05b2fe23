import type { ProgramPosition } from '../../model/recording.ts'
import { exported } from '../packages.ts'
import { apply, call, get, isObject, set } from '../reflect.ts'
import type { Program, RunnerOf } from './tool.ts'

/** The program that is running: transactions have clients of their own, which know nothing but their prototype. */
let running: Program | undefined
/** Whether it runs in a transaction of the migrator, whose beginning and end are no part of it. */
let isWrapped = false
/** Where a builder was begun: knex sends it later, when somebody waits for it. */
const places = new WeakMap<object, ProgramPosition>()

/** Knex for PostgreSQL without a driver: its client answers every query with no rows. */
export const knexRunner: RunnerOf = async (load) => {
  const library = await load('knex')
  const make = exported(library, 'knex') ?? get(library, 'default')
  const db = apply(make, undefined, [{ client: 'pg', log: quiet }])
  replaceConnection(Object.getPrototypeOf(get(db, 'client')))
  return async (program) => {
    running = program
    const action = exported(program.module, program.direction)
    const isOutside = get(exported(program.module, 'config'), 'transaction') === false
    if (isOutside) program.leaveTransaction()
    if (action === undefined) return 'absent'
    isWrapped = !isOutside && program.inTransaction
    // As its migrator does: what a migration begins itself is a savepoint then.
    if (isWrapped) await call(db, 'transaction', (trx: unknown) => apply(action, undefined, [trx]))
    else await apply(action, undefined, [db])
    return undefined
  }
}

const nothing = (): undefined => undefined
const quiet = { warn: nothing, error: nothing, deprecate: nothing, debug: nothing }

/** The prototype of the client is ours to change: this process runs nothing else. */
function replaceConnection(client: unknown): void {
  const connection = { __knexUid: 'recorded' }
  set(client, 'acquireConnection', () => Promise.resolve(connection))
  set(client, 'releaseConnection', () => Promise.resolve())
  set(client, 'destroy', () => Promise.resolve())
  set(client, '_query', (_: unknown, query: unknown) => {
    const bindings = get(query, 'bindings')
    const at = (isObject(query) ? places.get(query) : undefined) ?? running?.place()
    const sql = String(get(query, 'sql'))
    const isMigrators = isWrapped && at === undefined && /^(?:BEGIN|COMMIT|ROLLBACK);?$/.test(sql)
    if (!isMigrators) running?.send(sql, Array.isArray(bindings) ? bindings : [], at)
    set(query, 'response', { rows: [], rowCount: 0, fields: [], command: '' })
    return Promise.resolve(query)
  })
  for (const name of ['schemaBuilder', 'queryBuilder', 'raw']) {
    const original = get(client, name)
    set(client, name, function (this: unknown, ...args: readonly unknown[]): unknown {
      return placed(apply(original, this, args), running?.place())
    })
  }
  const runner = get(client, 'runner')
  set(client, 'runner', function (this: unknown, builder: unknown): unknown {
    const made = apply(runner, this, [builder])
    const query = get(made, 'query')
    const at = isObject(builder) ? places.get(builder) : undefined
    set(made, 'query', (sent: unknown) => apply(query, made, [placed(sent, at)]))
    return made
  })
}

function placed(value: unknown, at: ProgramPosition | undefined): unknown {
  if (isObject(value) && at !== undefined) places.set(value, at)
  return value
}
