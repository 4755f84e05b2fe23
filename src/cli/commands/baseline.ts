import { Option } from 'commander'
import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, repeatable, toolkitFor, wholeNumber, withTargetUrls } from '../command.ts'
import { runProgress } from '../progress.ts'
import { untilSignal } from '../signals.ts'

interface BaselineFlags extends CommonFlags {
  readonly to?: string
  readonly check?: boolean
  readonly ignore?: readonly string[]
  readonly shadow?: string
  readonly shadowUrl?: string
  readonly target?: number
  readonly allowSideEffects?: boolean
  readonly dryRun?: boolean
}

/** `migrate baseline`. */
export function baselineCommand(context: CommandContext): Command {
  return withTargetUrls(newCommand('baseline', 'begin the journal of a database that has the schema already'))
    .description(
      'Writes migrations down as applied without running them, with who did it and when. Before that they run on a ' +
        'scratch server, and the database must have all that they make; what it has besides is only named. Refused where ' +
        'the journal has rows already.',
    )
    .option('--to <id>', 'the last migration that the database has (default: all)')
    .option('--no-check', 'do not compare: take your word for it')
    .addOption(
      new Option('--ignore <pattern>', 'objects that may differ, such as "public.audit_*" (repeatable)').argParser(
        repeatable,
      ),
    )
    .option('--shadow <id>', 'where the scratch server comes from (default: the first there is)')
    .option('--shadow-url <url>', 'a server on which scratch databases may be created')
    .addOption(
      new Option('--target <major>', 'major version of the scratch server (default: that of the database)').argParser(
        wholeNumber('--target', 1, '--target 15'),
      ),
    )
    .option('--allow-side-effects', 'run what acts outside the scratch database, on a server that is thrown away')
    .option('--dry-run', 'say what would be written down; change nothing')
    .addHelpText('after', baselineHelp)
    .action(async (flags: BaselineFlags) => {
      const toolkit = await toolkitFor(flags, context)
      const progress = await runProgress(flags, context)
      const { to, check, ignore = [], shadow, shadowUrl, target, allowSideEffects, dryRun } = flags
      const answer = await untilSignal((signal) =>
        toolkit.baseline({
          to,
          check: check !== false,
          ignore,
          shadow,
          shadowUrl,
          target,
          allowSideEffects,
          dryRun: dryRun === true,
          signal,
          onEvent: progress.event,
        }),
      ).finally(progress.end)
      give(answer, flags, context)
    })
}

const baselineHelp = `
Examples:
  migrate baseline --dry-run                     what would be written down, and whether it is true
  migrate baseline --to 20261101093000           later ones are pending
  migrate baseline --ignore 'public.audit_*'     what differs on purpose
`
