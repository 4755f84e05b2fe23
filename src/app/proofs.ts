import { readdir, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Store } from '../core/store.ts'
import type { Migration } from '../model/migration.ts'
import type { Proof, ProofKey } from '../model/proof.ts'
import { isProofFile, parseProof, proofState, proofText, staleness } from '../verify/proof-files.ts'
import type { ProofState, ReadProof } from '../verify/proof-files.ts'
import { areKeyed, proofKeys } from '../verify/proof-key.ts'
import { queryHashes } from '../verify/queries/contracts.ts'
import type { Context } from './context.ts'
import { readReleaseContracts } from './release-contracts.ts'
import { readSeedSources, seedHash } from './seed-files.ts'
import { writeOutput } from './write-output.ts'

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
  const keys = proofKeys(
    history,
    context.dialect,
    {
      seed: seedHash(await readSeedSources(context)),
      queries: queryHashes(history, readReleaseContracts(context)),
    },
    store,
  )
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

/**
 * Proof files of migrations that there are not, as paths are shown. Only what is named as a proof and is one, of whatever
 * version, counts: other files are somebody's.
 */
export async function obsoleteProofs(context: Context, history: readonly Migration[]): Promise<readonly string[]> {
  const names = await readdir(resolve(context.cwd, context.directory, 'proofs')).catch(() => [])
  const known = new Set(history.map(({ id }) => `${id}.json`))
  const others = names.filter((name) => /^\d+\.json$/.test(name) && !known.has(name)).toSorted()
  const ours = await Promise.all(
    others.map(async (name) => {
      const path = proofPath(context, name.slice(0, -'.json'.length))
      const text = await readFile(resolve(context.cwd, path), 'utf8').catch(() => '')
      return isProofFile(text) ? [path] : []
    }),
  )
  return ours.flat()
}

export async function removeProofs({ cwd }: Context, paths: readonly string[]): Promise<readonly string[]> {
  await Promise.all(paths.map((path) => rm(resolve(cwd, path), { force: true })))
  return paths
}

/** Writes proofs, each file whole; gives the paths as they are shown. */
export async function writeProofs(context: Context, proofs: readonly Proof[]): Promise<readonly string[]> {
  if (proofs.length === 0) return []
  return Promise.all(
    proofs.map(async (proof) => {
      const path = proofPath(context, proof.id)
      await writeOutput(resolve(context.cwd, path), path, proofText(proof))
      return path
    }),
  )
}

function proofPath({ directory }: Context, id: string): string {
  return join(directory, 'proofs', `${id}.json`)
}
