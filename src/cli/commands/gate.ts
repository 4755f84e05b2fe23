import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, toolkitFor, withTarget } from '../command.ts'

/** `migrate gate <migration>`. */
export function gateCommand(context: CommandContext): Command {
  return withTarget(newCommand('gate', 'ask the gates of a migration, or one gate by name'))
    .description(
      'Asks and answers open, closed or unknown; only open lets a step through. With options written as name:value a ' +
        'gate is asked by itself, for use in other pipelines. Exit code 5 unless every answer is open.',
    )
    .argument('<name>', 'a gate, or the id of a migration')
    .argument('[options...]', 'options of the gate, such as max-lag:5s')
    .addHelpText('after', '\nExamples:\n  migrate gate long-transactions max-age:1m\n  migrate gate 20261105090000\n')
    .action(async (name: string, options: string[], flags: CommonFlags) => {
      const toolkit = await toolkitFor(flags, context)
      give(await toolkit.gate({ name, options }), flags, context)
    })
}
