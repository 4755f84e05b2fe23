import { CommanderError } from 'commander'
import { exitCodes, ToolkitError } from '../core/errors.ts'
import { buildProgram } from './program.ts'
import { asToolkitError, errorJson, errorText } from './show-error.ts'
import { processTerminal } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** Runs the command line and returns the exit code. The one place where errors are caught. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const run = { exitCode: 0 }
  try {
    await buildProgram(terminal, run).parseAsync(args, { from: 'user' })
    return run.exitCode
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.ok
    const error = thrown instanceof CommanderError ? usageError(thrown) : asToolkitError(thrown)
    const json = args.includes('--json') || args.includes('--format=json')
    if (json) terminal.out(`${JSON.stringify(errorJson(error), null, 2)}\n`)
    else terminal.err(errorText(error, terminal.style('stderr', args.includes('--no-color') ? false : undefined)))
    return error.exitCode
  }
}

function usageError(error: CommanderError): ToolkitError {
  const [message, ...rest] = error.message.replace(/^error: /, '').split('\n')
  return new ToolkitError({
    code: 'command-invalid',
    message: `${(message ?? '').replace(/^./, (letter) => letter.toUpperCase())}.`,
    hint: rest.join(' ').replace(/^\(|\)$/g, '') || 'See: migrate --help',
  })
}

// A reader that has seen enough (`migrate lint | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok)
  throw error
})

process.exitCode = await main(process.argv.slice(2), processTerminal())
