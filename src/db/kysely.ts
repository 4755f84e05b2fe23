import type { CompiledQuery, DatabaseConnection, Dialect, Driver, Kysely, QueryResult } from 'kysely'
import type { Connection } from '../model/database.ts'

/**
 * Kysely over one session that is open already, of either kind. It never opens, pools or closes anything: what it runs
 * runs in the session's own transaction, and the session stays its owner's to close.
 */
export async function kyselyOn<T>(connection: Connection): Promise<Kysely<T>> {
  const { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } = await import('./kysely-parts.ts')
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new OneSessionDriver(connection),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
  return new Kysely<T>({ dialect })
}

class OneSessionDriver implements Driver {
  readonly #session: OneSession

  constructor(connection: Connection) {
    this.#session = new OneSession(connection)
  }

  init(): Promise<void> {
    return Promise.resolve()
  }

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#session)
  }

  async beginTransaction(): Promise<void> {
    await this.#session.connection.run('begin')
  }

  async commitTransaction(): Promise<void> {
    await this.#session.connection.run('commit')
  }

  async rollbackTransaction(): Promise<void> {
    await this.#session.connection.run('rollback')
  }

  releaseConnection(): Promise<void> {
    return Promise.resolve()
  }

  destroy(): Promise<void> {
    return Promise.resolve()
  }
}

class OneSession implements DatabaseConnection {
  readonly connection: Connection

  constructor(connection: Connection) {
    this.connection = connection
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, count } = await this.connection.query<R>(query.sql, query.parameters)
    const changes = ['InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode', 'MergeQueryNode'].includes(
      query.query.kind,
    )
    return changes ? { rows: [...rows], numAffectedRows: BigInt(count) } : { rows: [...rows] }
  }

  // eslint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    await Promise.reject(new Error('Rows cannot be streamed over one session: use execute() with a limit.'))
  }
}
