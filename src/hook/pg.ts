import type { Recorder } from './recorder.ts'
import { typeName } from './type-names.ts'

/**
 * Watches what a client of `pg`, the clients of a pool, or all clients of the module are given to send. What is watched
 * twice is watched once.
 */
export function watchPg(target: object, recorder: Recorder, watched: WeakSet<object>): void {
  const prototype = prototypeOf(target)
  if (prototype !== undefined) watchQueries(prototype, recorder, watched)
  else if (isPool(target)) watchPool(target, recorder, watched)
  else watchQueries(target, recorder, watched)
}

/** That of `Client`, where the module itself was given. */
function prototypeOf(target: object): object | undefined {
  const client: unknown = Reflect.get(target, 'Client')
  const prototype: unknown = typeof client === 'function' ? client.prototype : undefined
  // An instance of a pool or a client has a constructor of that name nowhere.
  return typeof prototype === 'object' && prototype !== null && !('totalCount' in target) ? prototype : undefined
}

interface Pool {
  readonly totalCount: number
  on(event: 'acquire', listen: (client: object) => void): unknown
}

function isPool(target: object): target is Pool {
  return 'totalCount' in target && 'on' in target && typeof target.on === 'function'
}

/** A pool hands out each client through this event, also for its own `query`. */
function watchPool(pool: Pool, recorder: Recorder, watched: WeakSet<object>): void {
  if (watched.has(pool)) return
  watched.add(pool)
  pool.on('acquire', (client) => watchQueries(client, recorder, watched))
}

function watchQueries(client: object, recorder: Recorder, watched: WeakSet<object>): void {
  const query: unknown = Reflect.get(client, 'query')
  if (watched.has(client) || typeof query !== 'function') return
  watched.add(client)
  const value = function (this: unknown, ...given: readonly unknown[]): unknown {
    notice(given, recorder)
    const result: unknown = Reflect.apply(query, this, given)
    return result
  }
  Object.defineProperty(client, 'query', { configurable: true, enumerable: false, writable: true, value })
}

/** `query(text, values)`, `query({ text, values, name })`, and objects that submit themselves: Query, Cursor, QueryStream. */
function notice([first, second]: readonly unknown[], recorder: Recorder): void {
  if (typeof first === 'string') return recorder.sent(first, () => ({ values: listOf(second) }))
  if (typeof first !== 'object' || first === null) return
  const text = field(first, 'text') ?? field(field(first, 'cursor'), 'text')
  recorder.sent(text, () => {
    const inner = field(first, 'values') ?? field(field(first, 'cursor'), 'values')
    const types = field(first, 'types')
    const values = listOf(inner ?? second)
    return Array.isArray(types) ? { values, types: types.map(typeName) } : { values }
  })
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
