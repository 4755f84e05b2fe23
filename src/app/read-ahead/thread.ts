import type { MessagePort } from 'node:worker_threads'
import { postgres } from '../../dialects/postgres/postgres.ts'
import { readSql, sqlKey } from '../../lint/parse.ts'
import { type Migration, sectionsOf } from '../../model/migration.ts'
import { Pace } from './pace.ts'

/** What a thread is started with. */
export interface ThreadStart {
  readonly migrations: readonly Pick<Migration, 'up' | 'down'>[]
  readonly pace: SharedArrayBuffer
  /** What was read is told here. */
  readonly port: MessagePort
}

/** What was read, packed, by the keys of `sqlKey`. */
export type Told = readonly (readonly [key: string, packed: string])[]

/** The second thread of one run: it reads SQL ahead of the first and tells what it has read. */
export async function readAhead(parent: MessagePort): Promise<void> {
  const started = new Promise<ThreadStart>((resolve) => parent.once('message', resolve))
  await postgres.load()
  const { migrations, pace: memory, port } = await started
  const pace = new Pace(memory)
  for (let index = pace.after(0); index < migrations.length; index = pace.after(index + 1)) {
    const migration = migrations[index]
    if (migration !== undefined) port.postMessage(read(migration))
  }
  port.close()
  parent.close()
}

function read(migration: ThreadStart['migrations'][number]): Told {
  return sectionsOf(migration).map(({ sql, span: { start } }) => [
    sqlKey(sql, start),
    readSql.pack(postgres.parse(sql, start)),
  ])
}
