import { type Socket, connect, createServer } from 'node:net'
import { onTestFinished } from 'vitest'
import { type Frame, FrameReader, sqlOf } from './wire-frames.ts'

/** A message that a client sent, in the order of its session. */
export interface SentMessage {
  /** Which connection, in the order in which they were opened, from 0. */
  readonly session: number
  /** Its place in the session, from 0, which is the startup message. */
  readonly index: number
  readonly type: string
  /** Of a Query or a Parse; of what follows a Parse, that of the Parse. */
  readonly sql: string | undefined
  /** The server answers it with ReadyForQuery. */
  readonly endsRequest: boolean
}

/** What happens to one message. */
export interface Fault {
  /** Which; the first that fits is the one. */
  readonly at: (message: SentMessage) => boolean
  /** `before`: it has not reached the server. `answered`: it has, and the answer has not reached the client. */
  readonly when: 'before' | 'answered'
  /** Runs while it is held. */
  readonly act?: (session: ProxiedSession) => Promise<void> | void
  /** `cut` breaks every connection, `freeze` lets nothing through any more and breaks nothing. */
  readonly outcome: 'forward' | 'cut' | 'freeze'
}

export interface ProxiedSession {
  /** The server process, as BackendKeyData names it. */
  readonly backend: number
}

export interface WireProxy {
  /** The same database, through the proxy. */
  readonly url: string
  /** What clients sent so far. */
  readonly messages: readonly SentMessage[]
  /** Whether the fault has happened. */
  readonly struck: boolean
  /** Breaks every connection, now. */
  cut(): void
  close(): Promise<void>
}

/**
 * Stands between clients and a server and understands both, so that a fault happens at exactly one message: all
 * requests before it are answered, and nothing after it has been sent. Closed with the test.
 */
export async function wireProxy(target: string, fault?: Fault): Promise<WireProxy> {
  const state: Shared = {
    target: addressOf(target),
    fault,
    messages: [],
    sessions: new Set(),
    struck: false,
    acting: Promise.resolve(),
  }
  let opened = 0
  const server = createServer({ noDelay: true }, (socket) => {
    new Session(state, socket, opened).start()
    opened += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (): void => {
    for (const session of state.sessions) session.destroy()
  }
  const close = async (): Promise<void> => {
    await state.acting
    cut()
    await new Promise((resolve) => server.close(resolve))
  }
  onTestFinished(close)
  return {
    url: urlThrough(target, server.address()),
    messages: state.messages,
    get struck() {
      return state.struck
    },
    cut,
    close,
  }
}

interface Shared {
  readonly target: { readonly path: string } | { readonly host: string; readonly port: number }
  readonly fault: Fault | undefined
  readonly messages: SentMessage[]
  readonly sessions: Set<Session>
  struck: boolean
  /** The harm itself, which may take longer than the clients live. */
  acting: Promise<void>
}

class Session implements ProxiedSession {
  backend = 0
  readonly #state: Shared
  readonly #number: number
  readonly #client: Socket
  readonly #server: Socket
  readonly #fromClient = new FrameReader('client')
  readonly #fromServer = new FrameReader('server')
  readonly #waiting = new Set<() => void>()
  /** Messages of the client, one behind the other. */
  #line: Promise<void> = Promise.resolve()
  #index = 0
  #sql: string | undefined
  #requests = 0
  #answers = 0
  #over = false
  /** Answers that the client must not see yet; undefined: they go through. */
  #held: Buffer[] | undefined
  #frozen = false

  constructor(state: Shared, client: Socket, number: number) {
    this.#state = state
    this.#client = client
    this.#number = number
    this.#server = connect(state.target)
  }

  start(): void {
    this.#state.sessions.add(this)
    this.#client.on('data', (piece) => this.#clientSent(piece))
    this.#server.on('data', (piece) => this.#serverSent(piece))
    for (const [from, to] of [
      [this.#client, this.#server],
      [this.#server, this.#client],
    ] as const) {
      from.on('error', () => undefined)
      from.on('close', () => this.#ended(from === this.#server, to))
    }
  }

  destroy(): void {
    this.#over = true
    this.#client.destroy()
    this.#server.destroy()
    this.#wake()
  }

  #ended(byServer: boolean, other: Socket): void {
    this.#over = true
    this.#wake()
    if (this.#frozen) return
    // The last words of a server still have to arrive; a client that is gone wants none.
    if (byServer) other.end()
    else other.destroy()
    this.#state.sessions.delete(this)
  }

  #clientSent(piece: Buffer): void {
    for (const frame of this.#fromClient.read(piece)) this.#line = this.#line.then(() => this.#pass(frame))
  }

  async #pass(frame: Frame): Promise<void> {
    if (this.#over || this.#frozen) return
    const message = this.#messageOf(frame)
    this.#state.messages.push(message)
    const { fault, struck } = this.#state
    if (fault === undefined || struck || !fault.at(message)) return this.#forward(frame, message)
    this.#state.struck = true
    this.#state.acting = this.#strike(fault, frame, message)
    await this.#state.acting
  }

  async #strike(fault: Fault, frame: Frame, message: SentMessage): Promise<void> {
    await this.#quiet()
    if (fault.when === 'answered') {
      this.#held = []
      this.#forward(frame, message)
      await this.#quiet()
    }
    await fault.act?.(this)
    this.#go(fault, frame, message)
  }

  #go(fault: Fault, frame: Frame, message: SentMessage): void {
    if (fault.outcome === 'cut') for (const session of this.#state.sessions) session.destroy()
    else if (fault.outcome === 'freeze') for (const session of this.#state.sessions) session.#frozen = true
    else if (fault.when === 'before') this.#forward(frame, message)
    else this.#release()
  }

  #messageOf(frame: Frame): SentMessage {
    const { type } = frame
    const sql = sqlOf(frame)
    if (sql !== undefined || type === 'startup') this.#sql = sql
    const index = this.#index
    this.#index += 1
    return { session: this.#number, index, type, sql: this.#sql, endsRequest: requestEnds.has(type) }
  }

  #forward({ type, bytes }: Frame, { endsRequest }: SentMessage): void {
    // Encryption is not offered, and the client asks again without.
    if (type === 'ssl') return void this.#client.write('N')
    if (endsRequest) this.#requests += 1
    if (!this.#server.destroyed) this.#server.write(bytes)
  }

  #serverSent(piece: Buffer): void {
    if (this.#held !== undefined) this.#held.push(piece)
    else if (!this.#frozen && !this.#client.destroyed) this.#client.write(piece)
    for (const { type, bytes } of this.#fromServer.read(piece)) {
      if (type === 'K') this.backend = bytes.readInt32BE(5)
      if (type === 'Z') this.#answers += 1
    }
    this.#wake()
  }

  #release(): void {
    for (const piece of this.#held ?? []) this.#client.write(piece)
    this.#held = undefined
  }

  /** Every request so far is answered, or nobody will answer any more. */
  async #quiet(): Promise<void> {
    while (this.#answers < this.#requests && !this.#over)
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}

/** Query, Sync and the startup are what the server answers with ReadyForQuery. */
const requestEnds: ReadonlySet<string> = new Set(['startup', 'Q', 'S'])

function addressOf(target: string): Shared['target'] {
  const url = new URL(target)
  const host = url.searchParams.get('host') ?? url.hostname
  const port = Number(url.searchParams.get('port') ?? url.port)
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
}

function urlThrough(target: string, address: ReturnType<ReturnType<typeof createServer>['address']>): string {
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')
  const url = new URL(target)
  url.search = ''
  url.hostname = '127.0.0.1'
  url.port = String(address.port)
  return url.href
}
