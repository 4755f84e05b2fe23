import { Option } from 'commander'
import type { Command } from 'commander'
import { verifyFormats } from '../../../app/report-formats.ts'
import type { CommandContext, CommonFlags } from '../../command.ts'
import { newCommand, toolkitFor, wholeNumber } from '../../command.ts'
import { progressLine } from '../../progress.ts'
import { giveReports, ReportOptions } from '../../reports.ts'
import { untilSignal } from '../../signals.ts'

interface CheckFlags extends CommonFlags {
  readonly all?: boolean
  readonly last?: number
  readonly release?: readonly string[]
  readonly shadow?: string
  readonly shadowUrl?: string
  readonly target?: number
  readonly deadline?: string
  readonly allowSideEffects?: boolean
}

/** `migrate queries check [ids…]`. */
export function checkCommand(context: CommandContext): Command {
  const reports = new ReportOptions(verifyFormats)
  const command = newCommand(
    'check',
    'whether what a release sends works before, during and after each migration',
    reports.options,
  )
  return reports
    .listenTo(command)
    .description(
      'Prepares, plans and executes the captured statements on a scratch server, as the application’s role, before the ' +
        'upgrade, during a backfill, after the upgrade and after the downgrade, and compares columns, rows and what is ' +
        'written. Each migration has to keep the newest release that was captured before it. Writes nothing.',
    )
    .argument('[migrations...]', 'ids, names or files (default: those without a valid proof)')
    .option('--all', 'every migration of the history')
    .addOption(new Option('--last <n>', 'the last n migrations').argParser(wholeNumber('--last', 1)))
    .option('--release <names...>', 'ask the queries of these releases alone, whenever they were captured')
    .option('--shadow <id>', 'where the scratch server comes from: local, url, testcontainers or pglite')
    .option('--shadow-url <url>', 'a server on which scratch databases may be created')
    .addOption(
      new Option('--target <major>', 'major version of the scratch server').argParser(
        wholeNumber('--target', 1, '--target 15'),
      ),
    )
    .option('--deadline <duration>', 'how long an up or a down may take before it is cancelled (default: 60s)')
    .option(
      '--allow-side-effects',
      'run statements of migrations that read files, start programs or reach other servers; not on --shadow-url',
    )
    .addHelpText('after', checkHelp)
    .action(async (migrations: string[], flags: CheckFlags) => {
      const requested = reports.requested()
      const toolkit = await toolkitFor(flags, context)
      const line = progressLine(flags, context)
      const answer = await untilSignal((signal) =>
        toolkit.checkQueries({
          migrations,
          all: flags.all === true,
          last: flags.last,
          releases: flags.release ?? [],
          shadow: flags.shadow,
          shadowUrl: flags.shadowUrl,
          target: flags.target,
          deadline: flags.deadline,
          allowSideEffects: flags.allowSideEffects,
          onProgress: line.show,
          signal,
        }),
      ).finally(line.clear)
      await giveReports(answer, requested, flags, context)
    })
}

const checkHelp = `
Examples:
  migrate queries check                       what has no valid proof yet
  migrate queries check --last 1 --release 2026.11.1
  migrate queries check --all --format junit --output queries.xml

The exit code is 1 when a statement is broken. What did not work before a
migration, or cannot be executed, is "not covered" and listed with the reason.
"migrate verify" checks the same, as level D5.
`
