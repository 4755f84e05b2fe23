import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { generateHistory, generateSmallHistory } from '../../bench/generate-migrations.ts'
import { lintFiles } from '../../src/app/lint-files.ts'
import { ReadAhead } from '../../src/app/read-ahead/read-ahead.ts'
import { memoryStore } from '../../src/core/store.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { parseMigration } from '../../src/lint/parse.ts'
import type { ParsedMigration } from '../../src/model/migration.ts'
import { exampleMigration } from '../../scripts/measure/example-migrations.ts'
import { directory, migrate, startMigrate } from '../support/cli.ts'

beforeAll(() => postgres.load())

/** Longer than what one thread reads alone, with texts that the grammar refuses in between. */
const files = generateHistory(180, 7).map(({ name, text }, index) => ({
  name,
  text: index % 40 === 20 ? text.replace('-- migrate:down', 'alter tabel nothing;\n\n-- migrate:down') : text,
}))
const migrations = files.map(({ text }, index) => exampleMigration(text, 1000 + index, true))

/** The second thread as the built program has it. */
function builtThread(): Worker {
  const thread = new Worker(join(import.meta.dirname, '../../dist/cli/start-thread.cjs'))
  onTestFinished(async () => void (await thread.terminate()))
  return thread
}

function sqlOf(all: readonly ParsedMigration[]): readonly string[] {
  return all.flatMap(({ upSql, downSql }) => [JSON.stringify(upSql), JSON.stringify(downSql)])
}

/** What is read of the history with this thread, and how many texts the first thread read itself. */
function readWith(thread: Worker): { readonly ahead: ReadAhead; readonly own: () => number } {
  let own = 0
  const counting: typeof postgres = {
    ...postgres,
    parse: (sql, offset) => {
      own += 1
      return postgres.parse(sql, offset)
    },
  }
  const ahead = new ReadAhead(thread, migrations, counting)
  return { ahead, own: () => own }
}

test('what the second thread reads is what the first would have read', async () => {
  const thread = builtThread()
  const { ahead, own } = readWith(thread)
  await once(thread, 'exit')
  expect(sqlOf(ahead.migrations)).toEqual(sqlOf(migrations))
  // The first few are for the first thread, which is there.
  expect(own()).toBe(8 * 2)
  await ahead.end()
})

describe('of a long history', () => {
  const long = generateSmallHistory(900).map(({ text }, index) => exampleMigration(text, 1000 + index, true))

  test('the second thread waits for the first, and goes on when that comes nearer', async () => {
    const ahead = new ReadAhead(builtThread(), long, postgres)
    expect(sqlOf(ahead.migrations)).toEqual(sqlOf(long))
    await ahead.end()
  })

  test('it ends while it waits', async () => {
    const thread = builtThread()
    const ahead = new ReadAhead(thread, long, postgres)
    expect(ahead.migrations[899]?.upSql).toEqual(long[899]?.upSql)
    await ahead.end()
    expect(thread.threadId).toBe(-1)
  })
})

describe('a second thread that gives no answer leaves all to the first', () => {
  test.each([
    ['throws', `throw new Error('broken')`],
    ['ends', ''],
    ['never does anything', 'setInterval(() => undefined, 1000)'],
    ['never lets go', 'while (true);'],
    ['waits for something that does not come', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'],
  ])('that %s', async (_, code) => {
    const thread = new Worker(code, { eval: true })
    thread.on('error', () => undefined)
    const { ahead, own } = readWith(thread)
    expect(sqlOf(ahead.migrations)).toEqual(sqlOf(migrations))
    expect(own()).toBe(migrations.length * 2)
    await ahead.end()
    expect(thread.threadId).toBe(-1)
  })
})

test('what was read is kept, whoever read it', async () => {
  const store = memoryStore()
  const ahead = new ReadAhead(builtThread(), migrations, postgres, store)
  for (const migration of ahead.migrations.slice(0, 20)) expect(migration.upSql).toBeDefined()
  ahead.keep()
  await ahead.end()
  const never: typeof postgres = {
    ...postgres,
    parse: () => {
      throw new Error('It is known.')
    },
  }
  expect(sqlOf(migrations.map((migration) => parseMigration(migration, never, store)))).toEqual(sqlOf(migrations))
})

describe('the command', () => {
  const inFolder = (): Promise<string> =>
    directory(Object.fromEntries(files.map(({ name, text }) => [`migrations/${name}`, text])))

  test('says the same with a second thread, without, and of what is remembered', async () => {
    const cwd = await inFolder()
    mkdirSync(join(cwd, 'node_modules'))
    const { findings } = await lintFiles({ files: ['migrations'], cwd })
    const runs = [['--no-cache'], [], []]
    for (const words of runs) {
      const { stdout } = await migrate(['lint', '--json', ...words], { cwd })
      const found: { readonly findings: readonly { readonly fingerprint: string; readonly message: string }[] } =
        JSON.parse(stdout)
      expect(found.findings.map(({ fingerprint, message }) => [fingerprint, message])).toEqual(
        findings.map(({ fingerprint, message }) => [fingerprint, message]),
      )
    }
  })

  test('ends when it is told to, and after an error', async () => {
    const cwd = await inFolder()
    const run = startMigrate(['lint', '--no-cache'], { cwd })
    run.signal('SIGINT')
    expect((await run.ended).code).toBeNull()
    expect((await migrate(['lint', '--no-cache', '--rule', 'nonsense=error'], { cwd })).stderr).toContain(
      'rule-unknown',
    )
  })
})
