import { createHash } from 'node:crypto'
import { silentLog } from '../src/core/log.ts'
import { systemClock } from '../src/core/time.ts'
import { postgres as dialect } from '../src/dialects/postgres/postgres.ts'
import { native } from '../src/layouts/native.ts'
import { parseMigration } from '../src/lint/parse.ts'
import type { Connection } from '../src/model/database.ts'
import type { ParsedMigration } from '../src/model/migration.ts'
import { local } from '../src/shadows/local.ts'
import type { ShadowServer } from '../src/shadows/shadow.ts'
import { verify } from '../src/verify/verify.ts'

// What `verify` spends its time on, over a history of tables, columns and indexes: `tsx bench/verify-cost.ts [migrations]`.

const count = Number(process.argv[2] ?? 300)
const shownKinds = 14

function texts(at: number): readonly [up: string, down: string] {
  const table = `t${Math.floor(at / 3)}`
  if (at % 3 === 1) return [`alter table ${table} add note text`, `alter table ${table} drop note`]
  if (at % 3 === 2) return [`create index ${table}_name on ${table} (name)`, `drop index ${table}_name`]
  const parent = at === 0 ? '' : `, parent int references t${Math.floor((at - 1) / 6)}`
  const columns = `id int primary key, name text not null, price numeric(10, 2), at timestamptz default now()${parent}`
  return [`create table ${table} (${columns})`, `drop table ${table}`]
}

async function history(): Promise<readonly ParsedMigration[]> {
  await dialect.load()
  const files = Array.from({ length: count }, (_, at) => {
    const [up, down] = texts(at)
    const text = `-- migrate:up\n${up};\n\n-- migrate:down\n${down};\n`
    return { path: `${20260101000001 + at}_m.sql`, text, sha256: createHash('sha256').update(text).digest('hex') }
  })
  return native.read(files, { knownRules: [], knownGates: [] }).migrations.map((one) => parseMigration(one, dialect))
}

/** Milliseconds and calls by the beginning of a statement. Calls that are sent together each count the whole wait. */
const spent = new Map<string, { ms: number; calls: number }>()

async function timed<T>(sql: string, run: () => Promise<T>): Promise<T> {
  const begun = performance.now()
  try {
    return await run()
  } finally {
    const kind = sql
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/\bt?\d+\b/g, '#')
      .trim()
      .slice(0, 70)
    const seen = spent.get(kind) ?? { ms: 0, calls: 0 }
    spent.set(kind, { ms: seen.ms + performance.now() - begun, calls: seen.calls + 1 })
  }
}

function watched(connection: Connection): Connection {
  return {
    kind: connection.kind,
    versionNumber: connection.versionNumber,
    query: (sql, parameters) => timed(sql, () => connection.query(sql, parameters)),
    describe: (...given) => connection.describe(...given),
    texts: (...given) => connection.texts(...given),
    run: (sql) => timed(sql, () => connection.run(sql)),
    series: (steps) => timed('a series', () => connection.series(steps)),
    readySeries: (steps) => () => timed('a series', () => connection.series(steps)),
    onNotice: (listen) => connection.onNotice(listen),
    cancel: () => connection.cancel(),
    close: () => connection.close(),
  }
}

const server = await local.start({ cacheDirectory: '.cache', log: silentLog })
const watchedServer: ShadowServer = {
  ...server,
  createDatabase: async () => {
    const database = await server.createDatabase()
    return { ...database, connect: async () => watched(await database.connect()) }
  },
}
try {
  const all = await history()
  const begun = performance.now()
  const cpuBefore = process.cpuUsage()
  const { results } = await verify({
    history: all,
    ids: all.map(({ id }) => id),
    server: watchedServer,
    dialect,
    tool: 'bench',
    clock: systemClock,
  })
  const totalMs = performance.now() - begun
  const { user, system } = process.cpuUsage(cpuBefore)
  const levels = new Map<string, number>()
  for (const { proof } of results) levels.set(String(proof.level), (levels.get(String(proof.level)) ?? 0) + 1)
  const lines = [...spent].toSorted(([, a], [, b]) => b.ms - a.ms).slice(0, shownKinds)
  process.stdout.write(
    [
      `${count} migrations: ${Math.round(totalMs)} ms, ${(totalMs / count).toFixed(1)} ms each; this process ${Math.round((user + system) / 1000)} ms of CPU`,
      `levels: ${[...levels].map(([level, number]) => `${level} ${number}`).join(', ')}`,
      ...lines.map(
        ([kind, { ms, calls }]) => `${String(Math.round(ms)).padStart(7)} ms ${String(calls).padStart(6)} × ${kind}`,
      ),
    ].join('\n') + '\n',
  )
} finally {
  await server.stop()
}
