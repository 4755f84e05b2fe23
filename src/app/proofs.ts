import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { ParsedMigration } from '../model/migration.ts'
import type { Proof } from '../model/proof.ts'
import { parseProof, proofState, proofText } from '../verify/proof-files.ts'
import type { ProofState } from '../verify/proof-files.ts'
import type { Context } from './context.ts'

/** What is stored about a migration's downgrade, and whether it speaks of the files as they are now. */
export interface StoredProof {
  readonly proof: Proof | undefined
  readonly state: ProofState
}

/** Reads `proofs/<id>.json` beside the migrations. */
export async function storedProof(context: Context, migration: ParsedMigration): Promise<StoredProof> {
  const text = await readFile(resolve(context.cwd, proofPath(context, migration.id)), 'utf8').catch(() => undefined)
  const proof = text === undefined ? undefined : parseProof(text)
  return { proof, state: proofState(proof, migration, context.dialect) }
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
