import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, toolkitFor, withTargetUrls } from '../command.ts'
import { runProgress } from '../progress.ts'
import { untilSignal } from '../signals.ts'

interface ImportFlags extends CommonFlags {
  readonly from?: string
  readonly schema?: string
  readonly files?: string
  readonly write?: boolean
  readonly dryRun?: boolean
}

/** `migrate import`. */
export function importCommand(context: CommandContext): Command {
  return withTargetUrls(newCommand('import', 'begin the journal with what that of another tool says'))
    .description(
      'Reads the journal of another tool from the database and its files from the disk, checks its hashes, and writes ' +
        'down as applied what it has applied; nothing runs, and its tables are left as they are. Files that our runner ' +
        'does not run as they lie are converted with --write. Refused where something failed, is half done or was ' +
        'edited, and where our journal has rows. The tools: docs/journals.',
    )
    .option('--from <tool>', 'whose journal (default: the only one there is)')
    .option('--schema <name>', 'the schema of its journal, where there are several')
    .option('--files <directory>', 'where its migrations lie (default: where the tool looks)')
    .option('--write', 'write its migrations as files of ours into --dir; nothing is overwritten')
    .option('--dry-run', 'say what would be written; change nothing')
    .addHelpText('after', importHelp)
    .action(async (flags: ImportFlags) => {
      const toolkit = await toolkitFor(flags, context)
      const progress = await runProgress(flags, context)
      const { from, schema, files, write, dryRun } = flags
      const answer = await untilSignal((signal) =>
        toolkit.import({
          from,
          schema,
          files,
          write: write === true,
          dryRun: dryRun === true,
          signal,
          onEvent: progress.event,
        }),
      ).finally(progress.end)
      give(answer, flags, context)
    })
}

const importHelp = `
Examples:
  migrate import --dry-run                       which journal is there, and what it says
  migrate import --from dbmate                   its files are run as they are
  migrate import --from flyway --write           once: writes our files, to be committed
  migrate import --from flyway                   for every other database
`
