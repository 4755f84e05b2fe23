import type { Client, Query } from 'pg'
import type { Connection, Notice, QueryResult, ResultColumn, Row, SeriesStep, TextResult } from '../model/database.ts'
import { requestCancel } from './cancel-request.ts'
import { type Connected, connectClient, createClient } from './client.ts'
import type { ConnectOptions } from './connect.ts'
import { DatabaseError } from './database-error.ts'
import { asText, describeOver } from './description.ts'
import { poolerRefuses } from './role.ts'
import { type MakeSeries, type SentStep, seriesWith } from './series.ts'
import { type ServerAddress, databaseError, openingError, rolledBackInstead, sessionError } from './server-errors.ts'

/** Opens a session on a server. */
export async function connectPostgres(url: string, options: ConnectOptions): Promise<Connection> {
  const { client, address, config } = await connectClient(url, options)
  const { Query } = await import('pg')
  const session = new PostgresConnection(client, Query, address, config)
  await session.prepare(options)
  return session
}

/** DEALLOCATE ALL and DISCARD ALL make the server forget what it keeps, also in a DO block. */
function deallocates(sql: string): boolean {
  return /deallocate|discard/i.test(sql)
}

/** A series that is ready to be sent. */
interface MadeSeries {
  /** The server forgets what it keeps. */
  readonly forgets: boolean
  readonly sent: readonly SentStep[]
  readonly send: ReturnType<MakeSeries>
  /** How often all names had been forgotten when it was made. */
  readonly forgotten: number
}

class PostgresConnection implements Connection {
  readonly kind = 'server'
  versionNumber = 0
  role: string | undefined
  readonly #client: Client
  readonly #Query: typeof Query
  readonly #address: ServerAddress
  readonly #config: Connected['config']
  readonly #listeners = new Set<(notice: Notice) => void>()
  /** Names under which the server keeps statements that come often, by their SQL. */
  readonly #kept = new Map<string, string>()
  #keptEver = 0
  /** How often all of them were forgotten. */
  #forgotten = 0
  #makeSeries: MakeSeries | undefined
  #heldBack = false
  /** Why the connection broke while nothing was asked. */
  #lost: Error | undefined

  constructor(client: Client, kind: typeof Query, address: ServerAddress, config: Connected['config']) {
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
      const { rows } = await this.query<{ version: number; role: string }>(
        `select current_setting('server_version_num')::int as version, current_setting('role') as role`,
      )
      this.versionNumber = rows[0]?.version ?? 0
      // A pooler may have left the role out; what only reads goes on without it.
      if (options.role !== undefined && rows[0]?.role === options.role) this.role = options.role
      else if (options.role !== undefined && options.readOnly !== true) throw poolerRefuses(options.role)
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

  async series(steps: readonly SeriesStep[]): Promise<void> {
    if (steps.length === 0) return
    this.#holdBack()
    await this.readySeries(steps)()
  }

  readySeries(steps: readonly SeriesStep[]): () => Promise<void> {
    const made = this.#make(steps)
    // Names that it relies on may have been forgotten since.
    return () => this.#send(made.forgotten === this.#forgotten ? made : this.#make(steps))
  }

  #make(steps: readonly SeriesStep[]): MadeSeries {
    const forgets = steps.some(({ sql }) => deallocates(sql))
    const sent = steps.map((step) => (forgets ? { ...step, name: '', isKnown: false } : this.#named(step)))
    this.#makeSeries ??= seriesWith(this.#Query)
    return { forgets, sent, send: this.#makeSeries(sent), forgotten: this.#forgotten }
  }

  async #send({ forgets, sent, send }: MadeSeries): Promise<void> {
    if (forgets) this.#forget()
    try {
      await send(this.#client)
      for (const { name, sql } of sent) if (name !== '') this.#kept.set(sql, name)
    } catch (error) {
      this.#forget()
      throw error instanceof DatabaseError ? error : this.#failure(error)
    }
  }

  #named(step: SeriesStep): SentStep {
    const name = step.often === true ? this.#kept.get(step.sql) : ''
    if (name !== undefined) return { ...step, name, isKnown: name !== '' }
    return { ...step, name: `lockstep_${(this.#keptEver += 1)}`, isKnown: false }
  }

  /** The server keeps no statement, or nobody knows which. */
  #forget(): void {
    this.#kept.clear()
    this.#forgotten += 1
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
      if (deallocates(sql)) this.#forget()
      const { command } = await this.#client.query(sql)
      // The server does not call it an error: what was taken for kept must not be.
      if (command === 'ROLLBACK' && sql === 'commit') throw rolledBackInstead()
    } catch (error) {
      throw error instanceof DatabaseError ? error : this.#failure(error)
    }
  }

  #failure(error: unknown): Error {
    return sessionError(databaseError(error) === undefined ? (this.#lost ?? error) : error, this.#address, this.role)
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
