import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../../command.ts'
import { give, newCommand, toolkitFor, withUrl } from '../../command.ts'
import { progressLine } from '../../progress.ts'

interface CaptureFlags extends CommonFlags {
  readonly release?: string
  readonly fromDatabase?: boolean
  readonly fromFiles?: readonly string[]
  readonly fromLog?: readonly string[]
  readonly fromJsonl?: readonly string[]
  readonly at?: string
  readonly role?: readonly string[]
  readonly searchPath?: string
  readonly database?: string
  readonly logLinePrefix?: string
  readonly values?: boolean
  readonly output?: string
  readonly overwrite?: boolean
}

/** `migrate queries capture`. */
export function captureCommand(context: CommandContext): Command {
  return withUrl(newCommand('capture', 'write down what a release of the application sends'))
    .description(
      'Collects the statements of one release, from the hooks of drivers, files of SQL, logs of a server or ' +
        'pg_stat_statements, and writes them to migrations/queries/<release>.jsonl, each once. No values leave the ' +
        'database: constants of logged statements become parameters, unless --values is given.',
    )
    .option('--release <name>', 'the release, as it is deployed (default: that of the files of hooks)')
    .option('--from-jsonl <files...>', 'files that the hooks of "lockstep/capture" wrote, or captured releases; joined')
    .option('--from-files <files...>', 'files, directories or globs of SQL')
    .option('--from-log <files...>', 'logs of a server: stderr, csvlog or jsonlog, with statements or plans in JSON')
    .option('--from-database', 'what pg_stat_statements holds of the database')
    .option('--at <id>', 'the newest migration that was applied (default: what the journal says)')
    .option('--role <names...>', 'the role as which the application connects; others are left out')
    .option('--search-path <schemas>', 'the search_path of that role (default: what the database says)')
    .option('--database <name>', 'only this database of a log')
    .option('--log-line-prefix <setting>', 'the setting of the server, for who sent what in a log on stderr')
    .option('--values', 'keep constants of logged statements and values of parameters: they may be personal data')
    .option('--output <file>', 'write another file')
    .option('--overwrite', 'write the file anew where it is there already')
    .addHelpText('after', captureHelp)
    .action(async (flags: CaptureFlags) => {
      // Its --role is not ours to take.
      const toolkit = await toolkitFor({ ...flags, role: undefined }, context)
      const line = progressLine(flags, context)
      const answer = await toolkit
        .capture({
          release: flags.release,
          fromDatabase: flags.fromDatabase === true,
          fromFiles: flags.fromFiles ?? [],
          fromLog: flags.fromLog ?? [],
          fromJsonl: flags.fromJsonl ?? [],
          at: flags.at,
          roles: flags.role ?? [],
          searchPath: flags.searchPath,
          database: flags.database,
          logLinePrefix: flags.logLinePrefix,
          values: flags.values === true,
          output: flags.output,
          overwrite: flags.overwrite === true,
          onProgress: line.show,
        })
        .finally(line.clear)
      give(answer, flags, context)
    })
}

const captureHelp = `
Examples:
  migrate queries capture --from-jsonl 'captured/*.jsonl'
  migrate queries capture --release 2026.11.1 --from-files 'src/queries/**/*.sql'
  migrate queries capture --release 2026.11.1 --from-log postgresql.csv --database shop --role shop_app
  migrate queries capture --release 2026.11.1 --from-database --role shop_app --url postgres://reader@db/shop
`
