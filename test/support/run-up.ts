/**
 * Runs `up` or `down` in a process of its own, for tests that kill it: node --import tsx run-up.ts CHILD, as JSON.
 * Prints each event as a line of JSON, and ends with the exit code of the command line.
 */
import { ToolkitError } from '../../src/core/errors.ts'
import { connect } from '../../src/db/connect.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import type { Connection } from '../../src/model/database.ts'
import { down } from '../../src/run/down.ts'
import { up } from '../../src/run/up.ts'
import type { Child } from './child-run.ts'
import { downInput, history, upInput } from './run.ts'

const child: Child = JSON.parse(process.argv[2] ?? '')
const { url, files, options = {}, command = 'up', reverts = false, dieAtAnswer } = child
const session = await connect(url)
const connection = dieAtAnswer === undefined ? session : dying(session, dieAtAnswer)
const write = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
try {
  const migrations = await history(files)
  if (command === 'up') {
    const after = { parse: (sql: string) => postgres.parse(sql), mayRevert: () => Promise.resolve() }
    const input = { ...upInput(connection, migrations, options), onEvent: write }
    const report = await up(reverts ? { ...input, after } : input)
    write({ kind: 'report', applied: report.applied.map(({ id }) => id) })
  } else {
    const report = await down({ ...downInput(connection, migrations, options), onEvent: write })
    write({ kind: 'report', reverted: report.reverted.map(({ id }) => id) })
  }
} catch (error) {
  write({ kind: 'error', code: error instanceof ToolkitError ? error.code : String(error) })
  process.exitCode = error instanceof ToolkitError ? error.exitCode : 70
} finally {
  await session.close()
}

/** The session of a process that dies, as by kill -9, when that answer has come and before anything follows from it. */
function dying(session: Connection, { to, time = 1 }: NonNullable<Child['dieAtAnswer']>): Connection {
  let times = 0
  const look = <T>(sql: string, answer: T): T => {
    if (sql.startsWith(to)) times += 1
    if (times === time) process.kill(process.pid, 'SIGKILL')
    return answer
  }
  const wrapped: Connection = {
    kind: session.kind,
    versionNumber: session.versionNumber,
    query: async (sql, parameters) => look(sql, await session.query(sql, parameters)),
    run: async (sql) => look(sql, await session.run(sql)),
    // One by one, so that nothing follows the answer.
    async series(steps) {
      for (const { turn, ...step } of steps) {
        turn?.()
        look(step.sql, await session.series([step]))
      }
    },
    readySeries: (steps) => () => wrapped.series(steps),
    describe: (sql) => session.describe(sql),
    texts: (sql) => session.texts(sql),
    onNotice: (listen) => session.onNotice(listen),
    cancel: () => session.cancel(),
    close: () => session.close(),
  }
  return wrapped
}
