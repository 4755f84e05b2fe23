import { Option } from 'commander'
import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, toolkitFor, wholeNumber } from '../command.ts'

interface PlanFlags extends CommonFlags {
  readonly execute?: string
  readonly change?: string
  readonly fill?: string
  readonly target?: number
  readonly write?: boolean
  readonly url?: string
  readonly snapshot?: string
}

/** `migrate plan [paths…|-e SQL]`. */
export function planCommand(context: CommandContext): Command {
  return newCommand('plan', 'the expand/contract plan of a change, to review or to write as files', ['markdown'])
    .description(
      'Turns a change that would block or break into a plan of small steps: expand, backfill, contract; each with its ' +
        'SQL, lock, downgrade and gate. The tables are known from the migrations in the directory; with --url or ' +
        '--snapshot also from a live database, with how large they are there and about how long each step takes.',
    )
    .argument('[paths...]', 'files that hold the change, as one would have written it')
    .option('-e, --execute <sql>', 'the change, as SQL')
    .option('--change <name>', 'name of the evolution (default: from table and column)')
    .option('--fill <expression>', 'what NULLs are replaced with, as SQL')
    .addOption(
      new Option(
        '--target <major>',
        'major version of the server, 14 to 18 (default: that of --url or --snapshot, else 18)',
      ).argParser(wholeNumber('--target', 1, '--target 15')),
    )
    .option(
      '--url <url>',
      'plan on what the database holds, read in a session that cannot write; DATABASE_URL is never asked for this',
    )
    .option('--snapshot <file>', 'the same with a file that "migrate snapshot" wrote')
    .option('--write', 'write each step as a migration file into the directory')
    .addHelpText('after', planHelp)
    .action(async (paths: string[], flags: PlanFlags) => {
      const toolkit = await toolkitFor(flags, context)
      const answer = await toolkit.plan({
        paths,
        sql: flags.execute,
        change: flags.change,
        fill: flags.fill,
        target: flags.target,
        url: flags.url,
        snapshot: flags.snapshot,
        write: flags.write === true,
        markdown: flags.format === 'markdown',
      })
      give(answer, flags, context)
    })
}

const planHelp = `
Examples:
  migrate plan -e "alter table books alter column title set not null"
  migrate plan -e "alter table books rename column isbn to isbn13" --write
  migrate plan change.sql --url postgres://reader@replica/shop
  migrate plan change.sql --format markdown > plan.md
`
