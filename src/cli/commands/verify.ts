import { Option } from 'commander'
import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, toolkitFor, wholeNumber } from '../command.ts'
import { progressLine } from '../progress.ts'

interface VerifyFlags extends CommonFlags {
  readonly all?: boolean
  readonly last?: number
  readonly shadow?: string
  readonly shadowUrl?: string
  readonly target?: number
  readonly snapshot?: string
  readonly write?: boolean
}

/** `migrate verify [ids…]`. */
export function verifyCommand(context: CommandContext): Command {
  return newCommand('verify', 'on a scratch server: is each downgrade good, and to which level')
    .description(
      'Applies the history on a scratch database, seeds rows, then runs up, down and up again and compares the schema. ' +
        'Levels: D0 parses and touches only what the up touched · D1 up, down, up run on seeded rows · D2 the schema is ' +
        'the same again. Proofs are written to migrations/proofs/<id>.json; "up --safe" asks for them.',
    )
    .argument('[migrations...]', 'ids, names or files (default: those without a valid proof)')
    .option('--all', 'every migration of the history')
    .addOption(new Option('--last <n>', 'the last n migrations').argParser(wholeNumber('--last', 1)))
    .option('--shadow <id>', 'where the scratch server comes from: local, url or pglite (default: the first there is)')
    .option('--shadow-url <url>', 'a server on which scratch databases may be created')
    .addOption(
      new Option('--target <major>', 'major version of the scratch server').argParser(
        wholeNumber('--target', 1, '--target 15'),
      ),
    )
    .option(
      '--snapshot <file>',
      'sizes of the live database, from "migrate snapshot": adds estimates of how long locks last',
    )
    .option('--no-write', 'write no proofs')
    .addHelpText('after', verifyHelp)
    .action(async (migrations: string[], flags: VerifyFlags) => {
      const toolkit = await toolkitFor(flags, context)
      const line = progressLine(flags, context)
      const answer = await toolkit
        .verify({
          migrations,
          all: flags.all === true,
          last: flags.last,
          shadow: flags.shadow,
          shadowUrl: flags.shadowUrl,
          target: flags.target,
          snapshot: flags.snapshot,
          write: flags.write !== false,
          onProgress: line.show,
        })
        .finally(line.clear)
      give(answer, flags, context)
    })
}

const verifyHelp = `
Examples:
  migrate verify                       what has no valid proof yet
  migrate verify --all                 the whole history
  migrate verify 20261101093000 --shadow-url postgres://ci@localhost/postgres
`
