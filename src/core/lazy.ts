/** One function for each value, which is called once and only when the value is asked for. */
export type Makers<T extends object> = { readonly [K in keyof T]: () => T[K] }

/**
 * A copy of `object` with values that are made when they are first asked for; those that `object` makes in this way stay
 * unmade. A spread (`{ ...object }`) would make them all.
 */
export function withLazy<T extends object, L extends object>(object: T, makers: Makers<L>): T & L {
  const copy: object = Object.defineProperties({}, Object.getOwnPropertyDescriptors(object))
  for (const name of Object.keys(makers) as (keyof L)[]) {
    let made: { readonly value: L[keyof L] } | undefined
    Object.defineProperty(copy, name, {
      enumerable: true,
      configurable: true,
      get: () => (made ??= { value: makers[name]() }).value,
    })
  }
  return copy as T & L
}
