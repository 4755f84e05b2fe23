/** Each target with those that may refer to it. */
export type LinkEntries = readonly (readonly [target: string, referrers: readonly string[]])[]

/**
 * Who may refer to what, so that a change finds them without looking at everything: all that refer to it, and some that
 * once did. It only grows; whoever asks looks whether the link is still there.
 */
export class Links {
  private readonly referrers: Map<string, Set<string>> = new Map()
  /** Those of a schema that was kept, as they came: most are never asked for. */
  private kept: ReadonlyMap<string, readonly string[]> = new Map()

  note(referrer: string, target: string): void {
    const known = this.referrers.get(target)
    if (known === undefined) this.referrers.set(target, new Set([referrer]))
    else known.add(referrer)
  }

  /** As plain data. */
  entries(): LinkEntries {
    const targets = new Set([...this.kept.keys(), ...this.referrers.keys()])
    return [...targets].map((target) => [target, this.to(target)] as const)
  }

  /** The links that `entries` gave, for one that knows none. */
  keep(entries: LinkEntries): void {
    this.kept = new Map(entries)
  }

  /** Keys of those that may refer to `target`. A list of its own: more may be noted while it is read. */
  to(target: string): readonly string[] {
    const known = this.referrers.get(target)
    const kept = this.kept.get(target) ?? nobody
    if (known === undefined) return kept
    return kept.length === 0 ? [...known] : [...new Set([...kept, ...known])]
  }
}

/** Stands for the name of a type that is not known. */
export const notTold = ''

const nobody: readonly string[] = []
