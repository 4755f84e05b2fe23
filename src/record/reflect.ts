/** A property of anything: packages of the project are only known when they run. */
export function get(value: unknown, name: PropertyKey): unknown {
  return isObject(value) ? Reflect.get(value, name) : undefined
}

/** @throws TypeError where there is no such method */
export function call(target: unknown, name: PropertyKey, ...args: readonly unknown[]): unknown {
  return apply(get(target, name), target, args)
}

/** @throws TypeError where it is no function */
export function apply(method: unknown, target: unknown, args: readonly unknown[]): unknown {
  if (typeof method !== 'function') throw new TypeError(`${String(method)} is not a function`)
  const result: unknown = Reflect.apply(method, target, args)
  return result
}

/** @throws TypeError where it is no class */
export function construct(type: unknown, ...args: readonly unknown[]): object {
  if (typeof type !== 'function') throw new TypeError(`${String(type)} is not a class`)
  const made: unknown = Reflect.construct(type, args)
  if (!isObject(made)) throw new TypeError('a class made no object')
  return made
}

export function set(target: unknown, name: PropertyKey, value: unknown): void {
  if (isObject(target)) Reflect.set(target, name, value)
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
