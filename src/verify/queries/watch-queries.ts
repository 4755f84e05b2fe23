import type { Dialect } from '../../dialects/dialect.ts'
import type { ReleaseContract } from '../../model/captured.ts'
import type { Connection } from '../../model/database.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import type { QueryState } from '../../model/query-proof.ts'
import { hidesWhatItDoes, touchedByFacts } from '../../model/touched.ts'
import type { Observer, Stop } from '../stairway.ts'
import { type Affected, affectedBy, namedBy } from './affected.ts'
import { halfBackfilled } from './half-backfill.ts'
import { changedData, declaredLosses } from './changed-data.ts'
import type { Finding } from './finding.ts'
import { type Piece, relationsOf } from './pieces.ts'
import { type DataChanges, SenderWatch, type Watched } from './sender-watch.ts'
import type { Sender } from './session.ts'

/** What was seen of the queries of earlier releases. */
export interface QueriesSeen {
  readonly contracts: readonly ReleaseContract[]
  /** Statements that the migration has nothing to do with. */
  readonly untouched: readonly Piece[]
  readonly watched: readonly SeenQuery[]
  /** The states that were looked at, in their order, besides the one before. */
  readonly states: readonly QueryState[]
  /** Roles that the scratch server does not have, so that privileges were not checked. */
  readonly missingRoles: readonly string[]
}

/** One statement that the migration may touch, and what was found in each state. */
export interface SeenQuery extends Watched {
  readonly findings: ReadonlyMap<QueryState, readonly Finding[]>
}

export interface QueryWatchInput {
  readonly migration: ParsedMigration
  readonly contracts: readonly ReleaseContract[]
  /** What `piecesOf` makes of the contracts: the same for many migrations. */
  readonly pieces: readonly Piece[]
  readonly dialect: Dialect
}

/** Asks the queries of earlier releases at each stop, and compares what they give with what they gave before. */
export class QueryWatch implements Observer {
  readonly #input: QueryWatchInput
  #senders: readonly SenderWatch[] = []
  #untouched: readonly Piece[] = []
  #missingRoles: readonly string[] = []
  #through: ReadonlySet<string> = new Set()
  #throughLosses: ReadonlySet<string> = new Set()
  readonly #found = new Map<QueryState, readonly (readonly Finding[])[]>()

  constructor(input: QueryWatchInput) {
    this.#input = input
  }

  get seen(): QueriesSeen {
    const states = [...this.#found.keys()]
    const watched = this.#senders.flatMap((sender) => sender.watched)
    return {
      contracts: this.#input.contracts,
      untouched: this.#untouched,
      missingRoles: this.#missingRoles,
      states,
      watched: watched.map((one, index) => ({
        ...one,
        findings: new Map(states.map((state) => [state, this.#found.get(state)?.[index] ?? []])),
      })),
    }
  }

  async atStop(stop: Stop, connection: Connection): Promise<void> {
    if (stop === 'before') return this.#before(connection)
    if (stop === 'after') return this.#check(connection, 'after the upgrade', this.#upgradeChanges())
    if (stop === 'reverted') return this.#check(connection, 'after the downgrade', this.#downgradeChanges())
  }

  async #before(connection: Connection): Promise<void> {
    const { migration, pieces } = this.#input
    const affected = await this.#affected(connection)
    const watched = pieces.filter((piece) => isAffected(piece, affected))
    this.#untouched = pieces.filter((piece) => !watched.includes(piece))
    this.#through = await dependents(connection, changedData(migration.upSql.statements).keys())
    this.#throughLosses = await dependents(connection, declaredLosses(migration.downLoses).keys())
    this.#missingRoles = await missingRoles(connection, watched)
    this.#senders = [...bySender(watched, this.#missingRoles)].map(
      ([, { sender, own }]) => new SenderWatch(sender, own),
    )
    for (const sender of this.#senders) await sender.before(connection)
    if (migration.backfill === undefined) return
    const half = await halfBackfilled(connection, migration.backfill, migration.upSql, this.#input.dialect)
    if (half !== undefined) await this.#check(connection, 'during the backfill', this.#upgradeChanges(), half)
  }

  async #affected(connection: Connection): Promise<Affected> {
    const { upSql, downSql } = this.#input.migration
    const [up, down] = [namedBy(upSql.statements), namedBy(downSql.statements)]
    if (up === 'everything' || down === 'everything') return 'everything'
    return affectedBy(connection, new Set([...up, ...down]))
  }

  async #check(
    connection: Connection,
    state: QueryState,
    data: DataChanges,
    first?: () => Promise<unknown>,
  ): Promise<void> {
    const found: (readonly Finding[])[] = []
    for (const sender of this.#senders) found.push(...(await sender.check(connection, data, first)))
    this.#found.set(state, found)
  }

  #upgradeChanges(): DataChanges {
    const { statements } = this.#input.migration.upSql
    return {
      changed: changedData(statements),
      through: this.#through,
      reason: (table) => `The migration itself changes rows of ${table}.`,
    }
  }

  /** Once it is reverted, rows may differ that are declared to be lost, and those that a downgrade leaves as they are. */
  #downgradeChanges(): DataChanges {
    const { downLoses, downSql } = this.#input.migration
    const leaves = touchedByFacts(downSql.statements).size === 0 && !hidesWhatItDoes(downSql.statements)
    if (leaves)
      return { ...this.#upgradeChanges(), reason: (table) => `The downgrade leaves rows of ${table} as they are.` }
    return {
      changed: declaredLosses(downLoses),
      through: this.#throughLosses,
      reason: (table) => `What is lost of ${table} is declared.`,
    }
  }
}

async function dependents(connection: Connection, tables: Iterable<string>): Promise<ReadonlySet<string>> {
  const names = new Set(tables)
  return names.size === 0 ? names : affectedBy(connection, names)
}

function isAffected(piece: Piece, affected: Affected): boolean {
  if (piece.kind === 'session') return false
  if (affected === 'everything' || piece.facts.length === 0) return true
  const { functions, types } = piece.shape
  return [...relationsOf(piece).map(({ name }) => name), ...functions, ...types].some((name) => affected.has(name))
}

async function missingRoles(connection: Connection, pieces: readonly Piece[]): Promise<readonly string[]> {
  const roles = [...new Set(pieces.flatMap(({ role }) => role ?? []))]
  if (roles.length === 0) return []
  const { rows } = await connection.query<{ rolname: string }>(
    'select rolname from pg_roles where rolname = any ($1::text[])',
    [roles],
  )
  return roles.filter((role) => !rows.some(({ rolname }) => rolname === role))
}

function bySender(
  pieces: readonly Piece[],
  missing: readonly string[],
): ReadonlyMap<string, { readonly sender: Sender; readonly own: Piece[] }> {
  const groups = new Map<string, { sender: Sender; own: Piece[] }>()
  for (const piece of pieces) {
    const role = piece.role !== null && missing.includes(piece.role) ? null : piece.role
    const key = JSON.stringify([role, piece.searchPath])
    const group = groups.get(key) ?? { sender: { role, searchPath: piece.searchPath }, own: [] }
    group.own.push(piece)
    groups.set(key, group)
  }
  return groups
}
