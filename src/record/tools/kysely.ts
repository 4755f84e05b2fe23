import type { ProgramPosition } from '../../model/recording.ts'
import { exported } from '../packages.ts'
import { apply, call, construct, get, isObject, set } from '../reflect.ts'
import type { Program, RunnerOf } from './tool.ts'

/** Kysely with PostgreSQL's own compiler, and a driver that answers every query with no rows. */
export const kyselyRunner: RunnerOf = async (load) => {
  const library = await load('kysely')
  return async (program) => {
    const action = exported(program.module, program.direction)
    if (action === undefined) return 'absent'
    const db = construct(exported(library, 'Kysely'), { dialect: dialect(library, program) })
    // The Migrator hands out a transaction, in which none can be begun.
    if (program.inTransaction)
      await call(call(db, 'transaction'), 'execute', (trx: unknown) => apply(action, undefined, [trx]))
    else await apply(action, undefined, [db])
    return undefined
  }
}

function dialect(library: unknown, program: Program): object {
  return {
    createAdapter: () => construct(exported(library, 'PostgresAdapter')),
    createIntrospector: (db: unknown) => construct(exported(library, 'PostgresIntrospector'), db),
    createQueryCompiler: () => compiler(library, program, places),
    createDriver: () => driver(program, places),
  }
}

/** Where each query was compiled: that is done at once, while the call is on the stack. */
const places = new WeakMap<object, ProgramPosition>()

function compiler(library: unknown, { place }: Program, known: WeakMap<object, ProgramPosition>): object {
  const made = construct(exported(library, 'PostgresQueryCompiler'))
  const compile = get(made, 'compileQuery')
  set(made, 'compileQuery', (...args: readonly unknown[]) => {
    const compiled = apply(compile, made, args)
    const at = place()
    if (isObject(compiled) && at !== undefined) known.set(compiled, at)
    return compiled
  })
  return made
}

function driver({ send, place, inTransaction }: Program, known: WeakMap<object, ProgramPosition>): object {
  const connection = {
    executeQuery: (compiled: unknown) => {
      const parameters = get(compiled, 'parameters')
      const at = (isObject(compiled) ? known.get(compiled) : undefined) ?? place()
      send(String(get(compiled, 'sql')), Array.isArray(parameters) ? parameters : [], at)
      return Promise.resolve({ rows: [] })
    },
    streamQuery: async function* () {
      // Nothing is read.
    },
  }
  const nothing = (): Promise<void> => Promise.resolve()
  const say = (sql: string) => (inTransaction ? nothing : () => Promise.resolve(send(sql, [], place())))
  const savepoint = (words: string) => (_: unknown, name: unknown) =>
    Promise.resolve(send(`${words} "${String(name).replaceAll('"', '""')}"`, [], place()))
  return {
    init: nothing,
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: say('begin'),
    commitTransaction: say('commit'),
    rollbackTransaction: say('rollback'),
    savepoint: savepoint('savepoint'),
    rollbackToSavepoint: savepoint('rollback to'),
    releaseSavepoint: savepoint('release'),
    releaseConnection: nothing,
    destroy: nothing,
  }
}
