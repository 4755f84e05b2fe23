/**
 * Runs `up` in a process of its own, for tests that kill it: node --import tsx run-up.ts URL FILES [OPTIONS], the last
 * two as JSON. Prints each event as a line of JSON, and ends with the exit code of the command line.
 */
import { ToolkitError } from '../../src/core/errors.ts'
import { connect } from '../../src/db/connect.ts'
import { up } from '../../src/run/up.ts'
import { history, upInput } from './run.ts'

const [url = '', files = '{}', options = '{}'] = process.argv.slice(2)
const connection = await connect(url)
const write = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
try {
  const input = upInput(connection, await history(JSON.parse(files)), JSON.parse(options))
  const report = await up({ ...input, onEvent: write })
  write({ kind: 'report', applied: report.applied.map(({ id }) => id) })
} catch (error) {
  write({ kind: 'error', code: error instanceof ToolkitError ? error.code : String(error) })
  process.exitCode = error instanceof ToolkitError ? error.exitCode : 70
} finally {
  await connection.close()
}
