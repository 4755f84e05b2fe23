import type { Dialect } from '../../dialects/dialect.ts'
import type { ReleaseContract } from '../../model/captured.ts'
import type { Connection } from '../../model/database.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import type { QueryState } from '../../model/query-proof.ts'
import type { Observer, Stop } from '../stairway.ts'
import { type Affected, affectedBy, isAffected, namedBy } from './affected.ts'
import { halfBackfilled } from './half-backfill.ts'
import { blame, isBroken } from './blame.ts'
import { type DataChanges, type ExpectedChanges, expectedChanges } from './data-changes.ts'
import type { Finding } from './finding.ts'
import type { Piece } from './pieces.ts'
import { SenderWatch } from './sender-watch.ts'
import { bySender, missingRoles } from './senders.ts'
import type { Watched } from './watched.ts'

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
  /** The statement of the upgrade that breaks it, where that could be told. */
  readonly step: string | undefined
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
  #expected: ExpectedChanges | undefined
  #steps: ReadonlyMap<number, string> = new Map()
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
        step: this.#steps.get(index),
      })),
    }
  }

  async atStop(stop: Stop, connection: Connection): Promise<void> {
    if (stop === 'before') return this.#before(connection)
    if (stop === 'after') return this.#check(connection, 'after the upgrade', this.#expected?.upgrade)
    if (stop !== 'reverted') return
    await this.#check(connection, 'after the downgrade', this.#expected?.downgrade)
    await this.#blame(connection)
  }

  async #before(connection: Connection): Promise<void> {
    const { migration, pieces } = this.#input
    const affected = await this.#affected(connection)
    const watched = pieces.filter((piece) => isAffected(piece, affected))
    this.#untouched = pieces.filter((piece) => !watched.includes(piece))
    const { upgrade } = (this.#expected = await expectedChanges(connection, migration))
    this.#missingRoles = await missingRoles(connection, watched)
    this.#senders = bySender(watched, this.#missingRoles).map(({ sender, pieces: own }) => new SenderWatch(sender, own))
    for (const sender of this.#senders) await sender.before(connection)
    if (migration.backfill === undefined) return
    const half = await halfBackfilled(connection, migration.backfill, migration.upSql, this.#input.dialect)
    if (half !== undefined) await this.#check(connection, 'during the backfill', upgrade, half)
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
    data: DataChanges | undefined,
    first?: () => Promise<unknown>,
  ): Promise<void> {
    this.#found.set(state, await this.#ask(connection, data, first))
  }

  async #ask(
    connection: Connection,
    data: DataChanges | undefined,
    first?: () => Promise<unknown>,
  ): Promise<readonly (readonly Finding[])[]> {
    const found: (readonly Finding[])[] = []
    for (const sender of this.#senders) found.push(...(await sender.check(connection, data, first)))
    return found
  }

  async #blame(connection: Connection): Promise<void> {
    const found = this.#found.get('after the upgrade') ?? []
    const broken = [...found.keys()].filter((place) => isBroken(found[place]))
    if (broken.length === 0) return
    const changes = this.#expected?.upgrade
    const { migration } = this.#input
    this.#steps = await blame(connection, migration, broken, (first) => this.#ask(connection, changes, first))
  }
}
