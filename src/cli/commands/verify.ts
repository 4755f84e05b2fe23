import { Option } from 'commander'
import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { newCommand, toolkitFor, wholeNumber } from '../command.ts'
import { verifyFormats } from '../../app/report-formats.ts'
import { ToolkitError } from '../../core/errors.ts'
import { progressLine } from '../progress.ts'
import { giveReports, ReportOptions } from '../reports.ts'
import { untilSignal } from '../signals.ts'

interface VerifyFlags extends CommonFlags {
  readonly all?: boolean
  readonly last?: number
  readonly shadow?: string
  readonly shadowUrl?: string
  readonly target?: number
  readonly snapshot?: string
  readonly write?: boolean
  readonly check?: boolean
  readonly deadline?: string
  readonly allowSideEffects?: boolean
}

/** `migrate verify [ids…]`. */
export function verifyCommand(context: CommandContext): Command {
  const reports = new ReportOptions(verifyFormats)
  const command = newCommand(
    'verify',
    'on a scratch server: is each downgrade good, and to which level',
    reports.options,
  )
  return reports
    .listenTo(command)
    .description(
      'Applies the history on a scratch database, seeds rows, then runs up, down and up again and compares schema and data. ' +
        'Levels: D0 parses and touches only what the up touched · D1 up, down, up run on seeded rows · D2 the schema is ' +
        'the same again · D3 the data is the same again. Proofs are written to migrations/proofs/<id>.json; "up --safe" asks for them.',
    )
    .argument('[migrations...]', 'ids, names or files (default: those without a valid proof)')
    .option('--all', 'every migration of the history')
    .addOption(new Option('--last <n>', 'the last n migrations').argParser(wholeNumber('--last', 1)))
    .option(
      '--shadow <id>',
      'where the scratch server comes from: local, url, testcontainers or pglite (default: the first that has the version and the extensions)',
    )
    .option('--shadow-url <url>', 'a server on which scratch databases may be created')
    .option('--url <url>', 'the target, to say what its difference to the scratch server may hide; it is only read')
    .addOption(
      new Option('--target <major>', 'major version of the scratch server').argParser(
        wholeNumber('--target', 1, '--target 15'),
      ),
    )
    .option(
      '--snapshot <file>',
      'sizes of the live database, from "migrate snapshot": adds estimates of how long locks last',
    )
    .option('--deadline <duration>', 'how long an up or a down may take before it is cancelled (default: 60s)')
    .option(
      '--allow-side-effects',
      'run statements that read files, start programs or reach other servers; not on --shadow-url',
    )
    .option('--no-write', 'write no proofs')
    .option(
      '--check',
      'write nothing; exit code 1 where a proof is missing or stale. Starts no server when all are valid',
    )
    .option('--no-cache', 'read the files anew, whatever earlier runs know of them')
    .addHelpText('after', verifyHelp)
    .action(async (migrations: string[], flags: VerifyFlags) => {
      const requested = reports.requested()
      checkFlags(flags)
      const toolkit = await toolkitFor(flags, context)
      const line = progressLine(flags, context)
      const answer = await untilSignal((signal) =>
        toolkit.verify({
          migrations,
          all: flags.all === true,
          last: flags.last,
          shadow: flags.shadow,
          shadowUrl: flags.shadowUrl,
          target: flags.target,
          snapshot: flags.snapshot,
          write: flags.write !== false,
          check: flags.check,
          deadline: flags.deadline,
          allowSideEffects: flags.allowSideEffects,
          onProgress: line.show,
          signal,
        }),
      ).finally(line.clear)
      await giveReports(answer, requested, flags, context)
    })
}

function checkFlags({ all, last }: VerifyFlags): void {
  if (all !== true || last === undefined) return
  throw new ToolkitError({
    code: 'command-invalid',
    message: '--all and --last exclude each other.',
    hint: 'Leave one of them out.',
  })
}

const verifyHelp = `
Examples:
  migrate verify                       what has no valid proof yet
  migrate verify --all                 the whole history
  migrate verify --check               in CI: is every proof there, and about the files as they are?
  migrate verify --check --format junit --output verify.xml --format markdown
  migrate verify 20261101093000 --shadow-url postgres://ci@localhost/postgres
  migrate verify --shadow testcontainers --target 16

What is broken at whatever level, or not proven to the level that "verify.level" of the configuration asks for,
makes the exit code 1, now and in every later run.
`
