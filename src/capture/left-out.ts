/** Why a text is not in a contract. */
export const leftOutReasons = {
  utility: 'no queries: transactions, settings, DDL, COPY, CALL',
  catalogue: 'read only the system catalogue: monitoring, psql, introspection',
  nothing: 'name nothing of the schema, such as SELECT 1',
  own: 'of this tool itself',
  nested: 'run inside of functions',
  plan: 'of auto_explain in another form than JSON',
  lost: 'of which the server has lost the text',
  constants: 'with constants that cannot be taken out exactly',
  'not-understood': 'not understood',
} as const

export type LeftOutReason = keyof typeof leftOutReasons

/** Texts that were left out for one reason. */
export interface LeftOut {
  readonly reason: LeftOutReason
  /** Distinct texts, as far as they were told apart. */
  readonly count: number
  /** Some of them: where they stand, or how they begin. */
  readonly examples: readonly string[]
}

const maxExamples = 5

/** Counts what is left out. */
export class LeftOutCounter {
  readonly #counts = new Map<LeftOutReason, { count: number; examples: string[] }>()

  add(reason: LeftOutReason, example?: string, count = 1): void {
    if (count === 0) return
    const known = this.#counts.get(reason) ?? { count: 0, examples: [] }
    known.count += count
    if (example !== undefined && known.examples.length < maxExamples) known.examples.push(example)
    this.#counts.set(reason, known)
  }

  /** In the order of the reasons: that in which texts come is not the same everywhere. */
  all(): readonly LeftOut[] {
    const reasons = Object.keys(leftOutReasons)
    return [...this.#counts]
      .map(([reason, { count, examples }]) => ({ reason, count, examples }))
      .toSorted((a, b) => reasons.indexOf(a.reason) - reasons.indexOf(b.reason))
  }
}
