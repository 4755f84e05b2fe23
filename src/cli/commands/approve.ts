import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, toolkitFor, withTargetUrls } from '../command.ts'

interface ApproveFlags extends CommonFlags {
  readonly by?: string
}

/** `migrate approve <subject>`. */
export function approveCommand(context: CommandContext): Command {
  return withTargetUrls(newCommand('approve', 'record an approval of a change or a migration'))
    .description(
      'Records who approved what, with a digest of its SQL: an approval is worth nothing for files edited after it. ' +
        'The gate "approval" asks for it.',
    )
    .argument('<subject>', 'the name of a change, or the id of a migration')
    .option('--by <name>', 'who approves (default: the user name of this session)')
    .addHelpText('after', '\nExample:\n  migrate approve books-isbn13 --by "A. Reviewer"\n')
    .action(async (subject: string, flags: ApproveFlags) => {
      const toolkit = await toolkitFor(flags, context)
      give(await toolkit.approve({ subject, by: flags.by }), flags, context)
    })
}
