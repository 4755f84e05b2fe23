import { Option } from 'commander'
import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, oneOf, repeatable, toolkitFor, wholeNumber, withTarget } from '../command.ts'

interface DriftFlags extends CommonFlags {
  readonly ignore?: readonly string[]
  readonly roles?: 'none' | 'shared' | 'all'
  readonly shadow?: string
  readonly shadowUrl?: string
  readonly target?: number
  readonly allowSideEffects?: boolean
}

/** `migrate drift`. */
export function driftCommand(context: CommandContext): Command {
  return withTarget(newCommand('drift', 'how a database differs from what its migrations make'))
    .description(
      'Replays on a scratch server what the journal says is applied, and compares it with the database, object by ' +
        'object. The database is read in a session that cannot write; the role needs no rights on the tables. Ends with ' +
        '3 where something differs. Owners and privileges are compared for roles that both servers have.',
    )
    .addOption(
      new Option('--ignore <pattern>', 'objects that may differ, such as "public.audit_*" (repeatable)').argParser(
        repeatable,
      ),
    )
    .addOption(
      new Option('--roles <which>', 'owners and privileges of: none, shared or all roles (default: shared)').argParser(
        oneOf('--roles', ['none', 'shared', 'all']),
      ),
    )
    .option('--shadow <id>', 'where the scratch server comes from (default: the first there is)')
    .option('--shadow-url <url>', 'a server on which scratch databases may be created')
    .addOption(
      new Option('--target <major>', 'major version of the scratch server (default: that of the database)').argParser(
        wholeNumber('--target', 1, '--target 15'),
      ),
    )
    .option('--allow-side-effects', 'replay what acts outside the scratch database, on a server that is thrown away')
    .addHelpText('after', driftHelp)
    .action(async (flags: DriftFlags) => {
      const toolkit = await toolkitFor(flags, context)
      const { ignore = [], roles, shadow, shadowUrl, target, allowSideEffects } = flags
      give(await toolkit.drift({ ignore, roles, shadow, shadowUrl, target, allowSideEffects }), flags, context)
    })
}

const driftHelp = `
Examples:
  migrate drift --url postgres://reader@production/shop
  migrate drift --ignore 'public.pg_stat_*' --ignore 'index public.tmp_*'
  migrate drift --roles none --json            nothing about owners and privileges
`
