import { join, resolve } from 'node:path'
import { plural } from '../../core/text.ts'
import { systemClock } from '../../core/time.ts'
import { type Claims, claimsOf } from '../../lint/claims.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import { verifyText } from '../../verify/show.ts'
import { shortfall } from '../../verify/trust.ts'
import { verify } from '../../verify/verify.ts'
import type { Answer } from '../answer.ts'
import { directoryHistory } from '../context.ts'
import type { Context } from '../context.ts'
import { storedProofs, writeProofs } from '../proofs.ts'
import { readSnapshotFile } from '../snapshot-file.ts'
import { idOf } from '../run-options.ts'
import { startShadow } from '../shadow-server.ts'
import type { ShadowRequest } from '../shadow-server.ts'
import { toolName } from '../../core/tool-version.ts'

export interface VerifyRequest extends ShadowRequest {
  /** Ids, names or files; empty: those without a valid proof. */
  readonly migrations: readonly string[]
  readonly all: boolean
  /** The last n of the history. */
  readonly last?: number | undefined
  /** A file of `migrate snapshot`: what is measured is scaled to the sizes in it. */
  readonly snapshot?: string | undefined
  /** Write the proofs beside the migrations. */
  readonly write: boolean
  readonly onProgress: (text: string) => void
}

/** How good each downgrade is, found out on a scratch server. */
export async function answerVerify(context: Context, request: VerifyRequest): Promise<Answer> {
  const history = await directoryHistory(context, 'read')
  const ids = await wantedIds(context, request, history)
  if (ids.length === 0) return nothingToVerify(history.length)
  const server = await startShadow(context, request)
  const report = await verify({
    history,
    ids,
    server,
    dialect: context.dialect,
    tool: toolName,
    clock: systemClock,
    claims: claimsFor(context, history, ids),
    sizes: await sizesFor(context, request),
    onProgress: ({ id, name, number, total }) => request.onProgress(`verifying ${number} of ${total}: ${id} ${name}`),
  }).finally(() => server.stop())
  const proofs = report.results.map(({ proof }) => proof)
  // Other tools would take a folder of proofs for a migration.
  const isOurs = history.every(({ tool }) => tool === undefined)
  const written = request.write && isOurs ? await writeProofs(context, proofs) : []
  const results = report.results.map(({ proof, differences, unseeded, measured }) => ({
    proof,
    differences,
    unseeded,
    measured,
  }))
  return {
    exit: proofs.every((proof) => shortfall(proof, context.loaded.config.verify.level) === undefined) ? 'ok' : 'no',
    json: { version: 1, server: report.server, shadow: report.shadow, results, written },
    text: (style) => verifyText(report, style) + writtenText(written, context),
  }
}

/** What lint claims; nothing for a version of which it makes no claims. */
function claimsFor(
  { dialect }: Context,
  history: readonly ParsedMigration[],
  ids: readonly string[],
): (target: number) => ReadonlyMap<string, Claims> {
  return (target) =>
    dialect.versions.includes(target) ? claimsOf(history, new Set(ids), { dialect, target }) : new Map()
}

/** Sizes of the live database, where a snapshot of it is named. */
async function sizesFor(
  { cwd, loaded }: Context,
  { snapshot }: VerifyRequest,
): Promise<Snapshot['tables'] | undefined> {
  const { snapshot: configured } = loaded.config.lint
  if (snapshot !== undefined) return (await readSnapshotFile(resolve(cwd, snapshot), snapshot)).tables
  if (configured === undefined) return undefined
  return (await readSnapshotFile(resolve(loaded.root, configured), configured)).tables
}

async function wantedIds(
  context: Context,
  { migrations, all, last }: VerifyRequest,
  history: readonly ParsedMigration[],
): Promise<readonly string[]> {
  if (migrations.length > 0) return migrations.map((named) => idOf(named, history))
  if (all) return history.map(({ id }) => id)
  if (last !== undefined) return history.slice(-last).map(({ id }) => id)
  const stored = await storedProofs(context, history)
  return history.map(({ id }) => id).filter((id) => stored.get(id)?.state !== 'valid')
}

function nothingToVerify(count: number): Answer {
  const text = `Nothing to verify: all ${plural(count, 'migration')} have a valid proof. Verify them again with --all.\n`
  return { exit: 'ok', json: { version: 1, server: null, shadow: null, results: [], written: [] }, text: () => text }
}

function writtenText(written: readonly string[], { directory }: Context): string {
  return written.length === 0 ? '' : `Wrote ${plural(written.length, 'proof')} to ${join(directory, 'proofs')}.\n`
}
