/** What a gate answers. Only `open` lets a step through; `unknown` never does. */
export type Verdict =
  | { readonly status: 'open'; readonly evidence: string }
  | { readonly status: 'closed'; readonly reason: string; readonly askAgainAfterMs?: number }
  | { readonly status: 'unknown'; readonly reason: string }

/** A verdict with the question it answers. */
export interface AskedVerdict {
  readonly gate: string
  readonly options: Readonly<Record<string, string>>
  readonly verdict: Verdict
}
