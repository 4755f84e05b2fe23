import { ToolkitError } from '../../core/errors.ts'
import { indent, listOf, plural } from '../../core/text.ts'
import type { Connection } from '../../model/database.ts'
import type { JournalState } from '../../model/journal.ts'
import type { Migration } from '../../model/migration.ts'
import type { Proof, ProofKey } from '../../model/proof.ts'
import { differenceText } from '../../verify/compare.ts'
import { type DriftDifference, driftOf } from '../../verify/drift/drift-of.ts'
import type { Fingerprint } from '../../verify/fingerprint.ts'
import { ofNewDatabases, schemaAfter } from '../../verify/schema-change.ts'
import type { Context } from '../context.ts'
import { readLiveSchema } from '../live-schema.ts'
import { storedProofs } from '../proofs.ts'
import type { StoredProof } from '../proofs.ts'
import { majorOf } from '../target.ts'

/**
 * Whether the live schema is the one that the proofs of what is pending begin with: what the applied migrations made when
 * they were verified. What is told of roles is not compared, nor what `drift.ignore` lets differ.
 *
 * @throws ToolkitError `schema-unknown`, `schema-differs`
 */
export async function refuseOtherSchema(
  context: Context,
  history: readonly Migration[],
  { connection, state }: { readonly connection: Connection; readonly state: JournalState },
): Promise<void> {
  const { journalSchema, drift } = context.loaded.config
  const stored = await storedProofs(context, history)
  const applied = state.applied.map(({ id }) => id)
  const expected = schemaAfter(knownProofs(applied, stored))
  const halfDone = new Set(state.unfinished.flatMap(({ migration }) => touchedBy(migration, stored)))
  const { schema } = await readLiveSchema(connection, { journalSchema })
  const differences = differencesOf({ ...schema, objects: expected }, schema, {
    ignore: drift.ignore,
    leaveOut: (object) => halfDone.has(object) || (ofNewDatabases.has(object) && !(object in expected)),
  })
  if (differences.length > 0) throw differs(differences, otherServers(applied, stored, majorOf(connection)))
}

interface Compared {
  readonly ignore: readonly string[]
  readonly leaveOut: (object: string) => boolean
}

function differencesOf(
  expected: Fingerprint,
  live: Fingerprint,
  { ignore, leaveOut }: Compared,
): readonly DriftDifference[] {
  const nobody = new Set<string>()
  const drift = driftOf({ expected, live, expectedRoles: nobody, liveRoles: nobody, roles: 'none', ignore })
  // The version of an extension changes with the server's packages.
  return drift.differences.filter(({ kind, object }) => kind === 'schema' && !leaveOut(object))
}

/** The proofs of what is applied, in that order. A schema depends on upgrades alone, so seeds and downgrades may differ. */
function knownProofs(applied: readonly string[], stored: ReadonlyMap<string, StoredProof>): readonly Proof[] {
  const found = applied.map((id) => ({ id, proof: ofSameUpgrades(stored.get(id)) }))
  const unknown = found.filter(({ proof }) => proof === undefined).map(({ id }) => id)
  if (unknown.length === 0) return found.flatMap(({ proof }) => proof ?? [])
  const shown =
    unknown.length > 3 ? `${unknown.slice(0, 3).join(', ')} and ${unknown.length - 3} more` : listOf(unknown)
  throw new ToolkitError({
    code: 'schema-unknown',
    message: `Nobody knows what the schema should be now: of what is applied, ${shown} has no valid proof. Nothing was changed.`,
    hint: 'Prove them with: migrate verify — or do without the comparison: "safe": { "schema": "skip" } in the configuration',
  })
}

function ofSameUpgrades(stored: StoredProof | undefined): Proof | undefined {
  if (stored?.proof === undefined) return undefined
  const { proof, key } = stored
  return proof.after !== null && isSameUpgrade(proof, key) ? proof : undefined
}

function isSameUpgrade(proof: Proof, key: ProofKey): boolean {
  return proof.id === key.id && proof.up === key.up && proof.history === key.history
}

/** What stopped in its middle has made a part of its change. */
function touchedBy(migration: string, stored: ReadonlyMap<string, StoredProof>): readonly string[] {
  return Object.keys(stored.get(migration)?.proof?.changes ?? {})
}

function otherServers(
  applied: readonly string[],
  stored: ReadonlyMap<string, StoredProof>,
  target: number,
): readonly string[] {
  const majors = applied.map((id) => /^PostgreSQL (\d+)/.exec(stored.get(id)?.proof?.server ?? '')?.[1])
  return [...new Set(majors.filter((major) => major !== undefined && Number(major) !== target))].flatMap(
    (major) => major ?? [],
  )
}

/** More are told by `migrate drift`. */
const shownDifferences = 10

function differs(differences: readonly DriftDifference[], servers: readonly string[]): ToolkitError {
  const shown = differences.slice(0, shownDifferences).map(differenceText)
  const more = differences.length - shown.length
  const other =
    servers.length === 0
      ? []
      : [
          `It was proven on PostgreSQL ${listOf(servers)}, where the same schema may be told otherwise: migrate verify --all --target MAJOR`,
        ]
  return new ToolkitError({
    code: 'schema-differs',
    message: `The live schema is not the one that the downgrades are proven on: ${plural(differences.length, 'difference')} from what the applied migrations make. Nothing was changed.`,
    details: [...shown.map((line) => indent(line, 2)), ...(more > 0 ? [`  … and ${more} more`] : []), ...other].join(
      '\n',
    ),
    hint: 'See all of it with: migrate drift — then bring it back, write it as a migration, or let it differ: drift.ignore in the configuration',
  })
}
