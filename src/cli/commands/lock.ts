import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, toolkitFor } from '../command.ts'

interface LockFlags extends CommonFlags {
  readonly check?: boolean
  readonly force?: boolean
}

/** `migrate lock`. */
export function lockCommand(context: CommandContext): Command {
  return newCommand('lock', 'write down which migrations there are and what is in them')
    .description(
      'Writes migrate.lock beside the migrations, to be committed with them: its first line has the newest id and a hash ' +
        'over all files, so that two branches that add migrations conflict when they are merged, and not when they are ' +
        'applied. Where the file is there, "migrate up" refuses migrations that are not those in it, and "migrate lint" ' +
        'says so. No database is needed.',
    )
    .option('--check', 'write nothing; exit code 1 unless the file says what the migrations say')
    .option('--force', 'write it anew, whatever it holds: after a merge, or with a migration that came late')
    .addHelpText('after', lockHelp)
    .action(async (flags: LockFlags) => {
      const toolkit = await toolkitFor(flags, context)
      give(await toolkit.lock({ check: flags.check === true, force: flags.force === true }), flags, context)
    })
}

const lockHelp = `
Examples:
  migrate lock                  after a migration was added or edited, before the commit
  migrate lock --check          in a pipeline
`
