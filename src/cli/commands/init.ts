import type { Command } from 'commander'
import { ToolkitError } from '../../core/errors.ts'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, toolkitFor, withDirectUrl, withRole, withUrl } from '../command.ts'

interface InitFlags extends CommonFlags {
  readonly relabel?: string
}

/** `migrate init`. */
export function initCommand(context: CommandContext): Command {
  return withRole(withDirectUrl(withUrl(newCommand('init', 'begin in a project, or give a database its label'))))
    .description(
      'Writes what the project lacks: migrate.config.json, the directory of the migrations, a job for the CI system and ' +
        'a hook before commits, as they suit what is found. Never overwrites. With --label it writes no file, but the ' +
        'name of the environment into the journal of the database: other commands then refuse a database with another ' +
        'label, and what destroys needs its name.',
    )
    .option('--label <name>', 'give the database this label, such as production')
    .option('--relabel <name>', 'with --label: the label that the database has now and is to lose')
    .addHelpText('after', initHelp)
    .action(async (flags: InitFlags) => {
      const { label, relabel } = flags
      if (label === undefined && relabel !== undefined) throw lacksLabel(relabel)
      const toolkit = await toolkitFor(flags, context)
      const answer = label === undefined ? toolkit.init() : toolkit.label({ name: label, replaces: relabel })
      give(await answer, flags, context)
    })
}

function lacksLabel(relabel: string): ToolkitError {
  return new ToolkitError({
    code: 'command-invalid',
    message: '--relabel says which label is replaced, and no new one is given.',
    hint: `For example: migrate init --label staging --relabel ${relabel}`,
  })
}

const initHelp = `
Examples:
  migrate init
  migrate init --label production --url postgres://migrator@db/shop
  migrate init --label staging --relabel production    a copy of production is no production
`
