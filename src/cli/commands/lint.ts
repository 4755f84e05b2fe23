import { Option } from 'commander'
import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, oneOf, toolkitFor, wholeNumber } from '../command.ts'

interface LintFlags extends CommonFlags {
  readonly target?: number
  readonly inTransaction?: boolean
  readonly failOn: string
}

/** `migrate lint [paths…]`. */
export function lintCommand(context: CommandContext): Command {
  return newCommand('lint', 'what would lock, rewrite, lose data or break, and what to write instead')
    .description(
      'Reads migrations and says what would lock, rewrite, lose data or break the running version, and what to write ' +
        'instead. Offline: no database is needed. Files named one by one are one history in the order given; a ' +
        'directory is one in the order of its ids; "-" reads standard input.',
    )
    .argument('[paths...]', 'files or one directory (default: the directory of the migrations)')
    .addOption(
      new Option('--target <major>', 'major version of the server, 14 to 18 (default: 18)').argParser(
        wholeNumber('--target', 1, '--target 15'),
      ),
    )
    .option('--in-transaction', 'the runner of these files wraps each in a transaction')
    .option('--no-in-transaction', 'the runner of these files runs each statement by itself')
    .addOption(
      new Option('--fail-on <severity>', 'the mildest finding that makes the exit code 1')
        .argParser(oneOf('--fail-on', ['error', 'warning', 'info']))
        .default('warning'),
    )
    .addHelpText('after', lintHelp)
    .action(async (paths: string[], flags: LintFlags) => {
      const toolkit = await toolkitFor(flags, context)
      const stdin = paths.includes('-') ? await context.terminal.readStdin() : undefined
      const answer = await toolkit.lint({
        paths,
        stdin,
        target: flags.target,
        inTransaction: flags.inTransaction,
        failOn: flags.failOn,
      })
      give(answer, flags, context)
    })
}

const lintHelp = `
Examples:
  migrate lint                          the whole directory of migrations
  migrate lint migrations/2026*.sql     these files, as one history
  echo "drop table books" | migrate lint --layout plain -
  migrate lint --json | jq '.findings[].rule'

A finding is allowed, with a reason, by a line above the statement:
  -- migrate:allow drop-table because the table was only ever used in staging
`
