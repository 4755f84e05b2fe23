import type { Dialect } from '../../dialects/dialect.ts'
import type { ReleaseContract } from '../../model/captured.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import { contractsByMigration } from './contracts.ts'
import { type Piece, piecesOf } from './pieces.ts'
import { QueryWatch } from './watch-queries.ts'

/** Who watches the captured queries of each migration of a history. */
export class QueryWatches {
  readonly #contracts: ReturnType<typeof contractsByMigration>
  readonly #dialect: Dialect
  /** Read once for all migrations that the same contracts count for. */
  readonly #pieces = new Map<string, readonly Piece[]>()

  constructor(history: readonly ParsedMigration[], contracts: readonly ReleaseContract[], dialect: Dialect) {
    this.#contracts = contractsByMigration(
      history.map(({ id }) => id),
      contracts,
    )
    this.#dialect = dialect
  }

  /** Undefined where nothing was captured that counts. */
  of(migration: ParsedMigration): QueryWatch | undefined {
    const contracts = this.#contracts.get(migration.id)
    if (contracts === undefined) return undefined
    const key = JSON.stringify(contracts.map(({ release }) => release))
    const pieces = this.#pieces.get(key) ?? piecesOf(contracts, this.#dialect)
    this.#pieces.set(key, pieces)
    return new QueryWatch({ migration, contracts, pieces, dialect: this.#dialect })
  }
}
