import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, toolkitFor, withTargetUrls } from '../command.ts'

interface ApproveFlags extends CommonFlags {
  readonly by?: string
}

/** `migrate approve <subject>`. */
export function approveCommand(context: CommandContext): Command {
  return withTargetUrls(newCommand('approve', 'record an approval of a change, a migration or a run plan'))
    .description(
      'Records who approved what, with a digest of its SQL: an approval is worth nothing for files edited after it. ' +
        'The gate "approval" asks for it. Who approves a run plan approves every migration in it, for runs with that plan.',
    )
    .argument('<subject>', 'the name of a change, the id of a migration, or a plan: a file that ends with .json')
    .option('--by <name>', 'who approves (default: the user name of this session)')
    .addHelpText(
      'after',
      '\nExamples:\n  migrate approve books-isbn13 --by "A. Reviewer"\n  migrate approve plan.json\n',
    )
    .action(async (subject: string, flags: ApproveFlags) => {
      const toolkit = await toolkitFor(flags, context)
      give(await toolkit.approve({ subject, by: flags.by }), flags, context)
    })
}
