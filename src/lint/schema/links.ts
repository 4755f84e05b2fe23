/** Each target with those that may refer to it. */
export type LinkEntries = readonly (readonly [target: string, referrers: readonly string[]])[]

/**
 * Who may refer to what, so that a change finds them without looking at everything: all that refer to it, and some that
 * once did. It only grows; whoever asks looks whether the link is still there.
 */
export class Links {
  private readonly referrers: Map<string, Set<string>> = new Map()

  note(referrer: string, target: string): void {
    const known = this.referrers.get(target)
    if (known === undefined) this.referrers.set(target, new Set([referrer]))
    else known.add(referrer)
  }

  /** As plain data. */
  entries(): LinkEntries {
    return [...this.referrers].map(([target, referrers]) => [target, [...referrers]] as const)
  }

  noteAll(entries: LinkEntries): void {
    for (const [target, referrers] of entries) this.referrers.set(target, new Set([...this.to(target), ...referrers]))
  }

  /** Keys of those that may refer to `target`. A list of its own: more may be noted while it is read. */
  to(target: string): readonly string[] {
    const known = this.referrers.get(target)
    return known === undefined ? nobody : [...known]
  }
}

const nobody: readonly string[] = []
