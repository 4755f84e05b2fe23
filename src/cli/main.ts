import { CommanderError } from 'commander'
import type { Command } from 'commander'
import { exitCodes } from '../core/error-codes.ts'
import { ToolkitError } from '../core/errors.ts'
import { suggestion } from '../core/text.ts'
import { buildProgram } from './program.ts'
import { asToolkitError, errorJson, errorText } from './show-error.ts'
import { processTerminal } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** Runs the command line and returns the exit code. The one place where errors are caught. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const run = { exitCode: 0 }
  const program = buildProgram(terminal, run, args[0])
  if (args.length === 0) {
    program.outputHelp()
    return exitCodes.usage
  }
  try {
    await program.parseAsync(args, { from: 'user' })
    return run.exitCode
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.ok
    const error = thrown instanceof CommanderError ? usageError(thrown, args, program) : asToolkitError(thrown)
    if (wantsJson(args)) terminal.out(`${JSON.stringify(errorJson(error), null, 2)}\n`)
    else terminal.err(errorText(error, terminal.style('stderr', args.includes('--no-color') ? false : undefined)))
    return error.exitCode
  }
}

/** Read from the words themselves, because what commander would have made of them is what failed. */
function wantsJson(args: readonly string[]): boolean {
  return args.some(
    (word, index) =>
      (word === '--json' && !toFile(args[index + 1])) ||
      (word === '--format=json' && !toFile(args[index + 1])) ||
      (word === '--format' && args[index + 1] === 'json' && !toFile(args[index + 2])),
  )
}

/** An error is never written to the file that a report would have gone to. */
function toFile(next: string | undefined): boolean {
  return next?.startsWith('--output') === true
}

function usageError(error: CommanderError, args: readonly string[], program: Command): ToolkitError {
  // `migrate help xx`: commander would show the help of everything instead.
  if (error.code === 'commander.help') return lacksCommand(args, program) ?? unknownCommand(args[1] ?? '', program)
  const [message, ...rest] = error.message.replace(/^error: /, '').split('\n')
  return new ToolkitError({
    code: 'command-invalid',
    message: `${(message ?? '').replace(/^./, (letter) => letter.toUpperCase()).replace(/\.$/, '')}.`,
    hint: rest.join(' ').replace(/^\(|\)$/g, '') || `See: migrate ${commandOf(args, program)}--help`,
  })
}

/** `lint `, `queries capture `: the command that was named, or nothing. */
function commandOf(args: readonly string[], program: Command): string {
  const [word = '', ...rest] = args
  const found = program.commands.find((command) => command.name() === word)
  return found === undefined ? '' : `${word} ${commandOf(rest, found)}`
}

/** `migrate queries`, which only holds commands. */
function lacksCommand(args: readonly string[], program: Command): ToolkitError | undefined {
  const inner = program.commands.find((command) => command.name() === args[0])?.commands ?? []
  if (inner.length === 0) return undefined
  return new ToolkitError({
    code: 'command-invalid',
    message: `"migrate ${args[0]}" needs to be told what to do.`,
    hint: `For example: ${inner.map((command) => `migrate ${args[0]} ${command.name()}`).join(', ')}. More with --help.`,
  })
}

function unknownCommand(name: string, program: Command): ToolkitError {
  const known = program.commands.map((command) => command.name())
  return new ToolkitError({
    code: 'command-invalid',
    message: `There is no command "${name}".`,
    hint: suggestion(name, known),
  })
}

/** Runs the command line of this process. */
export async function start(): Promise<void> {
  // A reader that has seen enough (`migrate lint | head`) is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok)
    throw error
  })
  process.exitCode = await main(process.argv.slice(2), processTerminal())
}
