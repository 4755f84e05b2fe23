import { resolve } from 'node:path'
import { ToolkitError, messageOf } from '../../core/errors.ts'
import { parseDuration, systemClock } from '../../core/time.ts'
import { toolName } from '../../core/tool-version.ts'
import { type Claims, claimsOf } from '../../lint/claims.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import type { ProofReport } from '../../verify/report.ts'
import type { ReportStyle } from '../../model/report.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import { verifyJson } from '../../verify/reports/json.ts'
import { verifyJunit } from '../../verify/reports/junit.ts'
import { verifyMarkdown } from '../../verify/reports/markdown.ts'
import { refuseSideEffects } from '../../verify/side-effects.ts'
import { verifyText } from '../../verify/show.ts'
import { verify } from '../../verify/verify.ts'
import type { VerifyReport } from '../../verify/verify.ts'
import type { Answer } from '../answer.ts'
import { directoryHistory, openCache } from '../context.ts'
import type { Context } from '../context.ts'
import { proofReport } from '../proof-report.ts'
import { obsoleteProofs, removeProofs, storedProofs, writeProofs } from '../proofs.ts'
import type { StoredProof } from '../proofs.ts'
import type { StartedShadow } from '../../shadows/start.ts'
import { type ReportForms, reportForm } from '../report-form.ts'
import { askedContracts } from '../asked-contracts.ts'
import { readReleaseContracts } from '../release-contracts.ts'
import { parseSeeds, readSeedSources } from '../seed-files.ts'
import { idOf } from '../run-options.ts'
import { readSnapshotFile } from '../snapshot-file.ts'
import { onShadow } from '../shadow-server.ts'
import type { ShadowRequest } from '../shadow-server.ts'

export interface VerifyRequest extends ShadowRequest {
  /** Ids, names or files; empty: those without a valid proof. */
  readonly migrations: readonly string[]
  readonly all: boolean
  /** The last n of the history. */
  readonly last?: number | undefined
  /** A file of `migrate snapshot`: what is measured is scaled to the sizes in it. */
  readonly snapshot?: string | undefined
  /** Write the proofs beside the migrations, and remove those of migrations that there are not. */
  readonly write: boolean
  /** Write nothing; say no where a proof file is missing, stale, or says something else than what is found now. */
  readonly check?: boolean | undefined
  /** How long a section may take: `30s`; that of the configuration, else a minute, when absent. */
  readonly deadline?: string | undefined
  /** Let through what acts outside the scratch database, on a server that is thrown away. */
  readonly allowSideEffects?: boolean | undefined
  /** Captured queries of these releases alone, for every migration; each has to keep the newest before it when absent. */
  readonly releases?: readonly string[] | undefined
  readonly onProgress: (text: string) => void
}

/** What `verify` has to say, in every form that there is. */
export interface VerifyAnswer extends Answer {
  readonly report: ProofReport
  /**
   * The report in one of `verifyFormats`.
   *
   * @throws ToolkitError `command-invalid` for another
   */
  as(format: string, style: ReportStyle): Promise<string>
}

/** How good each downgrade is, found out on a scratch server where no proof file says it. */
export async function answerVerify(context: Context, request: VerifyRequest): Promise<VerifyAnswer> {
  const store = openCache(context)
  const history = await directoryHistory(context, 'read', { store })
  // Other tools would take a folder of proofs for a migration.
  const isOurs = history.every(({ tool }) => tool === undefined)
  const check = request.check === true
  if (check && !isOurs) throw withoutProofs()
  const stored = await storedProofs(context, history, store)
  store?.save()
  const ids = askedIds(request, history)
  const anew = ids ?? history.map(({ id }) => id).filter((id) => stored.get(id)?.state !== 'valid')
  const made: Made = anew.length === 0 ? {} : await verifyAnew(context, request, { history, ids: anew, stored })
  const writes = request.write && !check && isOurs
  const proofs = made.report?.results.map(({ proof }) => proof) ?? []
  const written = writes ? await writeProofs(context, proofs) : []
  const obsolete = isOurs ? await obsoleteProofs(context, history) : []
  const removed = writes ? await removeProofs(context, obsolete) : []
  const report = proofReport({
    migrations: history.filter(({ id }) => ids?.includes(id) ?? true),
    stored,
    made: made.report,
    unable: made.unable,
    passedOver: made.passedOver ?? [],
    check,
    wanted: context.loaded.config.verify.level,
    obsolete,
    written,
    removed,
    directory: context.directory,
  })
  return answerOf(report)
}

function answerOf(report: ProofReport): VerifyAnswer {
  const fails = report.entries.some(({ refused, file }) => refused !== undefined || file !== undefined)
  return {
    report,
    exit: fails ? 'no' : 'ok',
    json: verifyJson(report),
    text: (style) => verifyText(report, style),
    as: async (format, style) => reportForm(forms, format)(report, style),
  }
}

const forms: ReportForms<ProofReport> = {
  terminal: verifyText,
  json: (report) => `${JSON.stringify(verifyJson(report), null, 2)}\n`,
  junit: verifyJunit,
  markdown: verifyMarkdown,
}

function withoutProofs(): ToolkitError {
  return new ToolkitError({
    code: 'command-invalid',
    message: '--check looks at proof files, which are only kept beside migrations of the native layout.',
    hint: 'Verify them all instead: migrate verify --all',
  })
}

/** The ids that were asked for, proof or not; undefined: those without a valid one. */
function askedIds(
  { migrations, all, last }: VerifyRequest,
  history: readonly ParsedMigration[],
): readonly string[] | undefined {
  if (migrations.length > 0) return migrations.map((named) => idOf(named, history))
  if (all) return history.map(({ id }) => id)
  return last === undefined ? undefined : history.slice(-last).map(({ id }) => id)
}

interface Anew {
  readonly history: readonly ParsedMigration[]
  readonly ids: readonly string[]
  readonly stored: ReadonlyMap<string, StoredProof>
}

interface Made {
  readonly report?: VerifyReport
  /** Scratch servers that were not taken. */
  readonly passedOver?: readonly string[]
  readonly unable?: string
}

/** With `--check` a proof that is missing is an answer, also where there is no server to make it on. */
async function verifyAnew(context: Context, request: VerifyRequest, anew: Anew): Promise<Made> {
  // What earlier runs read is enough for the keys; what is run has to be understood too.
  await context.dialect.load()
  const { history } = anew
  try {
    return await onShadow(context, { request, history }, (server) => verifyOn(server, context, request, anew))
  } catch (error) {
    if (request.check === true && error instanceof ToolkitError && error.code === 'shadow-unavailable')
      return { unable: messageOf(error) }
    throw error
  }
}

async function verifyOn(
  server: StartedShadow,
  context: Context,
  request: VerifyRequest,
  { history, ids, stored }: Anew,
): Promise<Made> {
  // A server that is named is used by others too.
  const throwAway = server.id !== 'url'
  const seeds = await readSeedSources(context)
  const policy = { throwAway, allowed: request.allowSideEffects === true }
  const asked = history.filter(({ id }) => ids.includes(id))
  const last = history.findLastIndex(({ id }) => ids.includes(id))
  refuseSideEffects(context.dialect, { upgrades: history.slice(0, last + 1), downgrades: asked, seeds }, policy)
  const report = await verify({
    history,
    ids,
    keys: [...stored.values()].map(({ key }) => key),
    server,
    seeds: parseSeeds(seeds, history, context),
    throwAway,
    deadlineMs: deadlineOf(context, request),
    dialect: context.dialect,
    tool: toolName,
    clock: systemClock,
    claims: claimsFor(context, history, ids),
    contracts: askedContracts(readReleaseContracts(context), request.releases),
    sizes: await sizesFor(context, request),
    onProgress: ({ id, name, number, total }) => request.onProgress(`verifying ${number} of ${total}: ${id} ${name}`),
  })
  return { report, passedOver: server.passedOver }
}

function deadlineOf(
  { loaded }: Context,
  { deadline = loaded.config.verify.deadline }: VerifyRequest,
): number | undefined {
  return deadline === undefined ? undefined : parseDuration(deadline)
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
