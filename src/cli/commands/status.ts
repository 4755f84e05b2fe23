import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, toolkitFor, withTarget } from '../command.ts'

interface StatusFlags extends CommonFlags {
  readonly atLeast?: string
  readonly exitCode?: boolean
}

/** `migrate status`. */
export function statusCommand(context: CommandContext): Command {
  return withTarget(newCommand('status', 'applied, pending, held back and why'))
    .description(
      'Says what is applied, what is pending, and what is held back and why. Writes nothing to the database.',
    )
    .option('--at-least <id>', 'exit code 3 unless this migration is applied')
    .option('--exit-code', 'exit code 3 when anything is pending')
    .addHelpText(
      'after',
      '\nExamples:\n  migrate status\n  migrate status --at-least 20261101093000 && start-the-server\n',
    )
    .action(async (flags: StatusFlags) => {
      const toolkit = await toolkitFor(flags, context)
      const answer = await toolkit.status({ atLeast: flags.atLeast, exitCode: flags.exitCode === true })
      give(answer, flags, context)
    })
}
