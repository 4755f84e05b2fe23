import type { Client, ClientConfig, Query } from 'pg'
import { ToolkitError } from '../core/errors.ts'
import type { Connection, Notice, QueryResult, ResultColumn, Row, TextResult } from '../model/database.ts'
import { requestCancel } from './cancel-request.ts'
import type { ConnectOptions } from './connect.ts'
import { DatabaseError } from './database-error.ts'
import { asText, describeOver } from './description.ts'
import { redactUrl } from './redact.ts'
import { type ServerAddress, databaseError, openingError, sessionError } from './server-errors.ts'

const defaultConnectTimeoutS = 10
/** A session must not be taken for dead while a long statement runs and nothing is sent. */
const keepAlive = true
/** After so much silence the network is asked whether the server is still there, then each second, ten times. */
const keepAliveInitialDelayMillis = 10_000

/** Opens a session on a server. `sslmode` means what it means to libpq: `require` encrypts and does not verify. */
export async function connectPostgres(url: string, options: ConnectOptions): Promise<Connection> {
  const mode = /[?&]sslmode=([a-z-]+)/i.exec(url)?.[1]
  if (mode !== 'prefer' && mode !== 'allow') return open(url, options)
  try {
    return await open(url, options)
  } catch (error) {
    if (!(error instanceof ToolkitError) || !/does not support SSL/i.test(error.message)) throw error
    return open(url.replace(/([?&]sslmode=)[a-z-]+/i, '$1disable'), options)
  }
}

async function open(url: string, options: ConnectOptions): Promise<Connection> {
  const config = clientConfig(url, options)
  const client = await createClient(config, url)
  const address = addressOf(client)
  const { Query } = await import('pg')
  const session = new PostgresConnection(client, Query, address, config)
  try {
    await client.connect()
  } catch (error) {
    client.end().catch(() => undefined)
    throw openingError(error, address)
  }
  await session.prepare(options)
  return session
}

function clientConfig(url: string, options: ConnectOptions): ClientConfig {
  const timeoutS = Number(/[?&]connect_timeout=(\d+)/.exec(url)?.[1] ?? process.env['PGCONNECT_TIMEOUT'])
  const asLibpq = /[?&]sslmode=/i.test(url) && !/[?&]uselibpqcompat=/i.test(url)
  return {
    connectionString: asLibpq ? `${url}&uselibpqcompat=true` : url,
    fallback_application_name: options.applicationName ?? 'migrate',
    connectionTimeoutMillis: 1000 * (timeoutS > 0 ? timeoutS : defaultConnectTimeoutS),
    keepAlive,
    keepAliveInitialDelayMillis,
    // Commands go out when they are given, not when the one before is answered.
    pipeline: true,
  }
}

async function createClient(config: ClientConfig, url: string): Promise<Client> {
  const pg = await import('pg')
  try {
    return new pg.Client(config)
  } catch {
    // The reason is not shown: it may quote the URL with the password in it.
    throw new ToolkitError({
      code: 'url-invalid',
      message: `"${redactUrl(url)}" cannot be read as a database URL.`,
      hint: 'Write postgres://user:password@host:5432/database; percent-encode special characters in the password.',
    })
  }
}

function addressOf(client: Client): ServerAddress {
  return { host: client.host, port: client.port, user: client.user, database: client.database }
}

function rolledBackInstead(): DatabaseError {
  return new DatabaseError('COMMIT was answered with ROLLBACK: a statement before it had failed', { sqlState: '25P02' })
}

class PostgresConnection implements Connection {
  readonly kind = 'server'
  versionNumber = 0
  readonly #client: Client
  readonly #Query: typeof Query
  readonly #address: ServerAddress
  readonly #config: ClientConfig
  readonly #listeners = new Set<(notice: Notice) => void>()
  #heldBack = false
  /** Why the connection broke while nothing was asked. */
  #lost: Error | undefined

  constructor(client: Client, kind: typeof Query, address: ServerAddress, config: ClientConfig) {
    this.#client = client
    this.#Query = kind
    this.#address = address
    this.#config = config
    // Without a listener a broken idle connection would end the process; the next query reports why it broke.
    client.on('error', (error) => {
      this.#lost ??= error
    })
    client.on('notice', ({ severity, message }) => {
      for (const listen of this.#listeners) listen({ severity: severity ?? 'NOTICE', message: message ?? '' })
    })
  }

  async prepare(options: ConnectOptions): Promise<void> {
    try {
      const { rows } = await this.query<{ version: number }>(
        `select current_setting('server_version_num')::int as version`,
      )
      this.versionNumber = rows[0]?.version ?? 0
      if (options.readOnly === true) await this.run('set default_transaction_read_only = on')
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async query<R = Row>(sql: string, parameters: readonly unknown[] = []): Promise<QueryResult<R>> {
    try {
      // The extended protocol also without parameters: it takes exactly one statement.
      const config = { text: sql, values: [...parameters], queryMode: 'extended' }
      this.#holdBack()
      const result = await this.#client.query(config)
      return { rows: result.rows, count: result.rowCount ?? 0 }
    } catch (error) {
      throw this.#failure(error)
    }
  }

  async describe(sql: string): Promise<readonly ResultColumn[]> {
    try {
      this.#holdBack()
      return await describeOver(this.#client, this.#Query, sql)
    } catch (error) {
      throw this.#failure(error)
    }
  }

  async texts(sql: string): Promise<TextResult> {
    try {
      const config = { text: sql, queryMode: 'extended', rowMode: 'array' as const, types: asText }
      this.#holdBack()
      const { rows, rowCount } = await this.#client.query<(string | null)[]>(config)
      return { rows, count: rowCount ?? 0 }
    } catch (error) {
      throw this.#failure(error)
    }
  }

  async run(sql: string): Promise<void> {
    try {
      this.#holdBack()
      const { command } = await this.#client.query(sql)
      // The server does not call it an error: what was taken for kept must not be.
      if (command === 'ROLLBACK' && sql === 'commit') throw rolledBackInstead()
    } catch (error) {
      throw error instanceof DatabaseError ? error : this.#failure(error)
    }
  }

  #failure(error: unknown): Error {
    return sessionError(databaseError(error) === undefined ? (this.#lost ?? error) : error, this.#address)
  }

  /** What is given in one turn of the event loop leaves in one packet: each is a system call and wakes the server. */
  #holdBack(): void {
    if (this.#heldBack) return
    this.#heldBack = true
    const { stream } = this.#client.connection
    stream.cork()
    setImmediate(() => {
      this.#heldBack = false
      stream.uncork()
    })
  }

  onNotice(listen: (notice: Notice) => void): () => void {
    this.#listeners.add(listen)
    return () => this.#listeners.delete(listen)
  }

  async cancel(): Promise<void> {
    try {
      await requestCancel(this.#client, await createClient(this.#config, ''))
    } catch (error) {
      throw openingError(error, this.#address)
    }
  }

  async close(): Promise<void> {
    // A connection that is broken already is closed.
    await this.#client.end().catch(() => undefined)
  }
}
