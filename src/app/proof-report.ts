import { join } from 'node:path'
import type { Migration } from '../model/migration.ts'
import type { Level } from '../model/proof.ts'
import type { FileProblem, ProofEntry, ProofReport } from '../verify/report.ts'
import { contradiction } from '../verify/proof-files.ts'
import { shortfall } from '../verify/trust.ts'
import type { VerifyReport, VerifyResult } from '../verify/verify.ts'
import type { StoredProof } from './proofs.ts'

/** What a run of `verify` found, in memory and in the proof files. */
export interface Found {
  /** The migrations that the answer is about. */
  readonly migrations: readonly Migration[]
  readonly stored: ReadonlyMap<string, StoredProof>
  /** What was verified anew; undefined: nothing had to be, or nothing could be. */
  readonly made: VerifyReport | undefined
  readonly unable?: string | undefined
  readonly passedOver: readonly string[]
  readonly check: boolean
  /** The level that is asked for. */
  readonly wanted: Level
  readonly obsolete: readonly string[]
  readonly written: readonly string[]
  readonly removed: readonly string[]
  readonly directory: string
}

/** The same for people and other programs. */
export function proofReport(found: Found): ProofReport {
  const made = new Map(found.made?.results.map((result) => [result.migration.id, result]))
  const { unable, check, obsolete, written, removed, directory } = found
  return {
    entries: found.migrations.map((migration) => entryOf(migration, made.get(migration.id), found)),
    server: found.made?.server ?? null,
    shadow: found.made?.shadow ?? null,
    hides: found.made?.hides ?? [],
    passedOver: found.passedOver,
    ...(unable === undefined ? {} : { unable }),
    check,
    obsolete,
    written,
    removed,
    folder: join(directory, 'proofs'),
  }
}

function entryOf({ id, name, source }: Migration, made: VerifyResult | undefined, found: Found): ProofEntry {
  const stored = found.stored.get(id)
  const proof = made?.proof ?? (stored?.state === 'valid' ? stored.proof : undefined)
  const short = proof === undefined ? undefined : shortfall(proof, found.wanted)
  const file = found.check ? fileProblem(stored, made) : undefined
  return {
    id,
    name,
    path: source.path,
    ...(proof === undefined ? {} : { proof }),
    from: stored?.state === 'valid' && made === undefined ? 'file' : 'run',
    ...(short === undefined ? {} : { refused: `The downgrade ${short.text}` }),
    ...(file === undefined ? {} : { file }),
    ...(made === undefined ? {} : { seen: seenOf(made) }),
  }
}

function seenOf({ migration: _migration, proof: _proof, ...seen }: VerifyResult): NonNullable<ProofEntry['seen']> {
  return seen
}

function fileProblem(stored: StoredProof | undefined, made: VerifyResult | undefined): FileProblem | undefined {
  if (stored?.proof === undefined) {
    const why = stored?.problem === undefined ? '' : ` ${stored.problem}`
    return { state: 'missing', text: `There is no proof.${why}` }
  }
  if (stored.state !== 'valid') return { state: 'stale', text: `Its proof is stale. ${stored.problem ?? ''}`.trim() }
  const text = made === undefined ? undefined : contradiction(stored.proof, made.proof)
  return text === undefined ? undefined : { state: 'differs', text }
}
