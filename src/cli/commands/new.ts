import { Option } from 'commander'
import type { Command } from 'commander'
import { phases } from '../../model/migration.ts'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, oneOf, toolkitFor } from '../command.ts'

interface NewFlags extends CommonFlags {
  readonly phase?: string
  readonly change?: string
}

/** `migrate new <name>`. */
export function newMigrationCommand(context: CommandContext): Command {
  return newCommand('new', 'write a migration file from a template')
    .description(
      'Writes migrations/<UTC time>_<name>.sql with an up and a down section to fill in. Overwrites nothing.',
    )
    .argument('<name>', 'what the migration does, in a few words')
    .addOption(new Option('--phase <phase>', 'expand, backfill or contract').argParser(oneOf('--phase', phases)))
    .option('--change <name>', 'the evolution that this migration is a part of')
    .addHelpText('after', '\nExample:\n  migrate new add-author-to-books --phase expand --change books-author\n')
    .action(async (name: string, flags: NewFlags) => {
      const toolkit = await toolkitFor(flags, context)
      give(await toolkit.create({ name, phase: flags.phase, change: flags.change }), flags, context)
    })
}
