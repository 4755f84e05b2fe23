/**
 * A copy of `object` with values that are made when they are first asked for; those that `object` makes in this way stay
 * unmade. A spread (`{ ...object }`) would make them all.
 */
export function withLazy<T extends object, L extends Readonly<Record<string, () => unknown>>>(
  object: T,
  makers: L,
): T & { readonly [K in keyof L]: ReturnType<L[K]> }
export function withLazy(object: object, makers: Readonly<Record<string, () => unknown>>): object {
  const made = Object.entries(makers).map(([name, make]) => [name, onDemand(make)] as const)
  return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(object), ...Object.fromEntries(made) })
}

function onDemand(make: () => unknown): PropertyDescriptor {
  let made: { readonly value: unknown } | undefined
  return { enumerable: true, configurable: true, get: () => (made ??= { value: make() }).value }
}
