import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { silentLog } from '../src/core/log.ts'
import { local } from '../src/shadows/local.ts'
import { migrate } from './scenarios.ts'

/** How long a writer may have to wait for a migration. */
const mostMs = 300
/** What the writers do together, in writes a second, and how many share it. */
const writesPerSecond = 500
const writers = 10
/** How long the reader that stands in the way keeps its transaction open. */
const readerMs = 3000
const rows = 200_000

const given = `
create table customers (id bigint primary key);
create table orders (id bigint primary key, customer_id bigint not null, total numeric not null);
insert into customers select n from generate_series(1, 1000) as n;
insert into orders select n, 1 + n % 1000, n from generate_series(1, ${rows}) as n;
analyze;`

const changes: readonly (readonly [name: string, up: string, down: string, transaction?: string])[] = [
  ['note', 'alter table orders add column note text;', 'alter table orders drop column note;'],
  [
    'reference',
    'alter table orders add constraint orders_customer foreign key (customer_id) references customers (id) not valid;',
    'alter table orders drop constraint orders_customer;',
  ],
  ['validate', 'alter table orders validate constraint orders_customer;', 'select 1;'],
  [
    'index',
    'create index concurrently orders_customer_id_idx on orders (customer_id);',
    'drop index concurrently orders_customer_id_idx;',
    ' transaction:false',
  ],
]

/** What one would write without thinking of writers. */
const plain = `
alter table orders add column note text;
alter table orders add constraint orders_customer foreign key (customer_id) references customers (id);
create index orders_customer_id_idx on orders (customer_id);`

interface Stalled {
  readonly name: string
  readonly seconds: number
  readonly writes: number
  readonly longestMs: number
}

/**
 * Adds a column, a validated foreign key and an index to a table that is written to all the time, while a reader has it
 * open; ours and plain psql, one after the other on one server. A write's wait is counted from the moment that it was
 * due, so that a stall counts for all the writes that it held up. Answers false where a writer waited longer for ours
 * than it may.
 */
export async function stalls(root: string): Promise<boolean> {
  const folder = join(root, '.cache/bench/stalls')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [index, [name, up, down, transaction = '']] of changes.entries()) {
    const text = `-- migrate:up${transaction}\n${up}\n\n-- migrate:down${transaction}\n${down}\n`
    writeFileSync(join(folder, `2026010100000${index + 1}_${name}.sql`), text)
  }
  writeFileSync(join(folder, 'plain.txt'), plain)
  const server = await local.start({ cacheDirectory: join(root, '.cache'), log: silentLog })
  try {
    const { command, words } = migrate(root, ['up', '--no-config', '--dir', folder, '--url'])
    const tried: readonly (readonly [string, string, readonly string[]])[] = [
      ['migrate up', command, words],
      ['psql', 'psql', ['-qX', '-f', join(folder, 'plain.txt')]],
    ]
    const seen: Stalled[] = []
    for (const [name, program, given] of tried) {
      const database = await server.createDatabase()
      if (database.url === undefined) throw new Error('The local server gave a database without an address.')
      seen.push(await underLoad(name, database.url, () => ended(program, [...given, database.url ?? ''])))
      await database.drop()
    }
    return said(seen)
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function said(seen: readonly Stalled[]): boolean {
  console.log(
    `stalls: a column, a foreign key and an index on a table of ${rows} rows, under ${writesPerSecond} writes a second, a reader of ${readerMs / 1000} s in the way`,
  )
  for (const { name, seconds, writes, longestMs } of seen)
    console.log(
      `  ${name.padEnd(22)} longest wait of a writer ${longestMs.toFixed(0).padStart(6)} ms   (${seconds.toFixed(1)} s, ${writes} writes)`,
    )
  const ours = seen[0]?.longestMs ?? Number.POSITIVE_INFINITY
  console.log(`  ${ours <= mostMs ? 'within' : 'ABOVE'} the ${mostMs} ms that a writer may wait for ours\n`)
  return ours <= mostMs
}

async function underLoad(name: string, url: string, work: () => Promise<void>): Promise<Stalled> {
  const clients = Array.from({ length: writers + 1 }, () => new pg.Client(url))
  await Promise.all(clients.map((client) => client.connect()))
  const [reader, ...writing] = clients
  if (reader === undefined) throw new Error('There is no reader.')
  await reader.query(given)
  const load = new Load(writing)
  await load.more(writesPerSecond)
  await reader.query('begin')
  await reader.query('select count(*) from orders')
  const read = new Promise((resolve) => setTimeout(resolve, readerMs)).then(() => reader.query('commit'))
  load.forget()
  const start = performance.now()
  await work()
  const seconds = (performance.now() - start) / 1000
  await read
  const { writes, longestMs } = await load.stop()
  await Promise.all(clients.map((client) => client.end()))
  return { name, seconds, writes, longestMs }
}

/** Writers that each have a write due at fixed times, whatever became of the one before. */
class Load {
  #running = true
  #writes = 0
  #longestMs = 0
  readonly #done: Promise<unknown>

  constructor(clients: readonly pg.Client[]) {
    this.#done = Promise.all(clients.map((client, index) => this.#write(client, index)))
  }

  async #write(client: pg.Client, number: number): Promise<void> {
    const everyMs = (1000 * writers) / writesPerSecond
    let due = performance.now() + (number * everyMs) / writers
    let count = 0
    while (this.#running) {
      const early = due - performance.now()
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
      await client.query('update orders set total = total + 1 where id = $1', [1 + ((count * writers + number) % rows)])
      this.#longestMs = Math.max(this.#longestMs, performance.now() - due)
      count += 1
      this.#writes += 1
      due += everyMs
    }
  }

  /** Resolves once so many more writes are done. */
  async more(count: number): Promise<void> {
    const until = this.#writes + count
    while (this.#writes < until) await new Promise((resolve) => setTimeout(resolve, 10))
  }

  /** Begins to count anew. */
  forget(): void {
    this.#writes = 0
    this.#longestMs = 0
  }

  async stop(): Promise<{ readonly writes: number; readonly longestMs: number }> {
    this.#running = false
    await this.#done
    return { writes: this.#writes, longestMs: this.#longestMs }
  }
}

function ended(command: string, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...words], { stdio: ['ignore', 'ignore', 'pipe'] })
    const said: Buffer[] = []
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}: ${Buffer.concat(said).toString()}`)),
    )
  })
}
