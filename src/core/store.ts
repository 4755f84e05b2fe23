/**
 * Answers that were worked out before, by a key that says everything they depend on: the same key, the same value. A
 * store may forget; it never gives a value for another key.
 */
export interface Store {
  has(key: string): boolean
  get(key: string): Buffer | undefined
  set(key: string, value: string | Buffer): void
}

/** A store that ends with the process. */
export function memoryStore(): Store {
  const values = new Map<string, Buffer>()
  return {
    has: (key) => values.has(key),
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, Buffer.from(value)),
  }
}
