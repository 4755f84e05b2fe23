import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Store } from '../core/store.ts'
import type { Migration } from '../model/migration.ts'
import type { Proof, ProofKey } from '../model/proof.ts'
import { parseProof, proofState, proofText, staleness } from '../verify/proof-files.ts'
import type { ProofState, ReadProof } from '../verify/proof-files.ts'
import { areKeyed, proofKeys } from '../verify/proof-key.ts'
import type { Context } from './context.ts'

/** What is stored about a migration's downgrade, and whether it speaks of the files as they are now. */
export interface StoredProof {
  readonly proof: Proof | undefined
  readonly state: ProofState
  /** One sentence on why it is stale, or missing although there is a file. */
  readonly problem: string | undefined
  readonly key: ProofKey
}

/** Reads `proofs/<id>.json` beside the migrations, for each of a whole history in its order. */
export async function storedProofs(
  context: Context,
  history: readonly Migration[],
  store?: Store,
): Promise<ReadonlyMap<string, StoredProof>> {
  if (!areKeyed(history, store)) await context.dialect.load()
  const keys = proofKeys(history, context.dialect, {}, store)
  const found = await Promise.all(keys.map(async (key) => [key.id, await storedProof(context, key)] as const))
  return new Map(found)
}

async function storedProof(context: Context, key: ProofKey): Promise<StoredProof> {
  const { proof, problem } = await readProof(context, key.id)
  const stale = proof === undefined ? undefined : staleness(proof, key)
  return { proof, state: proofState(proof, key), problem: problem ?? stale, key }
}

/** What lies in `proofs/<id>.json`, whatever it was made from. */
export async function readProof(context: Context, id: string): Promise<ReadProof> {
  const text = await readFile(resolve(context.cwd, proofPath(context, id)), 'utf8').catch(() => undefined)
  return text === undefined ? {} : parseProof(text)
}

/** Writes proofs; gives the paths as they are shown. */
export async function writeProofs(context: Context, proofs: readonly Proof[]): Promise<readonly string[]> {
  if (proofs.length === 0) return []
  await mkdir(resolve(context.cwd, context.directory, 'proofs'), { recursive: true })
  return Promise.all(
    proofs.map(async (proof) => {
      const path = proofPath(context, proof.id)
      await writeFile(resolve(context.cwd, path), proofText(proof))
      return path
    }),
  )
}

function proofPath({ directory }: Context, id: string): string {
  return join(directory, 'proofs', `${id}.json`)
}
