import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, toolkitFor, withUrl } from '../command.ts'

interface SnapshotFlags extends CommonFlags {
  readonly output?: string
}

/** `migrate snapshot`. */
export function snapshotCommand(context: CommandContext): Command {
  return withUrl(newCommand('snapshot', 'what a database holds and how large it is, as a file for lint'))
    .description(
      'Reads the schema of a database, the sizes of its tables and what is applied, in a read-only session, and writes ' +
        'it as JSON for "migrate lint --snapshot". The role needs no rights on the tables. No rows, no ' +
        'host and no password are in it, and of functions, policies and rules only what they use.',
    )
    .option('--output <file>', 'write the file, whole or not at all (default: stdout)')
    .addHelpText('after', snapshotHelp)
    .action(async (flags: SnapshotFlags) => {
      const toolkit = await toolkitFor(flags, context)
      give(await toolkit.snapshot({ output: flags.output }), flags, context)
    })
}

const snapshotHelp = `
Examples:
  migrate snapshot --url postgres://reader@replica/shop --output snapshot.json
  migrate lint --snapshot snapshot.json          in CI, where the database cannot be reached
`
