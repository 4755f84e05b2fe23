import type { ProgramPosition } from '../../model/recording.ts'
import { exported } from '../packages.ts'
import { apply, call, construct, get, isObject } from '../reflect.ts'
import type { Program, RunnerOf } from './tool.ts'

/** node-pg-migrate's own builder of SQL. What `pgm.db` is asked is answered with no rows. */
export const nodePgMigrateRunner: RunnerOf = async (load) => {
  const type = await builderType(load)
  return async (program) => {
    const { module, direction } = program
    const own = exported(module, direction)
    if (own === false) return 'irreversible'
    // As node-pg-migrate does: without a way back, the way forward is turned round.
    const isReversed = direction === 'down' && own === undefined
    const action = isReversed ? exported(module, 'up') : own
    if (action === undefined) return 'absent'
    const builder = builderOf(type, program)
    if (isReversed) call(builder, 'enableReverseMode')
    const places = new Map<number, ProgramPosition>()
    try {
      await finished(action, watched(builder, places, program))
    } finally {
      if (call(builder, 'isUsingTransaction') === false) program.leaveTransaction()
      sendSteps(builder, { isReversed, places, program })
    }
    return undefined
  }
}

/** The class of `pgm`: exported since version 8, before that in a module of its own. */
async function builderType(load: (name: string) => Promise<unknown>): Promise<unknown> {
  const type = exported(await load('node-pg-migrate'), 'MigrationBuilder')
  if (type !== undefined) return type
  const module = await load('node-pg-migrate/dist/migrationBuilder').catch(() =>
    load('node-pg-migrate/dist/migration-builder'),
  )
  return exported(module, 'default')
}

function builderOf(type: unknown, { module, send, place }: Program): object {
  const query = (text: unknown, values: unknown): Promise<object> => {
    const bound = values ?? get(text, 'values')
    send(String(get(text, 'text') ?? text), Array.isArray(bound) ? bound : [], place())
    return Promise.resolve({ rows: [], rowCount: 0 })
  }
  const select = (text: unknown, values: unknown): Promise<readonly unknown[]> => query(text, values).then(() => [])
  const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing }
  const shorthands = exported(module, 'shorthands')
  return construct(type, { query, select }, shorthands, false, quiet)
}

const nothing = (): undefined => undefined

/** The builder, which notes where each of its steps was asked for. */
function watched(builder: object, places: Map<number, ProgramPosition>, { place }: Program): object {
  const count = (): number => stepsOf(builder).length
  const proxy: object = new Proxy(builder, {
    get: (target, name) => {
      const method = get(target, name)
      if (typeof method !== 'function') return method
      return (...args: readonly unknown[]): unknown => {
        const [before, at] = [count(), place()]
        const result = apply(method, target, args)
        for (let step = before; at !== undefined && step < count(); step += 1) places.set(step, at)
        return result === target ? proxy : result
      }
    },
  })
  return proxy
}

/** A function of two parameters is given a callback. */
async function finished(action: unknown, builder: object): Promise<void> {
  if (get(action, 'length') === 2) await new Promise((resolve) => apply(action, undefined, [builder, resolve]))
  else await apply(action, undefined, [builder])
}

function sendSteps(
  builder: object,
  how: {
    readonly isReversed: boolean
    readonly places: ReadonlyMap<number, ProgramPosition>
    readonly program: Program
  },
): void {
  const steps = stepsOf(builder)
  for (const [index, sql] of steps.entries())
    how.program.send(String(sql), [], how.places.get(how.isReversed ? steps.length - 1 - index : index))
}

function stepsOf(builder: object): readonly unknown[] {
  const steps = call(builder, 'getSqlSteps')
  return Array.isArray(steps) && isObject(steps) ? steps : []
}
