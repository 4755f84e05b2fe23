import type { QueryProof } from '../../model/query-proof.ts'
import type { ProofReport } from '../report.ts'

/** What `queries check` has to say, for people and for other programs. */
export interface QueryReport {
  readonly entries: readonly QueryEntry[]
  /** What they were checked on: `PostgreSQL 18.4`, and where it came from. Null where every proof is valid. */
  readonly server: string | null
  readonly shadow: string | null
}

/** One migration of a report. */
export interface QueryEntry {
  readonly id: string
  readonly name: string
  readonly path: string
  /** Checked in this run, or read from a valid proof. */
  readonly from: 'run' | 'file'
  /** Null: nothing was captured that counts for it. */
  readonly queries: QueryProof | null
  /** Why the queries could not be asked on the new schema, as a sentence; absent where they were. */
  readonly unable?: string
}

/** What of a report on proofs is about captured queries. */
export function queryReport({ entries, server, shadow }: ProofReport): QueryReport {
  return {
    server,
    shadow,
    entries: entries.flatMap(({ id, name, path, from, proof }): readonly QueryEntry[] => {
      if (proof === undefined) return []
      const failed = proof.after === null ? proof.levels.find(({ level }) => level === 'D1')?.evidence : undefined
      return [{ id, name, path, from, queries: proof.queries, ...(failed === undefined ? {} : { unable: failed }) }]
    }),
  }
}

export function isBroken({ queries }: QueryEntry): boolean {
  return queries !== null && queries.broken.length > 0
}
