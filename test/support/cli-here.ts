import { exitCodes } from '../../src/core/error-codes.ts'
import type { Run } from '../../src/cli/command.ts'
import { buildProgram } from '../../src/cli/program.ts'
import { asToolkitError, errorText } from '../../src/cli/show-error.ts'
import type { Terminal } from '../../src/cli/terminal.ts'
import type { CliOptions, CliResult } from './cli.ts'

/**
 * The command line in this process: a tenth of the time of `migrate`, for tests of many commands that are not about the
 * process itself. Only what is given is in its environment.
 */
export async function migrateHere(args: readonly string[], { cwd, env = {} }: CliOptions): Promise<CliResult> {
  const output = { stdout: '', stderr: '' }
  const terminal: Terminal = {
    env,
    cwd,
    interactive: false,
    draws: false,
    style: () => ({ color: false, width: 80 }),
    out: (text) => void (output.stdout += text),
    err: (text) => void (output.stderr += text),
    readStdin: () => Promise.resolve(new Uint8Array()),
  }
  const run: Run = { exitCode: exitCodes.ok }
  try {
    await buildProgram(terminal, run).parseAsync(args, { from: 'user' })
    return { code: run.exitCode, ...output }
  } catch (thrown) {
    const error = asToolkitError(thrown)
    output.stderr += errorText(error, terminal.style('stderr'))
    return { code: error.exitCode, ...output }
  }
}
