import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, toolkitFor } from '../command.ts'

/** `migrate explain <name>`. */
export function explainCommand(context: CommandContext): Command {
  return newCommand('explain', 'the page of a rule, recipe, gate, error code or exit code')
    .description(
      'Prints what a rule, recipe, gate or error code is about, with examples; for the number of an exit code what to do then.',
    )
    .argument('<name>', 'an id such as set-not-null-without-check')
    .addHelpText(
      'after',
      '\nExamples:\n  migrate explain rename-column\n  migrate explain history-edited\n  migrate explain 8\n',
    )
    .action(async (name: string, flags: CommonFlags) => {
      const toolkit = await toolkitFor(flags, context)
      give(await toolkit.explain({ name }), flags, context)
    })
}
