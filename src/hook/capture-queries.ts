/**
 * Writes down which statements a process sends to PostgreSQL, for the contract of its release. Needs nothing but Node, and
 * never fails the application: what goes wrong is counted and said once.
 *
 * @example
 * ```ts
 * import pg from 'pg'
 * import { captureQueries } from 'lockstep/capture'
 *
 * const capture = captureQueries({ file: process.env['CAPTURE_QUERIES'], release: process.env['RELEASE'] })
 * const pool = capture.pg(new pg.Pool())
 * ```
 */
import type { CaptureOptions, CaptureState } from './options.ts'
import { watchPg } from './pg.ts'
import { Recorder } from './recorder.ts'
import { typeName } from './type-names.ts'

export type { CaptureOptions, CaptureState } from './options.ts'

/** What Kysely's `log` is called with, as far as it is read. */
export interface KyselyEvent {
  readonly level: 'query' | 'error'
  readonly query: { readonly sql: string; readonly parameters: readonly unknown[] }
}

/** What Prisma's event `query` carries, as far as it is read. */
export interface PrismaQuery {
  readonly query: string
  /** The values as a JSON array. */
  readonly params: string
}

/** A Prisma client that was made with `log: [{ emit: 'event', level: 'query' }]`. */
export interface PrismaClientLike {
  $on(event: 'query', listen: (query: PrismaQuery) => void): unknown
}

/** The hooks of one process. */
export interface QueryCapture {
  /** Watches a `Client` or `Pool` of `pg`, or all clients of the module `pg`; gives it back. */
  pg<Target extends object>(target: Target): Target
  /** For `new Kysely({ dialect, log: capture.kyselyLog })`. What failed is left out. */
  readonly kyselyLog: (event: KyselyEvent) => void
  /** Listens to the queries of a Prisma client; gives it back. */
  prisma<Client extends PrismaClientLike>(client: Client): Client
  /** For `drizzle(client, { logger: capture.drizzleLogger })`. */
  readonly drizzleLogger: { readonly logQuery: (query: string, params: unknown[]) => void }
  /** For `postgres(url, { debug: capture.postgresDebug })`: the only driver here that declares types. */
  readonly postgresDebug: (
    connection: number,
    query: string,
    parameters: readonly unknown[],
    types?: readonly unknown[],
  ) => void
  /** Writes at once what is held back. */
  flush(): void
  /** Writes what is held back, and takes nothing more. */
  close(): void
  readonly state: CaptureState
}

/** Begins to capture. Without a file or a release nothing is captured, and the hooks do nothing. */
export function captureQueries(options: CaptureOptions): QueryCapture {
  const recorder = new Recorder(options)
  const watched = new WeakSet<object>()
  return {
    pg: (target) => {
      attempt(recorder, () => watchPg(target, recorder, watched))
      return target
    },
    kyselyLog: ({ level, query }) => {
      if (level === 'query') recorder.sent(query.sql, () => ({ values: query.parameters }))
    },
    prisma: (client) => {
      const listen = ({ query, params }: PrismaQuery): void =>
        recorder.sent(query, () => ({ values: prismaValues(query, params) }))
      attempt(recorder, () => void client.$on('query', listen))
      return client
    },
    drizzleLogger: { logQuery: (query, params) => recorder.sent(query, () => ({ values: params })) },
    postgresDebug: (_, query, parameters, types = []) =>
      recorder.sent(query, () => ({ values: parameters, types: types.map(typeName) })),
    flush: () => recorder.flush(),
    close: () => recorder.close(),
    get state() {
      return recorder.state
    },
  }
}

function attempt(recorder: Recorder, work: () => void): void {
  try {
    if (recorder.state.active) work()
  } catch (error) {
    recorder.failed(error)
  }
}

/** Stands for a value of which nothing is known; it is no value that could be written down. */
const notKnown = Symbol('not known')

/** Prisma writes some values in a form that is no JSON; then only their number is known. */
function prismaValues(query: string, params: string): readonly unknown[] {
  const numbers = [...query.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number))
  const none = Array.from({ length: Math.max(0, ...numbers) }, () => notKnown)
  try {
    const values: unknown = JSON.parse(params)
    return Array.isArray(values) && values.length === none.length ? values : none
  } catch {
    return none
  }
}
