import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { MessagePort, Worker } from 'node:worker_threads'
import type { Store } from '../../core/store.ts'
import type { Dialect } from '../../dialects/dialect.ts'
import { keepRead, parseMigration, readSql, sqlKey } from '../../lint/parse.ts'
import type { Migration, ParsedMigration } from '../../model/migration.ts'
import type { ParsedSql } from '../../model/statement.ts'
import { Pace } from './pace.ts'
import { takeThread } from './second-thread.ts'
import type { ThreadStart, Told } from './thread.ts'

/**
 * A history whose SQL a second thread reads ahead of the first. What did not come is read by whoever needs it: nobody
 * waits, and a thread that ends early, or never begins, only leaves more to the first.
 */
export class ReadAhead {
  readonly migrations: readonly ParsedMigration[]
  readonly #dialect: Dialect
  readonly #store: Store | undefined
  readonly #thread: Worker
  readonly #port: MessagePort
  readonly #pace = new Pace()
  readonly #told = new Map<string, string>()
  /** Which migrations somebody has asked for, and the first of which nobody has. */
  readonly #asked: boolean[] = []
  #next = 0

  /** Undefined where there is no second thread. */
  static begin(migrations: readonly Migration[], dialect: Dialect, store: Store | undefined): ReadAhead | undefined {
    const thread = takeThread()
    return thread === undefined ? undefined : new ReadAhead(thread, migrations, dialect, store)
  }

  /** `thread`: one that runs `readAhead`. */
  constructor(thread: Worker, migrations: readonly Migration[], dialect: Dialect, store?: Store) {
    this.#dialect = dialect
    this.#store = store
    this.#thread = thread
    const { port1, port2: port } = new MessageChannel()
    this.#port = port1
    port1.unref()
    const start: ThreadStart = {
      migrations: migrations.map(({ up, down }) => ({ up, down })),
      pace: this.#pace.memory,
      port,
    }
    thread.postMessage(start, [port])
    this.migrations = migrations.map((migration, index) =>
      parseMigration(migration, { ...dialect, parse: (sql, offset = 0) => this.#read(index, sql, offset) }),
    )
  }

  /** Keeps for the next run what was read, and reads what nobody has asked for. */
  keep(): void {
    const store = this.#store
    if (store === undefined) return
    this.#hear()
    for (const migration of this.migrations) keepRead(migration, this.#dialect, store)
  }

  /** Ends the thread, whatever it is at. */
  async end(): Promise<void> {
    this.#port.close()
    await this.#thread.terminate()
  }

  #read(index: number, sql: string, offset: number): ParsedSql {
    this.#reach(index)
    const key = sqlKey(sql, offset)
    const told = this.#take(key) ?? (this.#hear() ? this.#take(key) : undefined)
    if (told !== undefined) return readSql.unpack(told)
    const read = this.#dialect.parse(sql, offset)
    this.#store?.set(key, readSql.pack(read))
    return read
  }

  /** Single migrations are asked for ahead of their turn: the second thread follows those that were asked one after the other. */
  #reach(index: number): void {
    this.#asked[index] = true
    while (this.#asked[this.#next] === true) this.#next += 1
    this.#pace.reach(this.#next - 1)
  }

  #take(key: string): string | undefined {
    const told = this.#told.get(key)
    this.#told.delete(key)
    return told
  }

  /** Takes what the other thread has told. Gives whether it was anything. */
  #hear(): boolean {
    const next = (): ToldMessage | undefined => receiveMessageOnPort(this.#port)
    let message = next()
    const isAny = message !== undefined
    for (; message !== undefined; message = next())
      for (const [key, packed] of message.message) {
        this.#store?.set(key, packed)
        this.#told.set(key, packed)
      }
    return isAny
  }
}

interface ToldMessage {
  readonly message: Told
}
