import { existsSync, statSync } from 'node:fs'
import type { Extensions, PGlite } from '@electric-sql/pglite'
import { ToolkitError, messageOf } from '../core/errors.ts'
import type { Connection, Notice, QueryResult, ResultColumn, Row, SeriesStep, TextResult } from '../model/database.ts'
import type { ConnectOptions } from './connect.ts'
import { DatabaseError } from './database-error.ts'
import { holdDirectory } from './pglite-lock.ts'
import { takeRole } from './role.ts'
import { databaseError } from './server-errors.ts'

const memory = 'memory'
/** Type OID of `bigint`: left as text, as `pg` does, because a number cannot hold every value of it. */
const bigintOid = 20

/** Opens the embedded database that `pglite://PATH` names; `pglite://memory` gives a new, empty one each time. */
export async function connectPglite(url: string, options: ConnectOptions): Promise<Connection> {
  const path = decodeURIComponent(url.slice('pglite://'.length).replace(/[?#].*$/, ''))
  if (path === '') {
    throw new ToolkitError({
      code: 'url-invalid',
      message: 'pglite:// lacks the directory of the database.',
      hint: 'Write pglite://./path/to/directory, pglite:///absolute/path or pglite://memory.',
    })
  }
  if (options.readOnly === true && path !== memory && !existsSync(path)) throw absent(path)
  const release = path === memory ? () => undefined : holdDirectory(path)
  try {
    const database = await createPglite(path === memory ? {} : { directory: path })
    return await openPglite(database, options, async () => {
      await database.close()
      release()
    })
  } catch (error) {
    release()
    throw error
  }
}

/** Who only asks must not make a database by asking. */
function absent(path: string): ToolkitError {
  return new ToolkitError({
    code: 'cannot-connect',
    message: `There is no embedded database in "${path}".`,
    hint: 'Check the path in the URL; the first `migrate up` makes the database.',
  })
}

/** What the server says of it is no text. */
function refuseFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== false) return
  throw new ToolkitError({
    code: 'cannot-connect',
    message: `The embedded database "${path}" cannot be opened: it is a file, and a directory is needed.`,
    hint: 'Check the path in the URL.',
  })
}

/** Starts PostgreSQL inside this process: in memory, from a dumped data directory, or on a directory. */
export async function createPglite(
  from: { directory?: string; dump?: Blob; extensions?: Extensions } = {},
): Promise<PGlite> {
  if (from.directory !== undefined) refuseFile(from.directory)
  const { PGlite } = await loadPglite()
  const parsers = { [bigintOid]: (text: string): string => text }
  try {
    return await PGlite.create({
      parsers,
      ...(from.directory === undefined ? {} : { dataDir: from.directory }),
      ...(from.dump === undefined ? {} : { loadDataDir: from.dump }),
      ...(from.extensions === undefined ? {} : { extensions: from.extensions }),
    })
  } catch (error) {
    throw new ToolkitError({
      code: 'cannot-connect',
      message: `The embedded database ${from.directory ?? 'in memory'} cannot be opened: ${messageOf(error)}`,
      hint: 'Check that the directory was made by the same PostgreSQL major version, and that it can be written.',
      cause: error,
    })
  }
}

async function loadPglite(): Promise<typeof import('@electric-sql/pglite')> {
  try {
    return await import('@electric-sql/pglite')
  } catch (error) {
    throw new ToolkitError({
      code: 'cannot-connect',
      message: 'pglite:// needs the package @electric-sql/pglite, which is not installed.',
      hint: 'npm install @electric-sql/pglite',
      cause: error,
    })
  }
}

/** A session on an embedded database that runs already. `close` is what the session's end does. */
export async function openPglite(
  database: PGlite,
  options: ConnectOptions,
  close: () => Promise<void>,
): Promise<Connection> {
  const { rows } = await database.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  )
  const session = new PgliteConnection(database, rows[0]?.version ?? 0, close)
  if (options.readOnly === true) await session.run('set default_transaction_read_only = on')
  session.role = await takeRole((sql) => session.run(sql), options, 'postgres')
  return session
}

class PgliteConnection implements Connection {
  readonly kind = 'embedded'
  readonly versionNumber: number
  role: string | undefined
  readonly #database: PGlite
  readonly #close: () => Promise<void>
  readonly #listeners = new Set<(notice: Notice) => void>()
  #closed = false

  constructor(database: PGlite, versionNumber: number, close: () => Promise<void>) {
    this.#database = database
    this.versionNumber = versionNumber
    this.#close = close
  }

  async query<R = Row>(sql: string, parameters: readonly unknown[] = []): Promise<QueryResult<R>> {
    try {
      const result = await this.#database.query<R>(sql, [...parameters], { onNotice: this.#onNotice })
      return { rows: result.rows, count: result.affectedRows || result.rows.length }
    } catch (error) {
      throw sessionError(error)
    }
  }

  async series(steps: readonly SeriesStep[]): Promise<void> {
    for (const { sql, parameters, turn } of steps) {
      turn?.()
      await this.query(sql, parameters)
    }
  }

  readySeries(steps: readonly SeriesStep[]): () => Promise<void> {
    return () => this.series(steps)
  }

  async describe(sql: string): Promise<readonly ResultColumn[]> {
    try {
      const { resultFields } = await this.#database.describeQuery(sql)
      return resultFields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID }))
    } catch (error) {
      throw sessionError(error)
    }
  }

  async texts(sql: string): Promise<TextResult> {
    try {
      const options = { rowMode: 'array' as const, parsers: this.#unparsed(), onNotice: this.#onNotice }
      const result = await this.#database.query<(string | null)[]>(sql, [], options)
      return { rows: result.rows, count: result.affectedRows || result.rows.length }
    } catch (error) {
      throw sessionError(error)
    }
  }

  /** In place of each parser that there is, one that leaves the text as it is. */
  #unparsed(): Record<number, (text: string) => string> {
    return Object.fromEntries(Object.keys(this.#database.parsers).map((type) => [type, (text: string) => text]))
  }

  async run(sql: string): Promise<void> {
    refuseCopyFromStdin(sql)
    try {
      await this.#database.exec(sql, { onNotice: this.#onNotice })
    } catch (error) {
      throw sessionError(error)
    }
  }

  onNotice(listen: (notice: Notice) => void): () => void {
    this.#listeners.add(listen)
    return () => this.#listeners.delete(listen)
  }

  cancel(): Promise<void> {
    return Promise.resolve()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#close()
  }

  readonly #onNotice = ({ severity, message }: { severity: string | undefined; message: string | undefined }): void => {
    for (const listen of this.#listeners) listen({ severity: severity ?? 'NOTICE', message: message ?? '' })
  }
}

/** PGlite 0.5 waits for ever, with the event loop blocked, for data that nobody sends. */
function refuseCopyFromStdin(sql: string): void {
  if (!/(?:^|;)\s*copy\b[^;]*\bfrom\s+stdin\b/i.test(sql)) return
  throw new DatabaseError('COPY … FROM STDIN does not work on an embedded database', { sqlState: '0A000' })
}

function sessionError(error: unknown): Error {
  return (
    databaseError(error) ??
    new ToolkitError({
      code: 'connection-lost',
      message: `The embedded database stopped while a command was running: ${messageOf(error)}`,
      cause: error,
    })
  )
}
