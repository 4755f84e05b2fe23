import { LazyMap } from './lazy-map.ts'

/** How often keys came to, or went from, maps that belong together. */
export interface KeyChanges {
  count: number
}

/** A map that can go back: while a mark is held, each change keeps what it replaced. Costs what changed, not what is there. */
export class UndoMap<Value> extends LazyMap<Value> {
  private replaced: { readonly key: string; readonly had: boolean; readonly value: Value | undefined }[] | undefined

  private readonly keyChanges: KeyChanges

  constructor(keyChanges: KeyChanges = { count: 0 }) {
    super()
    this.keyChanges = keyChanges
  }

  override set(key: string, value: Value): this {
    this.keep(key)
    if (!this.has(key)) this.keyChanges.count += 1
    return super.set(key, value)
  }

  override delete(key: string): boolean {
    this.keep(key)
    this.keyChanges.count += 1
    return super.delete(key)
  }

  /** A point to go back to, as often as wanted, until `forget`. */
  mark(): number {
    this.replaced ??= []
    return this.replaced.length
  }

  backTo(mark: number): void {
    const kept = this.replaced ?? []
    if (kept.length > mark) this.keyChanges.count += 1
    for (const { key, had, value } of kept.splice(mark).toReversed()) {
      if (had && value !== undefined) super.set(key, value)
      else super.delete(key)
    }
  }

  /** No mark is held any more. */
  forget(): void {
    this.replaced = undefined
  }

  private keep(key: string): void {
    this.replaced?.push({ key, had: this.has(key), value: this.get(key) })
  }
}
