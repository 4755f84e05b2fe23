import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, toolkitFor, wholeNumber, withTargetUrls } from '../command.ts'
import { confirm } from '../confirm.ts'
import { runProgress } from '../progress.ts'
import { untilSignal } from '../signals.ts'

interface DownFlags extends CommonFlags {
  readonly to?: string
  readonly yes?: boolean
  readonly unproven?: boolean
  readonly dryRun?: boolean
  readonly endOrphan?: boolean
  readonly lease?: string
}

/** `migrate down [N]`. */
export function downCommand(context: CommandContext): Command {
  return withTargetUrls(newCommand('down', 'revert the last migration, or several'))
    .description(
      'Reverts applied migrations, the last one first, one by default. Takes the downgrade from the file, or from the ' +
        'journal when the file is gone. Only what has a valid proof, to the level that "verify.level" asks for (D3 when absent), is reverted, unless --unproven says so.',
    )
    .argument('[n]', 'how many (default: 1)', wholeNumber('The number of migrations', 1, 'migrate down 3'))
    .option('--to <id>', 'down to this migration, which stays applied')
    .option('--unproven', 'also revert what no valid proof allows')
    .option(
      '--yes',
      'do not ask before data is lost: what a file declares, the rows of tables and the values of columns that go',
    )
    .option('--lease <duration>', 'behind a transaction pooler: hold a lease of this length instead of the lock')
    .option('--end-orphan', 'end the session of a run whose process is gone, instead of waiting for it')
    .option('--dry-run', 'say what would be done; change nothing')
    .addHelpText('after', '\nExamples:\n  migrate down\n  migrate down 2 --yes\n  migrate down --to 20261101093000\n')
    .action(async (steps: number | undefined, flags: DownFlags) => {
      const toolkit = await toolkitFor(flags, context)
      const progress = await runProgress(flags, context)
      const answer = await untilSignal((signal) =>
        toolkit.down({
          steps,
          to: flags.to,
          unproven: flags.unproven === true,
          dryRun: flags.dryRun === true,
          endOrphan: flags.endOrphan,
          lease: flags.lease,
          confirm: (question) => confirm(question, flags, context),
          signal,
          onEvent: progress.event,
        }),
      ).finally(progress.end)
      give(answer, flags, context)
    })
}
