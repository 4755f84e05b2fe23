import { asBytes } from '../../core/own-data.ts'

/** A map whose values may still be packed: one is unpacked when somebody asks for it, all when somebody asks for all. */
export class LazyMap<Value> extends Map<string, Value> {
  private packed: Map<string, Buffer> | undefined
  private readonly form = asBytes<Value>()

  setPacked(key: string, bytes: Buffer): void {
    this.packed ??= new Map()
    this.packed.set(key, bytes)
  }

  /** The values as they are kept; what nobody asked for is as it came. */
  allPacked(): readonly (readonly [string, string | Buffer])[] {
    const own = [...super.entries()].map(([key, value]) => [key, this.form.pack(value)] as const)
    return [...own, ...(this.packed ?? [])]
  }

  override get(key: string): Value | undefined {
    const bytes = this.packed?.get(key)
    if (bytes === undefined) return super.get(key)
    const value = this.form.unpack(bytes)
    this.packed?.delete(key)
    // It is no change: whoever keeps what is replaced need not hear of it.
    super.set(key, value)
    return value
  }

  override has(key: string): boolean {
    return super.has(key) || this.packed?.has(key) === true
  }

  override set(key: string, value: Value): this {
    this.packed?.delete(key)
    return super.set(key, value)
  }

  override delete(key: string): boolean {
    return this.packed?.delete(key) === true || super.delete(key)
  }

  override clear(): void {
    this.packed = undefined
    super.clear()
  }

  override get size(): number {
    return super.size + (this.packed?.size ?? 0)
  }

  /** The keys, with what is packed left as it is. */
  names(): readonly string[] {
    return [...super.keys(), ...(this.packed?.keys() ?? [])]
  }

  override keys(): MapIterator<string> {
    this.unpackAll()
    return super.keys()
  }

  override values(): MapIterator<Value> {
    this.unpackAll()
    return super.values()
  }

  override entries(): MapIterator<[string, Value]> {
    this.unpackAll()
    return super.entries()
  }

  override [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries()
  }

  override forEach(visit: (value: Value, key: string, map: Map<string, Value>) => void): void {
    for (const [key, value] of this) visit(value, key, this)
  }

  private unpackAll(): void {
    for (const key of this.packed?.keys() ?? []) this.get(key)
    this.packed = undefined
  }
}
