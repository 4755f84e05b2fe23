import { AsyncLocalStorage } from 'node:async_hooks'
import type { ProgramPosition } from '../../model/recording.ts'
import { exported } from '../packages.ts'
import { apply, call, construct, get, isObject, set } from '../reflect.ts'
import type { Program, RunnerOf } from './tool.ts'

let running: Program | undefined
/** The call of the program that a method of the query runner works for. */
const callers = new AsyncLocalStorage<ProgramPosition | undefined>()

/**
 * TypeORM's own query runner for PostgreSQL, which is given no driver: every query is answered with no rows. There is one
 * for all migrations, as it remembers the tables that its methods made.
 */
export const typeormRunner: RunnerOf = async (load) => {
  const library = await load('typeorm')
  const source = construct(exported(library, 'DataSource'), { type: 'postgres', driver: {}, logging: false })
  const driver = get(source, 'driver')
  // Known from a connection otherwise.
  for (const name of ['isGeneratedColumnsSupported', 'isUUIDColumnTypeSupported']) set(driver, name, true)
  set(driver, 'version', '16.0')
  const queryRunner = call(driver, 'createQueryRunner', 'master')
  if (!isObject(queryRunner)) throw new TypeError('TypeORM made no query runner')
  replaceQueries(queryRunner, exported(library, 'Table'))
  const shown = watched(queryRunner)
  set(source, 'createQueryRunner', () => shown)
  return async (program) => {
    running = program
    for (const type of classesOf(program.module)) {
      const migration = construct(type)
      const isOutside = get(migration, 'transaction') === false
      if (isOutside) program.leaveTransaction()
      const isWrapped = !isOutside && program.inTransaction
      // What a migration begins itself is a savepoint then.
      set(queryRunner, 'isTransactionActive', isWrapped)
      set(queryRunner, 'transactionDepth', isWrapped ? 1 : 0)
      await apply(get(migration, program.direction), migration, [shown])
    }
    return undefined
  }
}

function replaceQueries(queryRunner: object, table: unknown): void {
  set(queryRunner, 'connect', () => Promise.resolve({}))
  set(queryRunner, 'query', (sql: unknown, parameters: unknown) => {
    running?.send(String(sql), Array.isArray(parameters) ? parameters : [], running.place() ?? callers.getStore())
    return Promise.resolve([])
  })
  set(queryRunner, 'getCurrentSchema', () => Promise.resolve('public'))
  set(queryRunner, 'getCurrentDatabase', () => Promise.resolve('database'))
  // Of a table that no method made, only the name is known.
  set(queryRunner, 'loadTables', (names: unknown) =>
    Promise.resolve(Array.isArray(names) ? names.map((name: unknown) => construct(table, { name })) : []),
  )
}

/** The query runner, whose methods know who called them. */
function watched(queryRunner: object): object {
  return new Proxy(queryRunner, {
    get: (target, name) => {
      const method = get(target, name)
      if (typeof method !== 'function') return method
      return (...args: readonly unknown[]): unknown =>
        callers.run(running?.place() ?? callers.getStore(), () => apply(method, target, args))
    },
  })
}

/** Every class of the module that has both ways, as TypeORM finds them. */
function classesOf(module: unknown): readonly unknown[] {
  const values = [module, get(module, 'default')].flatMap((one) =>
    isObject(one) ? [one, ...Object.values(one).map((value: unknown) => value)] : [],
  )
  return [...new Set(values)].filter((value) => typeof get(get(value, 'prototype'), 'up') === 'function')
}
